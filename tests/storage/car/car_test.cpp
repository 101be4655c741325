#include "storage/car/car_file.hpp"

#include "storage/blocks/memory_blocks.hpp"
#include "storage/car/car_header.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/hash/digest.hpp"
#include "storage/ipld/dag_cbor.hpp"
#include "storage/ipld/links.hpp"
#include "storage/unixfs/directory_builder.hpp"
#include "tests/support/derived_bytes.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace weir {
namespace {

using unixfs::directory_builder;
using unixfs::file_importer;

/// hello.txt = "hello world" in a folder, as Kubo exports it.
constexpr std::string_view hello_car =
    "3aa265726f6f747381d82a582500017012205e954eab2f78d5aaa4ef76248f84a65d106a6424ffc3b6a4825832e23b134bff6776657273696f"
    "6e015d017012205e954eab2f78d5aaa4ef76248f84a65d106a6424ffc3b6a4825832e23b134bff12330a2401551220b94d27b9934d3e08a52e"
    "52d7da7dabfac484efe37a5380ee9088f7ace2efcde9120968656c6c6f2e747874180b0a0208012f01551220b94d27b9934d3e08a52e52d7da"
    "7dabfac484efe37a5380ee9088f7ace2efcde968656c6c6f20776f726c64";

using test::derived_bytes;

unixfs::imported file_of(block_sink& sink, bytes_view data) {
  file_importer importer{sink};
  EXPECT_TRUE(importer.write(data));
  return *importer.finish();
}

bytes car_of(const cid& root, block_source& source) {
  bytes out;
  car_writer car{[&](bytes_view data) {
    out.insert(out.end(), data.begin(), data.end());
    return status{};
  }};
  auto done = write_car(root, source, car);
  EXPECT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(car.size(), out.size());
  return out;
}

std::string sha(const bytes& data) {
  return to_hex(sha2_256(data));
}

struct tree {
  memory_blocks blocks;
  directory_builder folders{blocks};
  void add(const std::string& path, std::string_view text) {
    ASSERT_TRUE(folders.add(path, file_of(blocks, as_bytes(text))));
  }
  bytes car(std::string_view expected_root) {
    auto root = folders.finish();
    EXPECT_EQ(root->id.text(), expected_root);
    return car_of(root->id, blocks);
  }
};

TEST(car, hello_world_byte_for_byte) {
  tree t;
  t.add("hello.txt", "hello world");
  EXPECT_EQ(to_hex(t.car("bafybeic6svhkwl3y2wvkj33weshyjjs5cbvgijh7yo3kjasyglrdwe2l74")), hello_car);
}

// The first generation of Singularity and Kubo agree on these.
TEST(car, published_trees) {
  {
    tree t;
    t.add("a/1.txt", "hi\n");
    t.add("b/2.txt", "hello wor");
    EXPECT_EQ(sha(t.car("bafybeih2nwd66s7rstnbj4grzjw7re4lyhmx3auvphibbz7nalo4ygfypq")),
              "25dc1cae4a4847b061b0b1cc3b51db88e740f105ff7a8a49e116e892f4e1aa41");
  }
  {
    tree t;
    for (int i = 10000; i < 20000; ++i)
      t.add("subfolder2/" + std::to_string(i) + ".txt", std::to_string(i));
    EXPECT_EQ(sha(t.car("bafybeiguxstjbsehe6v6xppz3siy32sijzvi6s53qgqlzvbtvpelrqmyau")),
              "beba9386dcf2028120e6330e2429a0c9c3771491fc9ae9920f74b2fb14874c58");
  }
  {
    tree t;
    for (int i = 10000; i <= 20000; ++i)
      t.add("subfolders/" + std::to_string(i) + ".txt", "Hello World " + std::to_string(i));
    EXPECT_EQ(sha(t.car("bafybeibbny7j7d23bqis5ykbsevomtpbqunf7go33wtmczebs6udhkylme")),
              "d9c02a484e8ae0725a6fe1a4e96168063d4794c777292f2b236debc2a845fd46");
  }
  {
    tree t;
    t.add("e", "");
    EXPECT_EQ(sha(t.car("bafybeickkij2h35ew77mbnmdn7skotsf6jlvyvzi2mewamolk3q25eatka")),
              "26410197e7cba7062b68ab382354ac30a42883cf676e15b8fe05d8cf2b5d51d6");
  }
  {
    tree t;
    t.add("big.bin", as_text(derived_bytes(2097153)));
    EXPECT_EQ(sha(t.car("bafybeic4umuojjod2boepedu6pu26lempetcas5pkcsksjf6jiggsfvv5m")),
              "d1cb1a69f8a26cb206e03e86f9ee1e1c532871dd8fa54a7ff4351a516d3796ad");
  }
}

TEST(car, piece_sizes_of_the_feed_do_not_matter) {
  tree t;
  t.add("a", as_text(derived_bytes(3000)));
  t.add("b/c", as_text(derived_bytes(70)));
  auto root = t.folders.finish()->id;
  auto car = car_of(root, t.blocks);
  for (std::size_t step : {1ul, 2ul, 7ul, 58ul, 59ul, 1000ul, car.size()}) {
    std::vector<car_position> seen;
    car_parser parser{[&](const cid& id, bytes_view block, const car_position& where) {
      EXPECT_TRUE(verify_block(id, block));
      EXPECT_TRUE(std::equal(block.begin(), block.end(), car.begin() + static_cast<std::ptrdiff_t>(where.offset)));
      EXPECT_EQ(where.offset - where.frame, car_frame_prefix_size(id, block.size()));
      seen.push_back(where);
      return status{};
    }};
    for (std::size_t at = 0; at < car.size(); at += step)
      ASSERT_TRUE(parser.feed(bytes_view{car}.subspan(at, std::min(step, car.size() - at))));
    EXPECT_TRUE(parser.finish());
    EXPECT_EQ(seen.size(), 4u);
    EXPECT_EQ(parser.roots()->front(), root);
    EXPECT_EQ(parser.payload_size(), car.size());
  }
}

status parse(const bytes& car, const car_limits& limits = {}) {
  car_parser parser{[](const cid&, bytes_view, const car_position&) { return status{}; }, limits};
  WEIR_CHECK(parser.feed(car));
  return parser.finish();
}

TEST(car, zeros_at_the_end_are_padding_and_nothing_else) {
  auto car = *from_hex(hello_car);
  auto size = car.size();
  car.resize(size + 1000, 0);
  EXPECT_TRUE(parse(car));
  EXPECT_EQ(parse(car, {.zero_tail = false}).error().code, errc::malformed);
  car.push_back(1);
  auto refused = parse(car);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().value, "byte " + std::to_string(size + 1000));
}

