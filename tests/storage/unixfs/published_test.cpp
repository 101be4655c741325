// What Singularity's first and second generation published or made: CARs of
// small trees with their piece CIDs, layouts of files, sizes before packing,
// DAG-CBOR lists. Kubo agrees with the first; the second packs without folders.
#include "storage/blocks/memory_blocks.hpp"
#include "storage/car/car_header.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/dag_cbor.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/pieces/commp.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "storage/unixfs/directory_builder.hpp"
#include "tests/support/derived_bytes.hpp"

#include <gtest/gtest.h>

namespace weir::unixfs {
namespace {

using test::derived_bytes;

struct published_car {
  std::string root, piece;
  std::uint64_t size = 0, padded = 0;

  friend bool operator==(const published_car&, const published_car&) = default;
};
std::ostream& operator<<(std::ostream& out, const published_car& c) {
  return out << c.root << " " << c.size << " bytes, " << c.piece << " of " << c.padded;
}

struct published : testing::Test {
  imported file(bytes_view data, const profile& how = unixfs_v1_2025()) {
    file_importer importer{blocks, how};
    EXPECT_TRUE(importer.write(data));
    return *importer.finish();
  }
  void add(const std::string& path, std::string_view text) { EXPECT_TRUE(tree.add(path, file(as_bytes(text)))); }

  /// Frames of these blocks under this root, in a piece of `padded` at least.
  published_car car_of(const cid& root, const std::vector<cid>& ids, std::uint64_t padded = 0) {
    commp_stream commp;
    car_writer car{[&](bytes_view data) {
      commp.update(data);
      return status{};
    }};
    EXPECT_TRUE(car.start({root}));
    for (auto& id : ids)
      EXPECT_TRUE(car.append(id, *blocks.get(id)));
    auto made = commp.finish();
    if (padded != 0)
      made = extended_to(made, padded);
    return {root.text(), piece_cid_v1(made.root).text(), car.size(), made.padded_size};
  }
  published_car car_of_tree() {
    auto root = tree.finish()->id;
    commp_stream commp;
    car_writer car{[&](bytes_view data) {
      commp.update(data);
      return status{};
    }};
    EXPECT_TRUE(write_car(root, blocks, car));
    auto made = commp.finish();
    return {root.text(), piece_cid_v1(made.root).text(), car.size(), made.padded_size};
  }

