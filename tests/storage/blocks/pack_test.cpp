#include "storage/car/car_v2.hpp"
#include "tests/storage/blocks/pack_fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <atomic>
#include <map>
#include <thread>

#include <gtest/gtest.h>

namespace weir {
namespace {

using test::block;
using test::car_of;
using test::id_of;
using packs = test::store_with_packs;

TEST_F(packs, a_store_without_packs_has_nothing_of_them) {
  ASSERT_TRUE(store->put(id_of(1), block(1)));
  EXPECT_FALSE(std::filesystem::exists(path / ".packs"));
  EXPECT_TRUE(store->packs().empty());
  EXPECT_EQ(store->stat()->packed_blocks, 0u);
}

TEST_F(packs, what_is_packed_is_served_and_no_longer_loose) {
  for (int i = 0; i < 6; ++i)
    ASSERT_TRUE(store->put(id_of(i), block(i)));
  ASSERT_TRUE(store->add_pack(car("a.car", 2, 10)));
  EXPECT_EQ(test::loose_files(path), 2);
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(serves(i)) << i;
  EXPECT_EQ(store->get(id_of(10)).error().code, errc::not_found);
  EXPECT_TRUE(store->has(id_of(9)));
  EXPECT_EQ(*store->size_of(id_of(9)), block(9).size());
  EXPECT_EQ(listed(), 10);
  auto stat = *store->stat();
  EXPECT_EQ(stat.loose_blocks, 2u);
  EXPECT_EQ(stat.loose_bytes, 2001u);
  EXPECT_EQ(stat.packed_blocks, 8u);
  EXPECT_EQ(stat.packed_bytes, 8044u);
  EXPECT_EQ(stat.packs, 1u);
  EXPECT_EQ(stat.pack_bytes, car_of(2, 10).size());
  EXPECT_EQ(store->bytes_used(), 2001u + 8044u);

  auto writer = store->writer();
  ASSERT_TRUE(writer->put(id_of(5), block(5)));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(writer->new_blocks(), 0u) << "it is packed";
  EXPECT_EQ(test::loose_files(path), 2);
  ASSERT_TRUE(store->remove(id_of(5)));
  EXPECT_TRUE(serves(5)) << "a packed block stays with its pack";

  reopen();
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(serves(i)) << i;
  EXPECT_EQ(store->stat()->packed_blocks, 8u);
  EXPECT_EQ(store->packs()[0].file, folder / "a.car");
}

TEST_F(packs, what_is_still_needed_of_a_dropped_pack_becomes_loose) {
  auto first = car("a.car", 0, 6), second = car("b.car", 3, 9);
  ASSERT_TRUE(store->add_pack(first));
  ASSERT_TRUE(store->add_pack(second));
  auto needed = id_of(1), shared = id_of(4);
  auto keep = [&](bytes_view multihash) -> result<bool> {
    return as_text(multihash) == as_text(needed.multihash()) || as_text(multihash) == as_text(shared.multihash());
  };
  ASSERT_TRUE(store->drop_pack(first, keep));
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(serves(i), i == 1 || i >= 3) << i;
  EXPECT_EQ(test::loose_files(path), 1) << "block 4 is in the other pack";
  reopen();
  EXPECT_TRUE(serves(1));
  EXPECT_EQ(listed(), 7);
}

TEST_F(packs, a_drop_that_cannot_know_what_is_needed_changes_nothing) {
  auto file = car("a.car", 0, 6);
  ASSERT_TRUE(store->add_pack(file));
  auto keep = [n = 0](bytes_view) mutable -> result<bool> {
    return ++n < 4 ? result<bool>{true} : result<bool>{fail(errc::io)};
  };
  EXPECT_EQ(store->drop_pack(file, keep).error().code, errc::io);
  EXPECT_EQ(test::loose_files(path), 0);
  EXPECT_EQ(listed(), 6);
  for (int i = 0; i < 6; ++i)
    EXPECT_TRUE(serves(i)) << i;
}

TEST_F(packs, the_folder_can_move_with_its_packs) {
  std::filesystem::create_directory(folder / "pieces");
  ASSERT_TRUE(store->add_pack(car("pieces/a.car", 0, 5)));
  store.reset();
  std::filesystem::create_directory(folder / "moved");
  std::filesystem::rename(path, folder / "moved/blocks");
  std::filesystem::rename(folder / "pieces", folder / "moved/pieces");
  path = folder / "moved/blocks";
  reopen();
  EXPECT_TRUE(serves(4));
}

TEST_F(packs, pieces_with_one_and_with_several_segments) {
  auto one = folder / "one.piece", many = folder / "many.piece";
  ASSERT_TRUE(test::write_piece(one, {car_of(0, 5)}));
  ASSERT_TRUE(test::write_piece(many, {car_of(10, 12), car_of(20, 60), car_of(61, 64)}));
  ASSERT_TRUE(store->add_pack(one));
  auto added = store->add_pack(many);
  ASSERT_TRUE(added) << to_string(added.error());
  for (int i : {0, 4, 10, 11, 20, 59, 61, 63})
    EXPECT_TRUE(serves(i)) << i;
  EXPECT_EQ(store->stat()->packed_blocks, 5u + 2 + 40 + 3);
  ASSERT_TRUE(write_car_v2(car("v1.car", 70, 75), folder / "v2.car"));
  ASSERT_TRUE(store->add_pack(folder / "v2.car"));
  EXPECT_TRUE(serves(74));
}

TEST_F(packs, a_block_of_two_packs_is_counted_once_and_outlives_one) {
  auto a = car("a.car", 0, 10), b = car("b.car", 5, 15);
  ASSERT_TRUE(store->add_pack(a));
  ASSERT_TRUE(store->add_pack(b));
  EXPECT_EQ(store->stat()->packed_blocks, 15u);
  EXPECT_EQ(listed(), 15);
  ASSERT_TRUE(store->drop_pack(a));
  EXPECT_EQ(store->drop_pack(a).error().code, errc::not_found);
  EXPECT_TRUE(std::filesystem::exists(a)) << "the file is its owner's";
  for (int i = 0; i < 15; ++i)
    EXPECT_EQ(serves(i), i >= 5) << i;
  EXPECT_EQ(store->stat()->packed_blocks, 10u);
  reopen();
  EXPECT_FALSE(serves(4));
  EXPECT_TRUE(serves(5));
  ASSERT_TRUE(store->add_pack(a)) << "it can come back";
  EXPECT_TRUE(serves(4));
}

TEST_F(packs, the_index_is_made_again_out_of_the_packs) {
  ASSERT_TRUE(test::write_piece(folder / "a.piece", {car_of(0, 30), car_of(30, 40)}));
  ASSERT_TRUE(store->add_pack(folder / "a.piece"));
  ASSERT_TRUE(store->add_pack(car("b.car", 35, 50)));
  auto before = *store->stat();
  store.reset();
  ASSERT_TRUE(block_store::discard_index(path));
  reopen();
  for (int i = 0; i < 50; ++i)
    EXPECT_TRUE(serves(i)) << i;
  EXPECT_EQ(store->stat()->packed_blocks, before.packed_blocks);
  EXPECT_EQ(store->stat()->packed_bytes, before.packed_bytes);

  store.reset(); // and a damaged one is thrown away
  for (const auto& entry : std::filesystem::directory_iterator{path / ".packs/index"})
    if (entry.path().filename().string().starts_with("MANIFEST"))
      test::write_file(entry.path(), as_bytes("rubbish"));
  reopen();
  EXPECT_TRUE(serves(49));
}

TEST_F(packs, a_missing_file_takes_its_blocks_with_it_and_can_come_back) {
  auto a = car("a.car", 0, 5);
  ASSERT_TRUE(store->add_pack(a));
  store.reset();
  std::filesystem::rename(a, folder / "away.car");
  reopen();
  EXPECT_TRUE(store->packs()[0].missing);
  EXPECT_EQ(store->get(id_of(1)).error().code, errc::not_found);
  ASSERT_TRUE(store->put(id_of(1), block(1)));
  EXPECT_TRUE(serves(1));
  store.reset();
  std::filesystem::rename(folder / "away.car", a);
  reopen();
  EXPECT_TRUE(serves(1));
  EXPECT_TRUE(serves(2));
}

TEST_F(packs, reads_and_writes_go_on_while_packs_come_and_go) {
  constexpr int count = 60;
  auto a = car("a.car", 0, count);
  for (int i = 0; i < count; ++i)
    ASSERT_TRUE(store->put(id_of(i), block(i)));
  std::atomic<bool> stop{false};
  std::atomic<int> bad{0};
  std::thread reader{[&] {
    for (int i = 0; !stop; i = (i + 7) % count)
      if (!serves(i))
        ++bad;
  }};
  std::thread writer{[&] {
    for (int i = 0; !stop; i = (i + 1) % count) {
      auto w = store->writer();
      if (!w->put(id_of(i), block(i)) || !w->commit())
        ++bad;
    }
  }};
  ASSERT_TRUE(store->add_pack(a));
  ASSERT_TRUE(store->add_pack(car("b.car", 30, 90)));
  stop = true;
  reader.join();
  writer.join();
  EXPECT_EQ(bad, 0);
  EXPECT_EQ(test::loose_files(path), 0) << "no block is both loose and packed";
  EXPECT_EQ(listed(), 90);
}

} // namespace
} // namespace weir
