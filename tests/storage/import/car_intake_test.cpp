#include "storage/import/car_intake.hpp"

#include "storage/blocks/memory_blocks.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/ipld/links.hpp"
#include "storage/unixfs/directory_builder.hpp"
#include "storage/unixfs/file_importer.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

struct intake : testing::Test {
  /// A folder with a file of several leaves and a small one.
  intake() {
    unixfs::directory_builder tree{blocks};
    EXPECT_TRUE(tree.add("a/big", import(3'000'000)));
    EXPECT_TRUE(tree.add("b", import(10)));
    root = tree.finish()->id;
  }
  unixfs::imported import(std::size_t size) {
    unixfs::file_importer file{blocks};
    bytes data(size);
    for (std::size_t i = 0; i < size; ++i)
      data[i] = static_cast<std::uint8_t>(i >> 16 ^ i);
    EXPECT_TRUE(file.write(data));
    return *file.finish();
  }
  /// Written with some of its blocks left out.
  bytes car(const cid& of, const cid& without = {}) {
    bytes out;
    car_writer w{[&](bytes_view part) {
      out.insert(out.end(), part.begin(), part.end());
      return status{};
    }};
    EXPECT_TRUE(w.start({of}));
    EXPECT_TRUE(for_each_block(
        of, blocks, [&](const cid& id, bytes_view block) { return id == without ? status{} : w.append(id, block); }));
    return out;
  }
  result<taken_car> take(const bytes& car) {
    memory_blocks taken;
    car_intake in{taken};
    for (std::size_t at = 0; at < car.size(); at += 1000)
      WEIR_CHECK(in.feed(bytes_view{car}.subspan(at, std::min<std::size_t>(1000, car.size() - at))));
    return in.finish(taken);
  }
  cid leaf() {
    cid last;
    EXPECT_TRUE(for_each_block(root, blocks, [&](const cid& id, bytes_view) {
      last = id.codec() == codec::raw ? id : last;
      return status{};
    }));
    return last;
  }

  memory_blocks blocks;
  cid root;
};

TEST_F(intake, a_tree_is_taken_whole) {
  auto made = take(car(root));
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->root, root);
  EXPECT_EQ(made->size, 3'000'010u);
  EXPECT_EQ(made->files, 2u);
  EXPECT_EQ(made->blocks, blocks.count());
}

TEST_F(intake, what_is_damaged_or_cut_is_refused) {
  auto good = car(root);
  auto flipped = good, cut = good;
  flipped[good.size() / 2] ^= 1;
  cut.resize(good.size() - 5);
  EXPECT_EQ(take(flipped).error().code, errc::corrupt);
  EXPECT_EQ(take(cut).error().code, errc::malformed);
  EXPECT_FALSE(take(bytes(1000, 0x5a)));
  EXPECT_FALSE(take({}));
}

TEST_F(intake, every_block_of_the_dag_must_be_in_it) {
  auto refused = take(car(root, leaf()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::malformed);
  EXPECT_EQ(refused.error().value, leaf().text());
}

TEST_F(intake, a_content_has_one_root_that_is_unixfs) {
  bytes two;
  car_writer w{[&](bytes_view part) {
    two.insert(two.end(), part.begin(), part.end());
    return status{};
  }};
  ASSERT_TRUE(w.start({root, leaf()}));
  EXPECT_EQ(take(two).error().code, errc::malformed);
  bytes map{0xa0};
  auto cbor = *cid_of({1, codec::dag_cbor}, map);
  ASSERT_TRUE(blocks.put(cbor, map));
  EXPECT_EQ(take(car(cbor)).error().code, errc::unsupported);
  auto bare = encode_dag_pb({{{leaf(), "", 1}}, {}});
  auto no_unixfs = *cid_of({1, codec::dag_pb}, bare);
  ASSERT_TRUE(blocks.put(no_unixfs, bare));
  EXPECT_EQ(take(car(no_unixfs)).error().code, errc::malformed);
}

} // namespace
} // namespace weir
