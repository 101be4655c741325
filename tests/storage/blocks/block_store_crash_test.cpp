// The store after a crash at each step of a group: what has its name is whole,
// what was committed is there, and nothing is in the way of doing it again.
#include "storage/blocks/block_store.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/support/crash_point.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir {
namespace {

constexpr int blocks_of_a_run = 5;

bytes block(int i) {
  return bytes(2000 + static_cast<std::size_t>(i), static_cast<std::uint8_t>(i));
}

cid id_of(int i) {
  return *cid_of({}, block(i));
}

/// Groups of three: the first is written by `put`, the second by `commit`.
status put_all(const std::filesystem::path& path) {
  WEIR_TRY(auto store, block_store::open(path, {.group_blocks = 3, .small_block = 0}));
  auto writer = store->writer();
  for (int i = 1; i <= blocks_of_a_run; ++i)
    WEIR_CHECK(writer->put(id_of(i), block(i)));
  return writer->commit();
}

int exit_status_at(const std::string& point, const std::filesystem::path& path) {
  auto child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    ::setenv("WEIR_CRASH_AT", point.c_str(), 1);
    arm_crash_points();
    ::_exit(put_all(path) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

class crash_in_a_group : public testing::TestWithParam<const char*> {};

TEST_P(crash_in_a_group, leaves_whole_blocks_only) {
  for (int hit : {1, 2}) {
    test::temp_dir folder;
    auto path = folder / "blocks";
    ASSERT_TRUE((*block_store::open(path, {.small_block = 0}))->put(id_of(0), block(0)));
    ASSERT_EQ(exit_status_at(std::string{GetParam()} + ":" + std::to_string(hit), path), crash_exit_status);
    {
      auto store = *block_store::open(path, {.small_block = 0});
      EXPECT_TRUE(std::filesystem::is_empty(path / ".temp"));
      EXPECT_TRUE(store->check(id_of(0)));
      int there = 0;
      EXPECT_TRUE(store->for_each([&](bytes_view multihash, std::uint64_t) {
        ++there;
        return store->check(cid::v1(codec::raw, multihash));
      }));
      const bool named =
          std::string_view{GetParam()} != "blocks.staged" && std::string_view{GetParam()} != "blocks.synced";
      EXPECT_EQ(there, 1 + (hit == 2 ? 3 : 0) + (named ? (hit == 2 ? 2 : 3) : 0));
    }
    EXPECT_TRUE(put_all(path));
    auto store = *block_store::open(path, {.small_block = 0});
    for (int i = 0; i <= blocks_of_a_run; ++i)
      EXPECT_TRUE(store->check(id_of(i))) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(points, crash_in_a_group,
                         testing::Values("blocks.staged", "blocks.synced", "blocks.named", "blocks.published"),
                         [](const auto& info) { return std::string{info.param}.substr(7); });

} // namespace
} // namespace weir
