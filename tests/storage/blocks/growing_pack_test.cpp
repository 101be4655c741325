// Packs that small blocks are added to, group by group.
#include "storage/support/crash_point.hpp"
#include "tests/storage/blocks/pack_fixture.hpp"

#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

using test::block;
using test::id_of;

struct growing_packs : test::store_with_packs {
  growing_packs() {
    how = {};
    reopen();
  }
  void put(int from, int to) {
    auto w = store->writer();
    for (int i = from; i < to; ++i)
      ASSERT_TRUE(w->put(id_of(i), block(i)));
    ASSERT_TRUE(w->commit());
  }
  void expect(int from, int to) {
    for (int i = from; i < to; ++i)
      EXPECT_TRUE(serves(i)) << i;
  }
  fs::path file() const { return path / ".packs" / "own-1.car"; }
  /// The store as a crash leaves it, without what a clean end would write.
  fs::path crashed(bool with_index) const {
    auto copy = path.parent_path() / "crashed";
    fs::copy(path, copy, fs::copy_options::recursive);
    if (!with_index)
      fs::remove_all(copy / ".packs" / "index");
    return copy;
  }
};

TEST_F(growing_packs, many_commits_share_a_file_that_goes_on_after_a_restart) {
  auto w = store->writer();
  ASSERT_TRUE(w->put(id_of(0), block(0)));
  EXPECT_TRUE(serves(0)) << "readable when it was put";
  EXPECT_EQ(*store->size_of(id_of(0)), 1000u);
  ASSERT_TRUE(w->commit());
  put(0, 30);
  put(30, 31);
  reopen();
  put(25, 40);
  EXPECT_EQ(own_files(), 1);
  auto stat = *store->stat();
  EXPECT_EQ(stat.loose_blocks, 0u);
  EXPECT_EQ(stat.packed_blocks, 40u);
  EXPECT_EQ(test::loose_files(path), 0);
  expect(0, 40);
  reopen();
  expect(0, 40);
  auto check = store->check_all();
  ASSERT_TRUE(check);
  EXPECT_EQ(check->blocks, 40u);
  EXPECT_TRUE(check->damaged.empty() && check->unreadable.empty() && check->unindexed == 0);
}

