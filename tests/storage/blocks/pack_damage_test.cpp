// Packs that are damaged, and the check that finds and mends it.
#include "tests/storage/blocks/pack_fixture.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

using test::block;
using test::car_of;
using test::id_of;
using damaged_packs = test::store_with_packs;

TEST_F(damaged_packs, a_damaged_block_is_mended_in_its_place) {
  auto file = car("a.car", 0, 6);
  ASSERT_TRUE(store->add_pack(file));
  damage(file, 2);
  EXPECT_EQ(store->get(id_of(2)).error().code, errc::corrupt);
  EXPECT_EQ(store->get(id_of(2)).error().code, errc::not_found) << "it was put aside";
  std::ifstream io{file, std::ios::binary};
  std::string all{std::istreambuf_iterator<char>{io}, {}};
  auto here = all.find(std::string{as_text(id_of(2).multihash())}) + id_of(2).multihash().size();
  EXPECT_EQ(store->mend(id_of(2), block(3), file, here).error().code, errc::corrupt);
  EXPECT_EQ(store->mend(id_of(2), block(2), file, here + 1).error().code, errc::precondition);
  ASSERT_TRUE(store->mend(id_of(2), block(2), file, here));
  EXPECT_TRUE(serves(2));
  auto checked = store->check_all();
  ASSERT_TRUE(checked);
  EXPECT_TRUE(checked->damaged.empty());
  EXPECT_EQ(test::loose_files(path), 0);
}

TEST_F(damaged_packs, a_rebuilt_index_does_not_cost_the_good_copy_of_a_damaged_block) {
  auto file = car("a.car", 0, 6);
  ASSERT_TRUE(store->add_pack(file));
  damage(file, 2);
  EXPECT_EQ(store->get(id_of(2)).error().code, errc::corrupt);
  ASSERT_TRUE(store->put(id_of(2), block(2)));
  store.reset();
  ASSERT_TRUE(block_store::discard_index(path));
  store = *block_store::open(path, how);
  for (int i = 0; i < 6; ++i)
    EXPECT_TRUE(serves(i)) << i;
  EXPECT_EQ(listed(), 6);
}

TEST_F(damaged_packs, a_damaged_file_is_not_added) {
  auto a = car("a.car", 0, 5);
  damage(a, 3);
  auto added = store->add_pack(a);
  EXPECT_EQ(added.error().code, errc::corrupt);
  EXPECT_EQ(added.error().value, id_of(3).text());
  EXPECT_FALSE(serves(0));
  EXPECT_EQ(store->stat()->packed_blocks, 0u);
  EXPECT_EQ(store->stat()->packs, 0u);
  test::write_file(folder / "no.car", as_bytes("this is no CAR at all"));
  EXPECT_FALSE(store->add_pack(folder / "no.car"));
  test::write_file(folder / "empty.car", {});
  EXPECT_EQ(store->add_pack(folder / "empty.car").error().code, errc::malformed);
  EXPECT_EQ(store->add_pack(folder / "none.car").error().code, errc::not_found);
  auto good = car("good.car", 0, 5);
  EXPECT_EQ(store->add_pack(good, true, [] { return status{}; }).ok(), true);
  EXPECT_EQ(store->add_pack(good).error().code, errc::already_exists);
}

TEST_F(damaged_packs, a_block_damaged_later_is_put_aside_and_told) {
  auto a = car("a.car", 0, 10);
  ASSERT_TRUE(store->add_pack(a));
  reopen(); // a new process, for whom nothing is checked
  std::vector<cid> told;
  store->on_damage([&](const cid& id, const std::string&) { told.push_back(id); });
  damage(a, 7);
  EXPECT_EQ(store->get(id_of(7)).error().code, errc::corrupt);
  EXPECT_EQ(told, std::vector<cid>{id_of(7)});
  EXPECT_EQ(store->get(id_of(7)).error().code, errc::not_found);
  EXPECT_TRUE(serves(6));
  ASSERT_TRUE(store->put(id_of(7), block(7)));
  EXPECT_TRUE(serves(7)) << "loose now";
  reopen();
  EXPECT_TRUE(serves(7));
  EXPECT_EQ(listed(), 10);
}

