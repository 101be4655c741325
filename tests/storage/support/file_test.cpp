#include "storage/support/file.hpp"

#include "storage/support/crash_point.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir {
namespace {

using test::temp_dir;

TEST(file, durable_write_replaces_the_whole_file) {
  temp_dir dir;
  ASSERT_TRUE(write_file_durably(dir / "f", as_bytes("a long first text")));
  ASSERT_TRUE(write_file_durably(dir / "f", as_bytes("short"), 0600));
  EXPECT_EQ(read_small_file(dir / "f").value_or("?"), "short");
  EXPECT_FALSE(std::filesystem::exists(dir / "f.tmp"));
}

TEST(file, durable_write_leaves_the_old_or_the_new_file_after_a_crash) {
  for (std::string point : {"file.written", "file.renamed"}) {
    temp_dir dir;
    ASSERT_TRUE(write_file_durably(dir / "f", as_bytes("old")));
    auto child = ::fork();
    if (child == 0) {
      ::close(STDERR_FILENO);
      ::setenv("WEIR_CRASH_AT", point.c_str(), 1);
      arm_crash_points();
      (void)write_file_durably(dir / "f", as_bytes("new"));
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), crash_exit_status);
    EXPECT_EQ(read_small_file(dir / "f").value_or("?"), point == "file.written" ? "old" : "new");
  }
}

TEST(file, errors_say_what_and_where) {
  temp_dir dir;
  auto missing = read_small_file(dir / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, errc::not_found);
  EXPECT_EQ(missing.error().value, (dir / "none").string());
  ASSERT_TRUE(write_file_durably(dir / "f", bytes(100)));
  EXPECT_EQ(read_small_file(dir / "f", 99).error().code, errc::too_large);
  EXPECT_EQ(make_folder(dir / "f").error().code, errc::io);
}

TEST(file, over_the_size_limit_is_disk_full_and_keeps_the_old_file) {
  temp_dir dir;
  ASSERT_TRUE(write_file_durably(dir / "f", as_bytes("old")));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1000;
  ::setrlimit(RLIMIT_FSIZE, &small);
  auto written = write_file_durably(dir / "f", bytes(5000));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, errc::disk_full);
  EXPECT_EQ(read_small_file(dir / "f").value_or("?"), "old");
  EXPECT_FALSE(std::filesystem::exists(dir / "f.tmp"));
}

TEST(file, reads_and_writes_at_offsets) {
  temp_dir dir;
  auto fd = open_file(dir / "f", O_RDWR | O_CREAT);
  ASSERT_TRUE(fd);
  ASSERT_TRUE(write_all_at(fd->get(), as_bytes("world"), 6, dir / "f"));
  ASSERT_TRUE(write_all_at(fd->get(), as_bytes("hello "), 0, dir / "f"));
  bytes into(20);
  auto n = read_at(fd->get(), into, 3, dir / "f");
  ASSERT_TRUE(n);
  EXPECT_EQ(as_text(bytes_view{into}.first(*n)), "lo world");
  EXPECT_TRUE(sync_file(fd->get(), dir / "f"));
}

} // namespace
} // namespace weir
