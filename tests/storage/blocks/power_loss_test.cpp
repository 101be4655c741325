// Durability in one test: whatever the moment at which power goes or the disk
// refuses, a block whose commit returned is there and whole, a block that is
// there is whole, and none is both loose and packed.
#include "tests/storage/blocks/pack_fixture.hpp"
#include "tests/support/faulty_file_system.hpp"
#include "tests/support/temp_dir.hpp"

#include <cerrno>
#include <set>

#include <gtest/gtest.h>

namespace weir {
namespace {

using test::block;
using test::faulty_file_system;
using test::id_of;

constexpr int put_blocks = 24, packed_from = 18, all_blocks = 30;

/// Uploads, a pack, one more upload, the pack's end; notes what it was promised.
struct run {
  std::set<int> committed;
  bool packing = false, packed = false, dropping = false;
  status result;

  run(const std::filesystem::path& root, bool small) { result = work(root, small); }

  status work(const std::filesystem::path& root, bool small) {
    block_store::options how{.group_blocks = 7, .remembered = 256, .small_block = 0};
    if (small) // packs that end, and are noted, within the run
      how = {.remembered = 256, .small_pack_bytes = 22'000, .small_noted_bytes = 9'000};
    WEIR_TRY(auto store, block_store::open(root / "blocks", how));
    for (int first = 0; first < put_blocks; first += 12) {
      auto writer = store->writer();
      for (int i = first; i < first + 12; ++i)
        WEIR_CHECK(writer->put(id_of(i), block(i)));
      WEIR_CHECK(writer->commit());
      for (int i = first; i < first + 12; ++i)
        committed.insert(i);
    }
    packing = true;
    WEIR_CHECK(store->add_pack(root / "a.car"));
    packed = true;
    for (int i = packed_from; i < all_blocks; ++i)
      committed.insert(i);
    WEIR_CHECK(store->put(id_of(100), block(100)));
    committed.insert(100);
    dropping = true;
    for (int i = packed_from; i < all_blocks; ++i)
      committed.erase(i);
    return store->drop_pack(root / "a.car");
  }
};

/// What a store may not say, whatever happened to it.
void expect_sound(const std::filesystem::path& root, const run& promised, const std::string& where) {
  auto opened = block_store::open(root / "blocks", {.remembered = 256});
  ASSERT_TRUE(opened) << where << ": " << to_string(opened.error());
  auto& store = **opened;
  for (int i : promised.committed)
    EXPECT_TRUE(store.check(id_of(i))) << where << ", block " << i;
  std::set<std::string> seen;
  EXPECT_TRUE(store.for_each([&](bytes_view multihash, std::uint64_t) -> status {
    EXPECT_TRUE(seen.insert(to_hex(multihash)).second) << where << ": a block is there twice";
    return store.check(cid::v1(codec::raw, multihash));
  })) << where;
  EXPECT_TRUE(std::filesystem::is_empty(root / "blocks/.temp")) << where;
  // And nothing is in the way of doing it again.
  EXPECT_TRUE(store.put(id_of(200), block(200))) << where;
}

std::size_t steps_of_a_run(bool small) {
  test::temp_dir folder;
  test::write_file(folder / "a.car", test::car_of(packed_from, all_blocks));
  faulty_file_system disk{folder.path()};
  file_system_scope use{disk};
  EXPECT_TRUE((run{folder.path(), small}.result));
  return disk.steps();
}

class power_loss : public testing::TestWithParam<bool> {};

TEST_P(power_loss, at_every_step) {
  const auto steps = steps_of_a_run(GetParam());
  ASSERT_GT(steps, 60u);
  for (std::size_t at = 1; at <= steps; ++at) {
    test::temp_dir folder;
    test::write_file(folder / "a.car", test::car_of(packed_from, all_blocks));
    faulty_file_system disk{folder.path()};
    disk.lose_power_at(at);
    auto promised = [&] {
      file_system_scope use{disk};
      return run{folder.path(), GetParam()};
    }();
    EXPECT_TRUE(disk.power_lost());
    for (unsigned seed : {1u, 2u, 3u, 4u}) {
      test::temp_dir after;
      // The index is LevelDB's own affair: lost, it is made again.
      disk.survivors(after.path(), seed + static_cast<unsigned>(at) * 10, "index");
      std::error_code ignored;
      std::filesystem::remove_all(after / "blocks/.packs/index", ignored);
      expect_sound(after.path(), promised, "step " + std::to_string(at) + ", seed " + std::to_string(seed));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(blocks, power_loss, testing::Bool(),
                         [](const auto& info) { return info.param ? "small" : "loose"; });

class refusing_disk : public testing::TestWithParam<std::tuple<int, bool>> {};

TEST_P(refusing_disk, at_many_steps) {
  const auto [error, small] = GetParam();
  const auto steps = steps_of_a_run(small);
  for (bool for_good : {false, true})
    // Every step with one of the two errors and ways; all of each take a minute.
    for (std::size_t at = 1 + (for_good ? 2 : 0) + (error == EIO ? 1 : 0); at <= steps; at += 4) {
      test::temp_dir folder;
      test::write_file(folder / "a.car", test::car_of(packed_from, all_blocks));
      faulty_file_system disk{folder.path()};
      disk.fail_at(at, error, for_good);
      auto promised = [&] {
        file_system_scope use{disk};
        return run{folder.path(), small};
      }();
      if (!promised.result) {
        EXPECT_EQ(promised.result.error().code, error == ENOSPC ? errc::disk_full : errc::io)
            << to_string(promised.result.error());
      }
      expect_sound(folder.path(), promised, "step " + std::to_string(at));
    }
}

INSTANTIATE_TEST_SUITE_P(errors, refusing_disk, testing::Combine(testing::Values(ENOSPC, EIO), testing::Bool()),
                         [](const auto& info) {
                           return std::string{std::get<0>(info.param) == ENOSPC ? "no_space" : "input_output"}
                                  + (std::get<1>(info.param) ? "_small" : "_loose");
                         });

TEST(refusing_disk, a_full_disk_gets_room_again) {
  test::temp_dir folder;
  faulty_file_system disk{folder.path()};
  file_system_scope use{disk};
  auto store = *block_store::open(folder / "blocks");
  disk.fail_at(disk.steps() + 1, ENOSPC, true);
  EXPECT_EQ(store->put(id_of(1), block(1)).error().code, errc::disk_full);
  EXPECT_FALSE(store->has(id_of(1)));
  disk.heal();
  EXPECT_TRUE(store->put(id_of(1), block(1)));
  EXPECT_TRUE(store->check(id_of(1)));
}

} // namespace
} // namespace weir
