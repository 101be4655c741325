// Adding and dropping a pack, stopped at each step: the store opens, serves
// every block it should, and none is both loose and packed.
#include "storage/support/crash_point.hpp"
#include "tests/storage/blocks/pack_fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir {
namespace {

using test::block;
using test::id_of;

int run_until(const std::string& point, const std::function<status()>& work) {
  auto child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    ::setenv("WEIR_CRASH_AT", point.c_str(), 1);
    arm_crash_points();
    ::_exit(work() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

/// Blocks 0 to 3 loose, 2 to 7 in the CAR.
struct folder_with_packs : testing::Test {
  test::temp_dir folder;
  std::filesystem::path path = folder / "blocks", car = folder / "a.car";

  void SetUp() override {
    test::write_file(car, test::car_of(2, 8));
    auto store = *block_store::open(path, {.small_block = 0});
    for (int i = 0; i < 4; ++i)
      ASSERT_TRUE(store->put(id_of(i), block(i)));
  }

  /// The blocks up to `count` are here, each in one way.
  void expect_blocks(int count) {
    auto store = block_store::open(path, {.small_block = 0});
    ASSERT_TRUE(store) << to_string(store.error());
    for (int i = 0; i < 8; ++i)
      EXPECT_EQ((*store)->check(id_of(i)).ok(), i < count) << i;
    auto stat = *(*store)->stat();
    EXPECT_EQ(stat.loose_blocks + stat.packed_blocks, static_cast<std::uint64_t>(count));
    EXPECT_EQ(stat.packs, count == 8 ? 1u : 0u);
    for (const auto& entry : std::filesystem::directory_iterator{path / ".packs"})
      EXPECT_NE(entry.path().extension(), ".tmp");
  }
};

struct crash_while_adding : folder_with_packs, testing::WithParamInterface<const char*> {};
TEST_P(crash_while_adding, leaves_each_block_in_one_place) {
  ASSERT_EQ(run_until(GetParam(),
                      [&]() -> status {
                        WEIR_TRY(auto store, block_store::open(path, {.small_block = 0}));
                        return store->add_pack(car);
                      }),
            crash_exit_status);
  const std::string_view at = GetParam();
  expect_blocks(at == "packs.indexed" || at == "file.written" ? 4 : 8);
  auto store = *block_store::open(path, {.small_block = 0});
  auto again = store->add_pack(car);
  EXPECT_TRUE(again || again.error().code == errc::already_exists);
  store.reset();
  expect_blocks(8);
}
INSTANTIATE_TEST_SUITE_P(points, crash_while_adding,
                         testing::Values("packs.indexed", "file.written", "file.renamed", "packs.listed",
                                         "packs.loose_gone"));

struct crash_while_dropping : folder_with_packs, testing::WithParamInterface<const char*> {};
TEST_P(crash_while_dropping, leaves_no_trace_of_the_pack) {
  ASSERT_TRUE((*block_store::open(path, {.small_block = 0}))->add_pack(car));
  ASSERT_EQ(run_until(GetParam(),
                      [&]() -> status {
                        WEIR_TRY(auto store, block_store::open(path, {.small_block = 0}));
                        return store->drop_pack(car);
                      }),
            crash_exit_status);
  expect_blocks(2);
  ASSERT_TRUE((*block_store::open(path, {.small_block = 0}))->add_pack(car));
  expect_blocks(8);
}
TEST_F(folder_with_packs, leaves_the_pack_while_its_blocks_are_being_kept) {
  ASSERT_TRUE((*block_store::open(path, {.small_block = 0}))->add_pack(car));
  ASSERT_EQ(run_until("packs.kept",
                      [&]() -> status {
                        WEIR_TRY(auto store, block_store::open(path, {.small_block = 0}));
                        return store->drop_pack(car, [](bytes_view) -> result<bool> { return true; });
                      }),
            crash_exit_status);
  expect_blocks(8);
}
INSTANTIATE_TEST_SUITE_P(points, crash_while_dropping, testing::Values("packs.unlisted"));

} // namespace
} // namespace weir