  memory_blocks blocks;
  directory_builder tree{blocks};
};

TEST_F(published, two_folders) {
  add("a/1.txt", "hi\n");
  add("b/2.txt", "hello wor");
  EXPECT_EQ(car_of_tree(),
            (published_car{"bafybeih2nwd66s7rstnbj4grzjw7re4lyhmx3auvphibbz7nalo4ygfypq",
                           "baga6ea4seaqoqixvkneyg6tzwfoqsmw33xdva3aywkawp6n5jd5tffjdmqrn6gy", 457, 512}));
  for (auto id : {"bafybeifd34zco7545dzqflv7djpi3q2l2egi4l4coohgftgjssn4zoeu2y",
                  "bafybeif7zaqg45xk5zvwybbfgeiotkzvjmd4bpjasb4aevne57dpt67com",
                  "bafkreiey5jxe6ilpf62lnh77tm5ejbbmhbugzjuf6p2v3remlu73ced34q",
                  "bafkreiblmv6wzk3grdk7u5a7u5zqh5vez3zatwuk3ptparw45unujqxysi"})
    EXPECT_TRUE(blocks.has(*cid::parse(id))) << id;
}

TEST_F(published, sharded_folders) {
  for (int i = 10000; i < 20000; ++i)
    add("subfolder2/" + std::to_string(i) + ".txt", std::to_string(i));
  EXPECT_EQ(car_of_tree(),
            (published_car{"bafybeiguxstjbsehe6v6xppz3siy32sijzvi6s53qgqlzvbtvpelrqmyau",
                           "baga6ea4seaqfeodfhw5t6qpmwaisq2bdgkzzslokpauxr3qtfaxlite6l3y5ueq", 1088493, 2097152}));
}

TEST_F(published, a_larger_sharded_folder) {
  for (int i = 10000; i <= 20000; ++i)
    add("subfolders/" + std::to_string(i) + ".txt", "Hello World " + std::to_string(i));
  EXPECT_EQ(car_of_tree(),
            (published_car{"bafybeibbny7j7d23bqis5ykbsevomtpbqunf7go33wtmczebs6udhkylme",
                           "baga6ea4seaqkef4jngux2hbpgt36ugvvbt2qj236np7avjjsisgrfh3vbovvoca", 1208602, 2097152}));
  EXPECT_TRUE(blocks.has(*cid::parse("bafybeigh5lvo3qrvp4qklxfxumb2fow2v2fnyxhsiarkf4tlr5sxt56thi")));
}

TEST_F(published, folders_of_one_file) {
  add("hello.txt", "hello world");
  EXPECT_EQ(car_of_tree(),
            (published_car{"bafybeic6svhkwl3y2wvkj33weshyjjs5cbvgijh7yo3kjasyglrdwe2l74",
                           "baga6ea4seaqncq6lclw5gcsf5kvrlxxf5hr3qo5n5lnwdhowq2xjzrub4f7l6hy", 201, 256}));
}

TEST_F(published, an_empty_file) {
  add("e", "");
  EXPECT_EQ(car_of_tree(),
            (published_car{"bafybeickkij2h35ew77mbnmdn7skotsf6jlvyvzi2mewamolk3q25eatka",
                           "baga6ea4seaqc7hvh3vozoc5wev53a2muw4wuo26bmz7ronyp3a63hhzy3pi2eoi", 182, 256}));
  EXPECT_EQ(file({}).id.text(), "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
}

TEST_F(published, a_file_of_three_chunks) {
  add("big.bin", as_text(derived_bytes(2097153)));
  EXPECT_EQ(car_of_tree(),
            (published_car{"bafybeic4umuojjod2boepedu6pu26lempetcas5pkcsksjf6jiggsfvv5m",
                           "baga6ea4seaqknkb2maiz5rgm3vgu633v3kiihl2zlei7x3rk3csra5wmj74qoli", 2097615, 4194304}));
}

/// A folder node over links to what is elsewhere.
cid put_folder(memory_blocks& blocks, std::vector<pb_link> links) {
  data d;
  d.type = data_type::directory;
  auto block = encode_dag_pb({std::move(links), encode(d)});
  auto id = *cid_of({1, codec::dag_pb}, block);
  EXPECT_TRUE(blocks.put(id, block));
  return id;
}

TEST_F(published, cars_of_a_folder_alone) {
  auto film = *cid::parse("bafy2bzaceadigy5httv7utqjspcfcvejbhb6dir5dhmo6h4yjyc2gibisq7lm");
  auto one = put_folder(blocks, {{film, "file1.mp4", 100}});
  EXPECT_EQ(car_of(one, {one}, 1 << 20),
            (published_car{"bafybeiduglswzploozrqikkkzsko33soyh4adngvtdp7o62bdqq653bgfa",
                           "baga6ea4seaqdrsvczersp2wuakfnvvu5tlsn6bmnbutxsvmoe3hlozclaqjkeea", 155, 1 << 20}));
  auto text = put_folder(blocks, {{file(as_bytes("hello world")).id, "test.txt", 11}});
  EXPECT_EQ(car_of(text, {text}, 1 << 20),
            (published_car{"bafybeifotw2dmp73obnbhg6uffdrjshvone2jkkp3rlw3fot2vne5zvymu",
                           "baga6ea4seaqfoo2k3wmwp7gvxnc7hbjpb7ovtvt52tehwfvzxbreljcebbnwgiq", 152, 1 << 20}));
}

TEST_F(published, cars_of_a_file_alone) {
  struct row {
    std::string_view text;
    published_car least, mebibyte;
  };
  for (auto& [text, least, mebibyte] :
       {row{"test",
            {"bafkreie7q3iidccmpvszul7kudcvvuavuo7u6gzlbobczuk5nqk3b4akba",
             "baga6ea4seaqc4ck2sc77oipu35zq3a5hfhq7jax7247wfq3xxq2qlhp63kjfwgq", 100, 128},
            {"bafkreie7q3iidccmpvszul7kudcvvuavuo7u6gzlbobczuk5nqk3b4akba",
             "baga6ea4seaqpikooah5wmbpjmnvx3ysyf36xagymjtbccnf5twt2cpaqcgcwqha", 100, 1 << 20}},
        row{"hello world",
            {"bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e",
             "baga6ea4seaqd26hbub2fkcmqzscsc3x5fn5y25b2v5qccqkdvyxz5ag2kvqmmdy", 107, 128},
            {"bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e",
             "baga6ea4seaqhmks2wnochilik4updmit54agfi5mjf6r7ehotu36ksdp46uxahi", 107, 1 << 20}}}) {
    auto id = file(as_bytes(text)).id;
    EXPECT_EQ(car_of(id, {id}), least);
    EXPECT_EQ(car_of(id, {id}, 1 << 20), mebibyte);
  }
  auto twice = file(derived_bytes(1 << 20)).id;
  auto made = car_of(twice, {twice, twice});
  EXPECT_EQ(made.size, 2097289u);
  EXPECT_EQ(made.padded, 4194304u);
  EXPECT_EQ(made.piece, "baga6ea4seaqffoxsx2ebl54v2yoq4cvdrddorfcjfixtdxeub7k36ebp5rr6ubi");
}

TEST_F(published, layouts_of_files) {
  auto how = unixfs_v1_2025();
  how.chunks = *chunking::parse("size-5");
  auto two = file(as_bytes("helloworld"), how);
  EXPECT_EQ(two.id.text(), "bafybeiejlvvmfokp5c6q2eqgbfjeaokz3nqho5c7yy3ov527vsatgsqfma");
  EXPECT_EQ(two.dag_size, 108u);
  std::string many;
  for (int i = 0; i < 2000; ++i)
    many += "hello";
  // Over a full node the second generation differs from Kubo, and from us.
  auto root = file(as_bytes(many), how).id;
  EXPECT_EQ(decode_dag_pb(*blocks.get(root))->links.at(0).hash.text(),
            "bafybeidci5xcdskgvefhv3x6kp6zpyxkbiqshqjbpsdgmk2k3mexzaggwi");
  EXPECT_EQ(file(derived_bytes(65)).id.text(), "bafkreie3ntx3nzvhuv63btdsgaeste6gurdigzw2soryitq6m3f3p24nba");
  EXPECT_EQ(cid_of({}, derived_bytes(4161537))->text(), "bafkreihkaj53h6wgsvu4oyvxw6sbvwpgd7mp5iygyg4lbkambl7ioetf7i");
  EXPECT_EQ(file(bytes(1 << 20)).id.text(), "bafkreibq4fevl27rgurgnxbp7adh42aqiyd6ouflxhj3gzmcxcxzbh6lla");
  EXPECT_EQ(file(bytes((1 << 20) + 1)).id.text(), "bafybeihd4yzq7n5umhjngdum4r6k2to7egxfkf2jz6thvwzf6djus22cmq");
}

/// Counts frames; equal blocks each time, as before anything is known of the bytes.
class frames : public block_sink {
public:
  std::uint64_t bytes = 0;

private:
  status write(const cid& id, bytes_view block) override {
    bytes += car_frame_size(id, block.size());
    return {};
  }
};

TEST_F(published, sizes_of_cars_of_one_file) {
  bytes zeros(1 << 20);
  for (auto [size, expected] : {std::pair<std::uint64_t, std::uint64_t>{0, 37},
                                {1, 38},
                                {1001, 1039},
                                {1048576, 1048615},
                                {1048577, 1048795},
                                {2097152, 2097377},
                                {10485760, 10486697},
                                {104857600, 104866548}}) {
    frames counted;
    file_importer importer{counted};
    for (auto left = size; left > 0; left -= std::min<std::uint64_t>(left, zeros.size()))
      ASSERT_TRUE(importer.write(bytes_view{zeros}.first(std::min<std::uint64_t>(left, zeros.size()))));
    ASSERT_TRUE(importer.finish());
    EXPECT_EQ(counted.bytes, expected) << size;
  }
}

std::string cbor_cid(const ipld::value& v) {
  return cid_of({1, codec::dag_cbor}, *ipld::encode_dag_cbor(v))->text();
}
ipld::value text(std::string s) {
  return {std::move(s)};
}
ipld::value texts(std::string_view letters) {
  ipld::list out;
  for (char c : letters)
    out.push_back(text({c}));
  return {out};
}
ipld::value named(const std::string& name) {
  return {ipld::map{
      {"name", text(name)}, {"type", text("file")}, {"size", ipld::from_unsigned(1)}, {"realSources", {ipld::list{}}}}};
}

TEST_F(published, dag_cbor_of_the_first_generation) {
  EXPECT_EQ(cbor_cid({ipld::map{{"k1", named("k1")}, {"k2", named("k2")}}}),
            "bafyreic2qccr5ps4dxh3lqjpovcw23zfy26oj2lblt6sy5cpjz4sqhdhui");
  EXPECT_EQ(cbor_cid(texts("abcde")), "bafyreihnb4ffkxpva3r5qetbr33htpk6wpspked7rqxlzfxs4zwbv5dp3e");
  const std::array<std::string, 3> parts{"bafyreigaaygv3yxbsif2volst5c67cxw2glbcorkbt3ndy4emeuvys3woy",
                                         "bafyreih5j5f25oizur4v2osm2jbc77g4cercmfgs2qa4biqds5sopr3joy",
                                         "bafyreid6bfb4aos3wbpzlb7teft4ohfm5hr3popvdredahlpyabf2y2cva"};
  ipld::list layered;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_EQ(cbor_cid(texts(std::string_view{"abcdefghi"}.substr(3 * i, 3))), parts[i]);
    layered.push_back({ipld::map{{"index", ipld::from_unsigned(3 * i)}, {"array", {*cid::parse(parts[i])}}}});
  }
  EXPECT_EQ(cbor_cid({layered}), "bafyreigeygdkvytmehe337jy7ywlthsgjxscsolior3v4vyrueksejpvu4");
}

} // namespace
} // namespace weir::unixfs