TEST_F(damaged_packs, another_copy_takes_the_place_of_a_damaged_one) {
  auto a = car("a.car", 0, 10), b = car("b.car", 0, 10);
  ASSERT_TRUE(store->add_pack(a));
  ASSERT_TRUE(store->add_pack(b));
  reopen();
  int told = 0;
  store->on_damage([&](const cid&, const std::string&) { ++told; });
  damage(a, 7);
  EXPECT_TRUE(serves(7));
  EXPECT_TRUE(serves(7));
  EXPECT_EQ(told, 1);
}

TEST_F(damaged_packs, repair_mends_from_the_other_copy_and_completes_the_index) {
  auto a = car("a.car", 0, 10), b = car("b.car", 5, 12);
  ASSERT_TRUE(store->add_pack(a));
  ASSERT_TRUE(store->add_pack(b));
  damage(b, 8); // a has it, too
  damage(b, 11);
  auto found = *store->check_all();
  EXPECT_EQ(found.damaged, (std::vector<cid>{id_of(8), id_of(11)}));
  EXPECT_TRUE(found.mended.empty());
  EXPECT_EQ(store->check_all()->damaged.size(), 2u) << "it is still so";
  found = *store->check_all({.repair = true});
  EXPECT_EQ(found.damaged, (std::vector<cid>{id_of(8), id_of(11)}));
  EXPECT_EQ(found.mended, std::vector<cid>{id_of(8)});
  EXPECT_FALSE(serves(11));
  test::write_file(b, car_of(5, 12)); // its owner has brought it back
  found = *store->check_all({.repair = true});
  EXPECT_TRUE(found.damaged.empty());
  EXPECT_EQ(found.unindexed, 1u);
  EXPECT_TRUE(serves(11));
  EXPECT_EQ(store->check_all()->unindexed, 0u);
}

TEST_F(damaged_packs, check_finds_what_is_both_loose_and_packed) {
  ASSERT_TRUE(store->add_pack(car("a.car", 0, 4)));
  test::temp_dir elsewhere;
  auto other = *block_store::open(elsewhere / "blocks", how);
  ASSERT_TRUE(other->put(id_of(2), block(2)));
  other.reset();
  std::filesystem::copy(elsewhere / "blocks", path,
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::skip_existing);
  reopen();
  auto found = *store->check_all();
  EXPECT_EQ(found.doubled, std::vector<cid>{id_of(2)});
  EXPECT_EQ(test::loose_files(path), 1);
  EXPECT_EQ(store->check_all({.repair = true})->doubled.size(), 1u);
  EXPECT_EQ(test::loose_files(path), 0);
  EXPECT_TRUE(serves(2));
}

TEST_F(damaged_packs, check_names_packs_that_are_missing_or_cut_off) {
  auto a = car("a.car", 0, 4), b = car("b.car", 4, 8);
  ASSERT_TRUE(store->add_pack(a));
  ASSERT_TRUE(store->add_pack(b));
  std::filesystem::resize_file(a, std::filesystem::file_size(a) - 100);
  store.reset();
  std::filesystem::remove(b);
  reopen();
  auto found = *store->check_all();
  EXPECT_EQ(found.unreadable, (std::vector<std::filesystem::path>{a, b}));
  EXPECT_EQ(store->stat()->missing_packs, 1u);
}

TEST_F(damaged_packs, check_reads_every_copy) {
  auto a = car("a.car", 0, 10), b = car("b.car", 5, 10);
  ASSERT_TRUE(store->add_pack(a));
  ASSERT_TRUE(store->add_pack(b));
  ASSERT_TRUE(store->put(id_of(20), block(20)));
  for (int i : {0, 8, 20})
    EXPECT_TRUE(serves(i)); // checked before the damage
  EXPECT_EQ(store->check_all()->blocks, 16u);
  damage(b, 8);
  auto found = *store->check_all();
  EXPECT_EQ(found.damaged, std::vector<cid>{id_of(8)});
  EXPECT_EQ(found.blocks, 15u);
  EXPECT_TRUE(serves(8)) << "from the other pack";
  EXPECT_EQ(store->check_all({.go_on = [] { return status{fail(errc::cancelled)}; }}).error().code, errc::cancelled);
}

} // namespace
} // namespace weir
