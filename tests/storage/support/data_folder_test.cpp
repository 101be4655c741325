#include "storage/support/data_folder.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include <sys/stat.h>

namespace weir {
namespace {

using test::temp_dir;
namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  std::ofstream{path} << text;
}

TEST(data_folder, makes_what_is_missing) {
  temp_dir dir;
  auto folder = data_folder::open(dir / "a/b");
  ASSERT_TRUE(folder) << to_string(folder.error());
  for (auto& path : {folder->records(), folder->blocks(), folder->pieces(), folder->uploads(), folder->devnet()})
    EXPECT_TRUE(fs::is_directory(path)) << path;
  struct stat found {};
  ASSERT_EQ(::stat(folder->keys().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
}

TEST(data_folder, is_used_by_one_at_a_time) {
  temp_dir dir;
  {
    auto first = data_folder::open(dir / "data");
    ASSERT_TRUE(first);
    auto second = data_folder::open(dir / "data");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, errc::data_in_use);
    EXPECT_NE(second.error().message.find("process "), std::string::npos);
  }
  EXPECT_TRUE(data_folder::open(dir / "data"));
}

TEST(data_folder, of_a_newer_version_is_refused_and_left_alone) {
  temp_dir dir;
  ASSERT_TRUE(data_folder::open(dir / "data"));
  write(dir / "data/version", "2\n");
  auto folder = data_folder::open(dir / "data");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, errc::data_too_new);
  EXPECT_EQ(folder.error().value, "2");
  EXPECT_EQ(folder.error().limit, "1");
}

TEST(data_folder, with_a_damaged_version_is_refused) {
  temp_dir dir;
  ASSERT_TRUE(data_folder::open(dir / "data"));
  for (std::string text : {"", "x\n", "0\n", "1x\n", "99999999999999\n"}) {
    write(dir / "data/version", text);
    auto folder = data_folder::open(dir / "data");
    ASSERT_FALSE(folder) << text;
    EXPECT_EQ(folder.error().code, errc::corrupt);
  }
}

TEST(data_folder, never_scatters_files_into_a_foreign_folder) {
  temp_dir dir;
  write(dir / "photo.jpg", "mine");
  auto folder = data_folder::open(dir.path());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, errc::precondition);
  EXPECT_FALSE(fs::exists(dir / "lock"));
}

TEST(data_folder, belongs_to_one_network_for_ever) {
  temp_dir dir;
  {
    auto folder = data_folder::open(dir / "data");
    ASSERT_TRUE(folder);
    EXPECT_EQ(folder->network(), "");
    EXPECT_TRUE(folder->belong_to("devnet-7"));
    EXPECT_TRUE(folder->belong_to("devnet-7"));
  }
  auto folder = data_folder::open(dir / "data");
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->network(), "devnet-7");
  auto other = folder->belong_to("mainnet");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, errc::wrong_network);
  EXPECT_EQ(other.error().limit, "devnet-7");
  EXPECT_EQ(folder->belong_to("").error().code, errc::invalid_argument);
}

} // namespace
} // namespace weir
