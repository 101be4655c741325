#include "node/cli/tree_walk.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sys/stat.h>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

struct tree_walk : testing::Test {
  test::temp_dir folder;
  std::map<std::string, found_file> found;

  void put(const std::string& path, const std::string& text = "x") {
    auto whole = folder / path;
    fs::create_directories(whole.parent_path());
    std::ofstream{whole} << text;
  }
  status walk(const std::string& path) {
    found.clear();
    return walk_tree(path, [this](const found_file& f) -> status {
      found[f.path] = f;
      return {};
    });
  }
};

TEST_F(tree_walk, finds_files_links_and_empty_folders) {
  put("b/two", "22");
  put("a", "1");
  fs::create_directories(folder / "b/empty");
  fs::create_symlink("..", folder / "b/loop");
  fs::create_symlink("/nowhere", folder / "dangling");
  ASSERT_TRUE(walk(folder.path()));
  ASSERT_EQ(found.size(), 5u);
  EXPECT_EQ(found.at("b/two").size, 2u);
  EXPECT_EQ(found.at("b/empty").type, found_file::kind::empty_folder);
  EXPECT_EQ(found.at("b/loop").type, found_file::kind::link);
  EXPECT_EQ(found.at("b/loop").target, "..");
  EXPECT_EQ(found.at("dangling").target, "/nowhere");
}

TEST_F(tree_walk, one_file_has_no_path_inside) {
  put("photo.jpg", "abc");
  ASSERT_TRUE(walk(folder / "photo.jpg"));
  EXPECT_EQ(found.at("").size, 3u);
  EXPECT_EQ(*content_name(folder / "photo.jpg"), "photo.jpg");
}

TEST_F(tree_walk, a_name_with_a_newline_is_a_name) {
  put("new\nline");
  ASSERT_TRUE(walk(folder.path()));
  EXPECT_EQ(found.count("new\nline"), 1u);
}

TEST_F(tree_walk, names_what_is_wrong) {
  EXPECT_EQ(walk(folder / "missing").error().code, errc::not_found);
  put("sub/bad\xff");
  auto bad = walk(folder.path());
  EXPECT_EQ(bad.error().code, errc::invalid_path);
  EXPECT_NE(bad.error().value.find("bad\\xff"), std::string::npos);
  fs::remove_all(folder / "sub");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  auto pipe = walk(folder.path());
  EXPECT_EQ(pipe.error().code, errc::unsupported);
  EXPECT_NE(pipe.error().value.find("pipe"), std::string::npos);
}

} // namespace
} // namespace weir::cli
