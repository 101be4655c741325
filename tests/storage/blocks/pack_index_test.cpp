// What a group that was looked up before does to what others added since.
#include "storage/blocks/pack_index.hpp"

#include "storage/hash/digest.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

struct pack_index_groups : testing::Test {
  test::temp_dir dir;
  std::unique_ptr<pack_index> index = *pack_index::open(dir / "index");
  cid id = cid::v1(codec::raw, hash_code::sha2_256, sha2_256(as_bytes("a block")));

  std::size_t places() { return index->find(id.multihash())->size(); }
  status add(const pack_place& place, std::uint64_t absent_at) {
    const pack_index::entry one[] = {{id.multihash(), place, absent_at}};
    return index->add_all(one);
  }
};

TEST_F(pack_index_groups, what_was_absent_is_added) {
  EXPECT_TRUE(add({1, 0, 10}, index->generation()));
  EXPECT_EQ(places(), 1u);
  EXPECT_EQ(index->totals().blocks, 1u);
}

TEST_F(pack_index_groups, a_place_that_came_since_is_kept) {
  const auto looked = index->generation();
  ASSERT_TRUE(index->add_now(id.multihash(), {7, 5, 10}));
  EXPECT_TRUE(add({1, 0, 10}, looked));
  EXPECT_EQ(places(), 2u);
  EXPECT_EQ(index->totals().blocks, 1u);
}

TEST_F(pack_index_groups, a_place_that_waits_to_be_written_is_kept) {
  const auto looked = index->generation();
  ASSERT_TRUE(index->add(id.multihash(), {7, 5, 10}));
  EXPECT_TRUE(add({1, 0, 10}, looked));
  EXPECT_EQ(places(), 2u);
}

TEST_F(pack_index_groups, who_did_not_look_keeps_what_is_there) {
  ASSERT_TRUE(add({7, 5, 10}, 0));
  EXPECT_TRUE(add({1, 0, 10}, 0));
  EXPECT_EQ(places(), 2u);
}

} // namespace
} // namespace weir