TEST(car, damage_is_named_with_its_frame) {
  auto good = *from_hex(hello_car);
  auto car = good;
  car.back() ^= 1; // in the second block, whose frame starts at 59 + 94
  auto damaged = parse(car);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, errc::corrupt);
  EXPECT_EQ(damaged.error().value, "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e");
  EXPECT_NE(damaged.error().message.find("byte 153"), std::string::npos) << damaged.error().message;
  EXPECT_TRUE(parse(car, {.verify = false}));

  car = good;
  car[59] = 0x80, car[60] = 0x00; // over-long
  EXPECT_EQ(parse(car).error().code, errc::malformed);
  car = good;
  car[60] = 0x07; // no such CID version
  EXPECT_EQ(parse(car).error().code, errc::invalid_cid);
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(parse({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}).ok(), size == 59 || size == 153)
        << size;
}

TEST(car, limits) {
  auto car = *from_hex(hello_car);
  EXPECT_EQ(parse(car, {.block_size = 50}).error().code, errc::too_large);
  EXPECT_EQ(parse(car, {.blocks = 1}).error().code, errc::too_large);
  EXPECT_EQ(parse(*from_hex("ffffffffffffffff7f")).error().code, errc::too_large) << "a header of 2^63 bytes";
  bytes frame(car.begin(), car.begin() + 59);
  for (int i = 0; i < 8; ++i)
    frame.push_back(0xff);
  frame.push_back(0x7f);
  EXPECT_EQ(parse(frame).error().code, errc::too_large) << "a frame of 2^63 bytes";
}

TEST(car, other_headers) {
  EXPECT_EQ(parse(*from_hex("0aa16776657273696f6e02")).error().code, errc::malformed) << "a version 2, cut short";
  EXPECT_EQ(decode_car_header(*from_hex("a16776657273696f6e03")).error().code, errc::unsupported) << "version 3";
  for (const char* header : {
           "00",                                     // empty
           "01a0",                                   // no field
           "0aa16776657273696f6e01",                 // no roots
           "08a165726f6f747380",                     // no version
           "12a265726f6f7473806776657273696f6e01",   // one byte too many is claimed
           "12a26776657273696f6e0165726f6f747380ff", // fields out of order, rubbish after it
       })
    EXPECT_FALSE(parse(*from_hex(header))) << header;
  EXPECT_TRUE(parse(*from_hex("11a265726f6f7473806776657273696f6e01"))) << "no roots, as filtered exports have";
  auto two = car_header({*cid_of({}, {}), *cid_of({0, codec::dag_pb}, {})});
  bytes_view body = two;
  body = body.subspan(1);
  EXPECT_EQ(decode_car_header(body)->size(), 2u);
}

