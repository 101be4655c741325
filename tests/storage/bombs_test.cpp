// Small input that asks for endless work or memory: refused with an error that
// says what is wrong, after a number of reads that is bounded.
#include "messages/types/varint.hpp"
#include "storage/blocks/memory_blocks.hpp"
#include "storage/car/car_parser.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/import/car_intake.hpp"
#include "storage/ipld/dag_cbor.hpp"
#include "storage/ipld/dag_json.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/ipld/links.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/unixfs/file_reader.hpp"
#include "storage/unixfs/tree_reader.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr std::uint64_t huge = std::uint64_t{1} << 63;

/// Counts what is read of it.
class counting_blocks : public block_source {
public:
  std::uint64_t reads = 0;

  cid add(const cid_format& format, const bytes& block) {
    auto id = *cid_of(format, block);
    EXPECT_TRUE(blocks_.put(id, block));
    return id;
  }
  cid node(std::vector<pb_link> links, const unixfs::data& d) {
    return add({1, codec::dag_pb}, encode_dag_pb({std::move(links), unixfs::encode(d)}));
  }
  cid folder(std::vector<pb_link> links) { return node(std::move(links), {.type = unixfs::data_type::directory}); }
  cid file(std::vector<pb_link> links, std::vector<std::uint64_t> sizes, std::uint64_t size) {
    unixfs::data d;
    d.file_size = size;
    d.block_sizes = std::move(sizes);
    return node(std::move(links), d);
  }
  memory_blocks& all() { return blocks_; }

private:
  status read(const cid& id, bytes& out) override {
    ++reads;
    return blocks_.get(id, out);
  }
  memory_blocks blocks_;
};

status nothing(const cid&, bytes_view) {
  return {};
}

struct bombs : testing::Test {
  /// `levels` folders, each with `width` links to the one below.
  cid folders(std::size_t levels, std::size_t width) {
    auto below = blocks.add({}, bytes{1});
    for (std::size_t i = 0; i < levels; ++i) {
      std::vector<pb_link> links;
      for (std::size_t w = 0; w < width; ++w)
        links.push_back({below, "n" + std::to_string(w), 1});
      below = blocks.folder(std::move(links));
    }
    return below;
  }
  counting_blocks blocks;
};

