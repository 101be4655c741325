// Packs of the store's own: written by large imports, made smaller when most
// of what is in them is dead.
#include "storage/support/crash_point.hpp"
#include "tests/storage/blocks/pack_fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir {
namespace {

using test::block;
using test::id_of;

using own_packs = test::store_with_packs;

TEST_F(own_packs, an_import_is_one_file_and_readable_once_committed) {
  ASSERT_TRUE(store->put(id_of(3), block(3)));
  auto w = store->pack_writer();
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(w->put(id_of(i % 40), block(i % 40)));
  EXPECT_FALSE(serves(0));
  ASSERT_TRUE(w->commit());
  EXPECT_EQ(w->new_blocks(), 39u);
  for (int i = 0; i < 40; ++i)
    EXPECT_TRUE(serves(i)) << i;
  auto stat = *store->stat();
  EXPECT_EQ(stat.loose_blocks, 1u);
  EXPECT_EQ(stat.packed_blocks, 39u);
  EXPECT_EQ(own_files(), 1);
  EXPECT_EQ(store->own_bytes(), 1003u + stat.pack_bytes);
  reopen();
  for (int i = 0; i < 40; ++i)
    EXPECT_TRUE(serves(i)) << i;
  EXPECT_TRUE(store->check_all()->damaged.empty());
}

TEST_F(own_packs, what_is_not_committed_is_gone) {
  {
    auto w = store->pack_writer();
    ASSERT_TRUE(w->put(id_of(1), block(1)));
  }
  EXPECT_EQ(own_files(), 0);
  ASSERT_TRUE(import(0, 3));
  test::write_file(path / ".packs" / "own-9.car", test::car_of(5, 6));
  test::write_file(path / ".packs" / "own-8.car.tmp", test::car_of(5, 6));
  reopen();
  EXPECT_EQ(own_files(), 1);
  ASSERT_TRUE(import(3, 6));
  EXPECT_EQ(own_files(), 2);
}

TEST_F(own_packs, a_mostly_dead_one_is_made_smaller) {
  ASSERT_TRUE(import(0, 10));
  ASSERT_TRUE(import(10, 20));
  auto before = store->own_bytes();
  auto done = store->compact(keeping(4, 17));
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->packs, 0u) << "both are mostly alive";
  for (int i : {4, 5, 6, 7})
    ASSERT_TRUE(store->remove(id_of(i)));
  done = store->compact(keeping(8, 17));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->packs, 1u);
  EXPECT_LT(store->own_bytes(), before - 7000);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(serves(i), i >= 8) << i;
  EXPECT_EQ(own_files(), 2);
  reopen();
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(serves(i), i >= 8) << i;
}

TEST_F(own_packs, one_without_anything_that_is_needed_goes) {
  ASSERT_TRUE(import(0, 10));
  test::write_file(folder / "a.car", test::car_of(0, 5));
  ASSERT_TRUE(store->add_pack(folder / "a.car"));
  ASSERT_TRUE(store->compact(keeping(0, 5))); // the other pack has them
  EXPECT_EQ(own_files(), 0);
  EXPECT_EQ(store->own_bytes(), 0u);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(serves(i), i < 5) << i;
  EXPECT_EQ(store->packs().size(), 1u);
}

TEST_F(own_packs, a_compaction_that_was_left_is_made_up_for_by_the_next) {
  ASSERT_TRUE(import(0, 10));
  ASSERT_EQ(store->compact(keeping(0, 10))->packs, 0u);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(store->remove(id_of(i)));
  for (int steps : {0, 3, 12}) {
    auto stopped = store->compact(keeping(0, 0), [&, left = steps]() mutable -> status {
      return left-- > 0 ? status{} : status{fail(errc::cancelled, "stop")};
    });
    ASSERT_FALSE(stopped) << steps;
  }
  EXPECT_EQ(store->compact(keeping(0, 0))->packs, 1u);
  EXPECT_EQ(own_files(), 0);
}