TEST(car_file, indexes_and_serves_blocks) {
  test::temp_dir folder;
  tree t;
  t.add("a", as_text(derived_bytes(300000)));
  t.add("b", "b");
  auto root = t.folders.finish()->id;
  auto car = car_of(root, t.blocks);
  car.resize(car.size() + 127, 0);
  auto path = folder / "x.car";
  std::ofstream{path} << as_text(car);

  auto quick = index_car(path, false), thorough = index_car(path, true);
  ASSERT_TRUE(quick);
  ASSERT_TRUE(thorough);
  EXPECT_EQ(quick->roots, std::vector{root});
  ASSERT_EQ(quick->entries.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(quick->entries[i].id, thorough->entries[i].id);
    EXPECT_EQ(quick->entries[i].offset, thorough->entries[i].offset);
    EXPECT_EQ(quick->entries[i].size, thorough->entries[i].size);
  }
  auto file = car_file::open(path);
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->count(), 3u);
  EXPECT_EQ(car_of(root, **file).size() + 127, car.size());
  EXPECT_EQ((*file)->get(*cid_of({}, as_bytes("elsewhere"))).error().code, errc::not_found);

  car[quick->entries[1].offset + 1000] ^= 1;
  std::ofstream{path} << as_text(car);
  EXPECT_EQ((*file)->get(quick->entries[1].id).error().code, errc::corrupt);
  EXPECT_TRUE((*file)->get(quick->entries[2].id));
  EXPECT_EQ(index_car(path, true).error().value, quick->entries[1].id.text());

  car.resize(quick->entries[2].offset - 3);
  std::filesystem::remove(path);
  std::ofstream{path} << as_text(car);
  EXPECT_EQ(index_car(path, false).error().code, errc::malformed);
  EXPECT_EQ(index_car(folder / "nothing", false).error().code, errc::not_found);
}

TEST(walk, a_missing_block_and_depth_are_named) {
  tree t;
  t.add("a/b/c/d", "x");
  auto root = t.folders.finish()->id;
  auto leaf = *cid_of({}, as_bytes("x"));
  auto nothing = [](const cid&, bytes_view) { return status{}; };
  EXPECT_TRUE(for_each_block(root, t.blocks, nothing));
  EXPECT_EQ(for_each_block(root, t.blocks, nothing, {.depth = 3}).error().code, errc::too_large);
  EXPECT_EQ(for_each_block(root, t.blocks, nothing, {.blocks = 4}).error().code, errc::too_large);
  t.blocks.erase(leaf);
  auto missing = for_each_block(root, t.blocks, nothing);
  EXPECT_EQ(missing.error().code, errc::not_found);
  EXPECT_EQ(missing.error().value, leaf.text());
}

TEST(walk, goes_through_dag_cbor) {
  memory_blocks blocks;
  auto leaf = *cid_of({}, as_bytes("leaf"));
  ASSERT_TRUE(blocks.put(leaf, as_bytes("leaf")));
  auto node = *ipld::encode_dag_cbor({ipld::map{{"a", {leaf}}, {"b", {ipld::list{{leaf}}}}}});
  auto root = *cid_of({1, codec::dag_cbor}, node);
  ASSERT_TRUE(blocks.put(root, node));
  EXPECT_EQ(measure_car(root, blocks)->blocks, 2u);
  EXPECT_EQ(measure_car(root, blocks)->bytes, car_of(root, blocks).size());
  auto broken = *cid_of({1, codec::dag_cbor}, as_bytes("\xff"));
  ASSERT_TRUE(blocks.put(broken, as_bytes("\xff")));
  EXPECT_EQ(measure_car(broken, blocks).error().code, errc::malformed);
  EXPECT_EQ(measure_car(broken, blocks).error().value, broken.text());
  auto strange = cid::v1(0x99, root.multihash());
  EXPECT_EQ(measure_car(strange, blocks).error().code, errc::unsupported);
}

TEST(car_writer, starts_with_a_header) {
  car_writer car{[](bytes_view) { return status{}; }};
  EXPECT_EQ(car.put(*cid_of({}, {}), {}).error().code, errc::precondition);
  EXPECT_TRUE(car.start({}));
  EXPECT_EQ(car.start({}).error().code, errc::precondition);
}

} // namespace
} // namespace weir
