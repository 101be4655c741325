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

struct packs : testing::Test {
  test::temp_dir folder;
  std::filesystem::path path = folder / "blocks";
  std::unique_ptr<block_store> store = *block_store::open(path);

  void reopen() {
    store.reset();
    auto opened = block_store::open(path);
    ASSERT_TRUE(opened) << to_string(opened.error());
    store = *std::move(opened);
  }

  std::filesystem::path car(const std::string& name, int from, int to) {
    test::write_file(folder / name, car_of(from, to));
    return folder / name;
  }

  bool serves(int i) {
    auto data = store->get(id_of(i));
    return data && *data == block(i);
  }

  int listed() {
    std::map<std::string, int> seen;
    EXPECT_TRUE(store->for_each([&](bytes_view multihash, std::uint64_t size) {
      ++seen[to_hex(multihash)];
      EXPECT_GE(size, 1000u);
      return status{};
    }));
    for (auto& [key, count] : seen)
      EXPECT_EQ(count, 1) << "each block once";
    return static_cast<int>(seen.size());
  }

  void damage(const std::filesystem::path& file, int i) {
    std::fstream io{file, std::ios::in | std::ios::out | std::ios::binary};
    std::string all{std::istreambuf_iterator<char>{io}, {}};
    auto at = all.find(std::string{as_text(block(i))});
    ASSERT_NE(at, all.npos);
    io.clear();
    io.seekp(static_cast<std::streamoff>(at + 500));
    io.put('!');
  }
};

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

TEST_F(packs, a_damaged_block_is_mended_in_its_place) {
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

TEST_F(packs, a_rebuilt_index_does_not_cost_the_good_copy_of_a_damaged_block) {
  auto file = car("a.car", 0, 6);
  ASSERT_TRUE(store->add_pack(file));
  damage(file, 2);
  EXPECT_EQ(store->get(id_of(2)).error().code, errc::corrupt);
  ASSERT_TRUE(store->put(id_of(2), block(2)));
  store.reset();
  ASSERT_TRUE(block_store::discard_index(path));
  store = *block_store::open(path);
  for (int i = 0; i < 6; ++i)
    EXPECT_TRUE(serves(i)) << i;
  EXPECT_EQ(listed(), 6);
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

TEST_F(packs, a_damaged_file_is_not_added) {
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

TEST_F(packs, a_block_damaged_later_is_put_aside_and_told) {
  auto a = car("a.car", 0, 10);
  ASSERT_TRUE(store->add_pack(a));
  reopen(); // a new process, for whom nothing is checked
  std::vector<cid> told;
  store->on_damage([&](const cid& id) { told.push_back(id); });
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

TEST_F(packs, another_copy_takes_the_place_of_a_damaged_one) {
  auto a = car("a.car", 0, 10), b = car("b.car", 0, 10);
  ASSERT_TRUE(store->add_pack(a));
  ASSERT_TRUE(store->add_pack(b));
  reopen();
  int told = 0;
  store->on_damage([&](const cid&) { ++told; });
  damage(a, 7);
  EXPECT_TRUE(serves(7));
  EXPECT_TRUE(serves(7));
  EXPECT_EQ(told, 1);
}

TEST_F(packs, repair_mends_from_the_other_copy_and_completes_the_index) {
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

TEST_F(packs, check_finds_what_is_both_loose_and_packed) {
  ASSERT_TRUE(store->add_pack(car("a.car", 0, 4)));
  test::temp_dir elsewhere;
  auto other = *block_store::open(elsewhere / "blocks");
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

TEST_F(packs, check_names_packs_that_are_missing_or_cut_off) {
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

TEST_F(packs, check_reads_every_copy) {
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