TEST_F(growing_packs, large_blocks_and_those_that_are_loose_already_stay_loose) {
  how.small_block = 0;
  reopen();
  put(0, 2);
  how = {};
  reopen();
  bytes large(100'000, 'l');
  ASSERT_TRUE(store->put(*cid_of({}, large), large));
  put(0, 4);
  auto stat = *store->stat();
  EXPECT_EQ(stat.loose_blocks, 3u);
  EXPECT_EQ(stat.packed_blocks, 2u);
}

TEST_F(growing_packs, a_pack_ends_and_the_next_begins) {
  how.small_pack_bytes = 20'000;
  how.small_noted_bytes = 7'000;
  reopen();
  for (int i = 0; i < 100; i += 5)
    put(i, i + 5);
  EXPECT_GT(own_files(), 3);
  expect(0, 100);
  reopen();
  expect(0, 100);
  put(100, 101);
  EXPECT_EQ(store->stat()->packed_blocks, 101u);
  EXPECT_TRUE(store->check_all()->unreadable.empty());
}

TEST_F(growing_packs, a_crash_leaves_all_that_was_committed) {
  for (int i = 0; i < 20; i += 5)
    put(i, i + 5);
  for (bool with_index : {true, false}) {
    store = *block_store::open(crashed(with_index));
    expect(0, 20);
    EXPECT_EQ(store->stat()->packed_blocks, 20u);
    put(20, 21);
    store.reset();
    fs::remove_all(path.parent_path() / "crashed");
    store = *block_store::open(path, how);
  }
}

TEST_F(growing_packs, a_torn_tail_is_cut_off) {
  put(0, 10);
  auto copy = crashed(true);
  const auto torn = copy / ".packs" / "own-1.car";
  damage(torn, 9);
  test::write_file(copy / ".packs" / "own-7.car", test::car_of(50, 51)); // begun, never listed
  {
    std::ofstream more{torn, std::ios::binary | std::ios::app};
    auto frames = test::car_of(30, 31);
    more.write(reinterpret_cast<const char*>(frames.data()), 500);
  }
  store = *block_store::open(copy);
  expect(0, 9);
  EXPECT_FALSE(store->has(id_of(9)));
  EXPECT_FALSE(fs::exists(copy / ".packs" / "own-7.car"));
  put(9, 20);
  store.reset();
  store = *block_store::open(copy);
  expect(0, 20);
  EXPECT_TRUE(store->check_all()->damaged.empty());
  EXPECT_EQ(store->stat()->packed_blocks, 20u);
}

TEST_F(growing_packs, a_damaged_block_does_not_take_those_behind_it_away) {
  put(0, 10);
  auto copy = crashed(false);
  damage(copy / ".packs" / "own-1.car", 4);
  store = *block_store::open(copy);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(serves(i), i != 4) << i;
  put(4, 5);
  store.reset();
  store = *block_store::open(copy);
  expect(0, 10);
  EXPECT_EQ(store->stat()->packed_blocks, 10u);
}

TEST_F(growing_packs, what_nobody_needs_goes_even_while_it_grows) {
  put(0, 20);
  ASSERT_TRUE(store->compact(keeping(0, 15)));
  EXPECT_EQ(store->stat()->packed_blocks, 20u) << "most of it is needed";
  for (int i = 5; i < 20; ++i)
    ASSERT_TRUE(store->remove(id_of(i)));
  ASSERT_TRUE(store->compact(keeping(0, 5)));
  EXPECT_EQ(store->stat()->packed_blocks, 5u);
  put(20, 30);
  EXPECT_EQ(own_files(), 2);
  for (int i = 0; i < 30; ++i)
    ASSERT_TRUE(store->remove(id_of(i)));
  ASSERT_TRUE(store->compact(keeping(0, 0)));
  EXPECT_EQ(own_files(), 0);
  EXPECT_EQ(store->own_bytes(), 0u);
  put(0, 5);
  reopen();
  expect(0, 5);
  EXPECT_FALSE(store->has(id_of(25)));
}

TEST_F(growing_packs, many_writers_of_the_same_blocks) {
  how.small_pack_bytes = 50'000;
  reopen();
  std::atomic<std::uint64_t> fresh{0};
  std::vector<std::thread> writers;
  for (int t = 0; t < 8; ++t)
    writers.emplace_back([&, t] {
      auto w = store->writer();
      for (int i = 0; i < 200; ++i) {
        int n = (i + t * 25) % 200;
        EXPECT_TRUE(w->put(id_of(n), block(n)));
        EXPECT_TRUE(serves(n));
        if (i % 10 == 9) {
          EXPECT_TRUE(w->commit());
        }
      }
      EXPECT_TRUE(w->commit());
      fresh += w->new_blocks();
    });
  for (auto& t : writers)
    t.join();
  EXPECT_EQ(fresh, 200u);
  EXPECT_EQ(store->stat()->packed_blocks, 200u);
  auto check = *store->check_all();
  EXPECT_EQ(check.blocks, 200u) << "none is there twice";
  reopen();
  expect(0, 200);
}

struct crash_while_growing : growing_packs, testing::WithParamInterface<const char*> {};
TEST_P(crash_while_growing, keeps_what_was_committed) {
  for (int hit : {1, 2, 3}) {
    store.reset();
    auto child = ::fork();
    if (child == 0) {
      ::close(STDERR_FILENO);
      ::setenv("WEIR_CRASH_AT", (GetParam() + (":" + std::to_string(hit))).c_str(), 1);
      arm_crash_points();
      how.small_pack_bytes = 6'000;
      how.small_noted_bytes = 2'000;
      auto mine = *block_store::open(path, how);
      int done = 0;
      for (int i = 0; i < 30; ++i) {
        auto id = id_of(hit * 100 + i);
        if (mine->put(id, block(hit * 100 + i)))
          test::write_file(folder / "done", as_bytes(std::to_string(++done)));
      }
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), crash_exit_status);
    int done = 0;
    std::ifstream{folder / "done"} >> done;
    fs::remove(folder / "done");
    reopen();
    expect(hit * 100, hit * 100 + done);
    EXPECT_TRUE(store->for_each(
        [&](bytes_view multihash, std::uint64_t) { return store->check(cid::v1(codec::raw, multihash)); }));
    EXPECT_TRUE(store->check_all()->damaged.empty());
  }
}
INSTANTIATE_TEST_SUITE_P(points, crash_while_growing,
                         testing::Values("packs.appended", "packs.synced", "packs.grown", "packs.noted",
                                         "packs.listed"),
                         [](const auto& info) { return std::string{info.param}.substr(6); });

} // namespace
} // namespace weir