TEST_F(own_packs, a_second_compaction_does_not_say_that_the_first_is_done) {
  ASSERT_TRUE(import(0, 10));
  ASSERT_EQ(store->compact(keeping(0, 10))->packs, 0u);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(store->remove(id_of(i)));
  std::future<int> second;
  ASSERT_TRUE(store->compact(keeping(0, 0), [&]() -> status {
    if (!second.valid()) {
      second = std::async(std::launch::async, [&] {
        EXPECT_TRUE(store->compact(keeping(0, 0)));
        return own_files();
      });
      second.wait_for(std::chrono::milliseconds{20}); // it may not end before this one
    }
    return {};
  }));
  EXPECT_EQ(second.get(), 0);
}

TEST_F(own_packs, foreign_packs_are_left_alone) {
  test::write_file(folder / "a.car", test::car_of(0, 5));
  ASSERT_TRUE(store->add_pack(folder / "a.car"));
  EXPECT_EQ(store->compact(keeping(0, 0))->packs, 0u);
  EXPECT_TRUE(serves(1));
}

TEST_F(own_packs, readers_and_writers_go_on_while_a_pack_is_replaced) {
  constexpr int count = 200;
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  ASSERT_TRUE(import(0, count));
  std::thread reader{[&] {
    for (int i = 0; !stop; i = (i + 1) % 20)
      wrong += !serves(i);
  }};
  std::thread writer{[&] {
    for (int i = 100; i < 160; ++i) // as whoever has just said that he needs it
      wrong += !store->put(id_of(i), block(i));
  }};
  for (int round = 0; round < 10; ++round) {
    auto kept = keeping(0, 20);
    auto keep = [&](bytes_view multihash) -> result<bool> {
      WEIR_TRY(bool reader_needs, kept(multihash));
      WEIR_TRY(bool writer_needs, keeping(100, 160)(multihash));
      return reader_needs || writer_needs;
    };
    wrong += !store->compact(keep);
    wrong += !import(160, count);
  }
  writer.join();
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
  for (int i = 100; i < 160; ++i)
    EXPECT_TRUE(serves(i)) << i;
}

struct crash_while_compacting : own_packs, testing::WithParamInterface<const char*> {};
TEST_P(crash_while_compacting, leaves_the_old_pack_or_the_new_one) {
  ASSERT_TRUE(import(0, 10));
  store.reset();
  auto child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    ::setenv("WEIR_CRASH_AT", GetParam(), 1);
    arm_crash_points();
    auto mine = *block_store::open(path, how);
    (void)mine->put(id_of(30), block(30));
    (void)mine->compact(keeping(0, 3));
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(WEXITSTATUS(status), crash_exit_status);
  store = *block_store::open(path, how);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(serves(i)) << i;
  auto stat = *store->stat();
  EXPECT_EQ(static_cast<int>(stat.packs), own_files()) << "no file that nobody lists";
  EXPECT_EQ(stat.loose_blocks, 1u);
  ASSERT_TRUE(store->compact(keeping(0, 3)));
  EXPECT_EQ(own_files(), 1);
  EXPECT_EQ(store->stat()->packed_blocks, 3u);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(serves(i)) << i;
  EXPECT_TRUE(store->check_all()->doubled.empty());
}
INSTANTIATE_TEST_SUITE_P(points, crash_while_compacting,
                         testing::Values("packs.compacted", "packs.indexed", "packs.listed", "packs.loose_gone",
                                         "packs.replaced", "packs.unlisted"));

TEST_F(own_packs, an_import_that_dies_before_its_pack_is_listed_leaves_nothing) {
  store.reset();
  auto child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    ::setenv("WEIR_CRASH_AT", "packs.written", 1);
    arm_crash_points();
    store = *block_store::open(path, how);
    (void)import(0, 5);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(WEXITSTATUS(status), crash_exit_status);
  reopen();
  EXPECT_EQ(own_files(), 0);
  EXPECT_FALSE(serves(0));
}

} // namespace
} // namespace weir