TEST_F(bombs, a_dag_as_deep_as_it_has_blocks) {
  auto deep = folders(100'000, 1);
  auto walked = for_each_block(deep, blocks, nothing);
  EXPECT_EQ(walked.error().code, errc::too_large) << to_string(walked.error());
  EXPECT_LE(blocks.reads, walk_limits{}.depth + 2);
  blocks.reads = 0;
  unixfs::tree_reader tree{blocks};
  auto seen = tree.walk(deep, [](const std::string&, const unixfs::node_info&) { return status{}; });
  EXPECT_EQ(seen.error().code, errc::too_large);
  EXPECT_LE(blocks.reads, 4 * unixfs::tree_limits{}.depth);
}

TEST_F(bombs, a_path_that_goes_round_and_round) {
  auto deep = folders(1000, 1);
  std::string path;
  for (int i = 0; i < 500'000; ++i)
    path += "n0/";
  unixfs::tree_reader tree{blocks};
  auto found = tree.resolve(deep, path);
  EXPECT_EQ(found.error().code, errc::too_large) << to_string(found.error());
  EXPECT_LE(blocks.reads, 4 * unixfs::tree_limits{}.depth);
  EXPECT_EQ(tree.resolve(deep, "n0/../n0").error().code, errc::not_found) << "names are names";
  EXPECT_TRUE(tree.resolve(deep, "///n0//")) << "empty names do not count";
}

TEST_F(bombs, more_ways_than_atoms) {
  auto wide = folders(60, 4); // 4^60 ways, 61 blocks
  EXPECT_TRUE(for_each_block(wide, blocks, nothing));
  EXPECT_LE(blocks.reads, 62u);
  blocks.reads = 0;
  unixfs::tree_reader tree{blocks, {.entries = 10'000}};
  auto seen = tree.walk(wide, [](const std::string&, const unixfs::node_info&) { return status{}; });
  EXPECT_EQ(seen.error().code, errc::too_large);
  EXPECT_LE(blocks.reads, 30'000u);
}

TEST_F(bombs, a_file_of_an_exbibyte_in_a_few_blocks) {
  std::uint64_t size = 1 << 20;
  auto node = blocks.add({}, bytes(size, 7));
  for (int level = 0; level < 4; ++level) {
    std::vector<pb_link> links(1024, pb_link{node, "", size});
    std::vector<std::uint64_t> sizes(1024, size);
    size *= 1024;
    node = blocks.file(std::move(links), std::move(sizes), size);
  }
  auto file = unixfs::file_reader::open(blocks, node);
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_EQ((*file)->size(), std::uint64_t{1} << 60);
  ASSERT_TRUE((*file)->seek((std::uint64_t{1} << 59) + 12345));
  EXPECT_EQ((*file)->next(10)->size(), 10u);
  EXPECT_LE(blocks.reads, 6u) << "from the root to one leaf";
  EXPECT_EQ((*file)->seek(huge).error().code, errc::invalid_range);
}

TEST_F(bombs, sizes_that_do_not_fit_into_64_bits) {
  auto leaf = blocks.add({}, bytes{1});
  for (auto& [sizes, size] : {std::pair<std::vector<std::uint64_t>, std::uint64_t>{{huge, huge}, 0},
                              {{huge, huge}, huge},
                              {{~0ull, 1}, 0},
                              {{~0ull, 2}, 1},
                              {{1, 1}, ~0ull}}) {
    auto node = blocks.file({{leaf, "", 1}, {leaf, "", 1}}, sizes, size);
    std::uint64_t got = 0;
    auto read = unixfs::read_file(blocks, node, 0, ~0ull, [&](bytes_view part) {
      got += part.size();
      return status{};
    });
    EXPECT_EQ(read.error().code, errc::malformed) << to_string(read.error());
    EXPECT_LE(got, 2u);
  }
  auto wrong = blocks.file({{leaf, "", 1}}, {huge}, huge); // the leaf is one byte
  EXPECT_EQ(unixfs::read_file(blocks, wrong, huge - 1, 1, [](bytes_view) { return status{}; }).error().code,
            errc::malformed);
}

TEST_F(bombs, empty_children_without_end) {
  auto node = blocks.file({}, {}, 0);
  for (int level = 0; level < 40; ++level)
    node = blocks.file(std::vector<pb_link>(64, {node, "", 0}), std::vector<std::uint64_t>(64, 0), 0);
  blocks.reads = 0;
  EXPECT_TRUE(unixfs::read_file(blocks, node, 0, ~0ull, [](bytes_view) { return status{}; }));
  EXPECT_LE(blocks.reads, 2u);
}

TEST_F(bombs, values_nested_without_end) {
  bytes lists(1 << 20, 0x81), maps;
  for (int i = 0; i < 200'000; ++i)
    maps.insert(maps.end(), {0xa1, 0x61, 'a'});
  EXPECT_FALSE(ipld::decode_dag_cbor(lists));
  EXPECT_FALSE(ipld::decode_dag_cbor(maps));
  EXPECT_FALSE(ipld::dag_cbor_links(lists, [](const cid&) {}));
  EXPECT_FALSE(ipld::decode_dag_json(std::string(1 << 20, '[')));
  std::string objects;
  for (int i = 0; i < 200'000; ++i)
    objects += "{\"a\":";
  EXPECT_FALSE(ipld::decode_dag_json(objects));
}

/// Head of a CBOR item that promises 2^63 of them.
bytes promising(std::uint8_t major) {
  bytes out{static_cast<std::uint8_t>(major << 5 | 27), 0x80};
  out.resize(9);
  return out;
}

TEST_F(bombs, lengths_of_two_to_the_63) {
  for (std::uint8_t major = 2; major <= 5; ++major) // bytes, text, list, map
    EXPECT_FALSE(ipld::decode_dag_cbor(promising(major))) << int{major};
  bytes length;
  put_varint(length, huge);
  for (std::uint8_t tag : {0x0a, 0x12}) { // data, a link
    bytes node{tag};
    node.insert(node.end(), length.begin(), length.end());
    EXPECT_FALSE(decode_dag_pb(node));
  }
  bytes message{0x08, 0x02, 0x12};
  message.insert(message.end(), length.begin(), length.end());
  EXPECT_FALSE(unixfs::decode(message));
  bytes multihash{0x01, 0x55, 0x12};
  multihash.insert(multihash.end(), length.begin(), length.end());
  EXPECT_FALSE(cid::from_bytes(multihash));
}

status feed(const bytes& data) {
  car_parser parser{[](const cid&, bytes_view, const car_position&) { return status{}; }};
  WEIR_CHECK(parser.feed(data));
  return parser.finish();
}

TEST_F(bombs, frames_that_promise_what_nobody_has) {
  auto leaf = blocks.add({}, bytes{1});
  bytes good;
  car_writer car{[&](bytes_view part) {
    good.insert(good.end(), part.begin(), part.end());
    return status{};
  }};
  ASSERT_TRUE(car.start({leaf}));
  for (std::uint64_t size : {std::uint64_t{1} << 32, huge - 1, huge, ~std::uint64_t{0}}) {
    bytes header, frame = good;
    put_varint(header, size);
    put_varint(frame, size);
    frame.resize(frame.size() + 100);
    EXPECT_FALSE(feed(header)) << size;
    auto refused = feed(frame);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("byte " + std::to_string(good.size())), std::string::npos)
        << to_string(refused.error());
  }
  auto endless = good;
  endless.resize(endless.size() + 100, 0x80); // a varint without an end
  EXPECT_EQ(feed(endless).error().code, errc::malformed);
}

TEST_F(bombs, offsets_of_a_second_version_and_its_index) {
  for (auto& h : {car_v2_header{.data_offset = huge, .data_size = 1}, car_v2_header{.data_size = huge},
                  car_v2_header{.data_size = ~0ull}, car_v2_header{.data_size = 100, .index_offset = huge},
                  car_v2_header{.data_offset = ~0ull, .data_size = ~0ull}}) {
    auto front = car_v2_front(h);
    auto decoded = decode_car_v2_header(bytes_view{front}.subspan(car_v2_pragma_size));
    front.resize(1000);
    EXPECT_FALSE(decoded && feed(front)) << h.data_offset << " " << h.data_size;
  }
  for (std::uint64_t format : {0x0400, 0x0401})
    for (std::uint64_t count : {huge, ~std::uint64_t{0}, std::uint64_t{1} << 31}) {
      bytes index;
      put_varint(index, format);
      for (int field = 0; field < 4; ++field)
        for (int i = 0; i < 8; ++i)
          index.push_back(static_cast<std::uint8_t>(count >> 8 * i));
      EXPECT_FALSE(decode_car_index(index)) << format << " " << count;
    }
}

TEST_F(bombs, pieces_larger_than_any) {
  for (std::uint64_t size : {huge, ~std::uint64_t{0}}) {
    std::uint64_t sizes[] = {size};
    EXPECT_FALSE(lay_out_aggregate(sizes));
    EXPECT_FALSE(planned_piece_size(sizes, {}));
    EXPECT_FALSE(aggregate::create(size, {}));
    EXPECT_FALSE(aggregate::create(1 << 20, {{{}, size, 128}}));
    EXPECT_FALSE(aggregate::create(1 << 20, {{{}, 0, size}}));
    EXPECT_FALSE(verify_inclusion({}, {}, size));
  }
}

TEST_F(bombs, an_upload_that_is_one) {
  auto wide = folders(30, 40); // 40^30 files in 31 blocks
  bytes data;
  car_writer car{[&](bytes_view part) {
    data.insert(data.end(), part.begin(), part.end());
    return status{};
  }};
  ASSERT_TRUE(write_car(wide, blocks, car));
  memory_blocks taken;
  car_intake in{taken};
  ASSERT_TRUE(in.feed(data));
  auto refused = in.finish(taken);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::too_large) << to_string(refused.error());
}

} // namespace
} // namespace weir
