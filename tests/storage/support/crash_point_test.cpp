#include "storage/support/crash_point.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include <sys/wait.h>
#include <unistd.h>

namespace weir {
namespace {

/// Passes `file.written` `hits` times in a child; its exit status.
int status_of_child(const char* variable, const char* value, int hits) {
  auto child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    ::setenv(variable, value, 1);
    arm_crash_points();
    for (int i = 0; i < hits; ++i)
      crash_point("file.written");
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST(crash_point, kills_at_its_name_only) {
  EXPECT_EQ(status_of_child("WEIR_CRASH_AT", "file.written", 1), crash_exit_status);
  EXPECT_EQ(status_of_child("WEIR_CRASH_AT", "file.renamed", 1), 0);
  EXPECT_EQ(status_of_child("WEIR_CRASH_AT", "no.such.point", 1), 0);
}

TEST(crash_point, counts_hits) {
  EXPECT_EQ(status_of_child("WEIR_CRASH_AT", "file.written:3", 2), 0);
  EXPECT_EQ(status_of_child("WEIR_CRASH_AT", "file.written:3", 3), crash_exit_status);
}

TEST(crash_point, dies_at_random_with_the_given_chance) {
  EXPECT_EQ(status_of_child("WEIR_CRASH_RANDOM", "7:0", 10000), 0);
  EXPECT_EQ(status_of_child("WEIR_CRASH_RANDOM", "7:1000", 1), crash_exit_status);
  EXPECT_EQ(status_of_child("WEIR_CRASH_RANDOM", "7:10", 10000), crash_exit_status);
}

TEST(crash_point, names_are_listed_once) {
  std::set<std::string_view> seen;
  for (auto name : crash_point_names())
    EXPECT_TRUE(seen.insert(name).second) << name;
  EXPECT_TRUE(seen.contains("records.commit.after"));
}

} // namespace
} // namespace weir
