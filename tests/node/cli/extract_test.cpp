// `weir car extract`: what is in a CAR lands where it should, and what a
// hostile CAR says stays inside of the target.
#include "node/cli/context.hpp"
#include "node/json/value.hpp"
#include "storage/car/car_writer.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/ipld/dag_pb.hpp"
#include "storage/unixfs/data.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

std::string text_in(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

struct extracting : testing::Test {
  int weir(std::vector<std::string> words) {
    out.str("");
    err.str("");
    return run(std::move(words), out, err);
  }
  std::string path(const std::string& name) const { return (folder / name).string(); }

  /// Blocks for a CAR of our own making; the last one is its root.
  cid add(const cid_format& format, const bytes& block) {
    auto id = *cid_of(format, block);
    frames.emplace_back(id, block);
    return id;
  }
  cid raw(std::string_view text) { return add({}, to_bytes(as_bytes(text))); }
  cid unixfs_node(unixfs::data_type type, std::vector<pb_link> links, std::string_view content = {},
                  std::optional<std::uint64_t> size = {}) {
    unixfs::data d;
    d.type = type;
    if (!content.empty())
      d.content = to_bytes(as_bytes(content));
    d.file_size = size;
    if (size)
      d.block_sizes.assign(links.size(), links.empty() ? 0 : *size / links.size());
    return add({1, codec::dag_pb}, encode_dag_pb({std::move(links), unixfs::encode(d)}));
  }
  cid folder_of(std::vector<pb_link> links) { return unixfs_node(unixfs::data_type::directory, std::move(links)); }
  cid link_to(std::string_view target) { return unixfs_node(unixfs::data_type::symlink, {}, target); }

  std::string car(const cid& root) {
    std::ofstream file{path("x.car"), std::ios::binary};
    car_writer w{[&](bytes_view part) {
      file << as_text(part);
      return status{};
    }};
    EXPECT_TRUE(w.start({root}));
    for (auto& [id, block] : frames)
      EXPECT_TRUE(w.append(id, block));
    return path("x.car");
  }

  test::temp_dir folder;
  std::ostringstream out, err;
  std::vector<std::pair<cid, bytes>> frames;
};

TEST_F(extracting, a_tree_comes_back_as_it_was) {
  fs::create_directories(folder / "tree/sub/empty");
  std::ofstream{folder / "tree/sub/big"} << std::string(3'000'000, 'b');
  std::ofstream{folder / "tree/none"};
  fs::create_symlink("sub/big", folder / "tree/link");
  ASSERT_EQ(weir({"car", "create", path("tree"), "-o", path("t.car")}), 0) << err.str();
  ASSERT_EQ(weir({"car", "extract", path("t.car"), "-o", path("back"), "--json"}), 0) << err.str();
  auto said = *json::parse(out.str());
  EXPECT_EQ(said["files"].u64(), 3u);
  EXPECT_EQ(text_in(folder / "back/sub/big"), text_in(folder / "tree/sub/big"));
  EXPECT_TRUE(fs::is_directory(folder / "back/sub/empty"));
  EXPECT_TRUE(fs::exists(folder / "back/none"));
  EXPECT_EQ(fs::read_symlink(folder / "back/link"), "sub/big");
  ASSERT_EQ(weir({"car", "extract", path("t.car"), "sub/big", "-o", path("one")}), 0) << err.str();
  EXPECT_EQ(fs::file_size(folder / "one"), 3'000'000u);
  EXPECT_EQ(weir({"car", "extract", path("t.car"), "sub/none", "-o", path("two")}), 1);
  EXPECT_FALSE(fs::exists(folder / "two"));
}

TEST_F(extracting, nothing_is_written_over_unless_asked) {
  auto file = car(folder_of({{raw("new"), "a", 3}}));
  fs::create_directory(folder / "out");
  std::ofstream{folder / "out/a"} << "old";
  EXPECT_EQ(weir({"car", "extract", file, "-o", path("out")}), 1);
  EXPECT_EQ(text_in(folder / "out/a"), "old");
  EXPECT_EQ(weir({"car", "extract", file, "-o", path("out"), "--force"}), 0) << err.str();
  EXPECT_EQ(text_in(folder / "out/a"), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator{folder / "out"}, {}), 1) << "no halves of files stay";
}

TEST_F(extracting, names_cannot_leave_the_target) {
  fs::create_directory(folder / "out");
  for (std::string name : {"../evil", "..", ".", "", "/evil", "a/../../evil"}) {
    frames.clear();
    auto file = car(folder_of({{raw("evil"), name, 4}}));
    EXPECT_EQ(weir({"car", "extract", file, "-o", path("out")}), 1) << name;
    EXPECT_FALSE(fs::exists(folder / "evil")) << name;
  }
}

TEST_F(extracting, links_are_never_written_through) {
  fs::create_directory(folder / "outside");
  auto inner = folder_of({{raw("evil"), "x", 4}});
  auto file = car(folder_of({{link_to("../outside"), "d", 1}, {inner, "d", 1}}));
  EXPECT_EQ(weir({"car", "extract", file, "-o", path("out")}), 1);
  EXPECT_TRUE(fs::is_empty(folder / "outside"));
  // Not even a link that was there before.
  fs::create_directory(folder / "out2");
  fs::create_directory_symlink(folder / "outside", folder / "out2/d");
  frames.clear();
  inner = folder_of({{raw("evil"), "x", 4}});
  file = car(folder_of({{inner, "d", 1}}));
  EXPECT_EQ(weir({"car", "extract", file, "-o", path("out2"), "--force"}), 1);
  EXPECT_TRUE(fs::is_empty(folder / "outside"));
}

TEST_F(extracting, damaged_blocks_are_not_written) {
  auto file = car(folder_of({{raw(std::string(1000, 'x')), "a", 1000}}));
  std::fstream{file, std::ios::in | std::ios::out}.seekp(500).put('y');
  EXPECT_EQ(weir({"car", "extract", file, "-o", path("out")}), 1);
  EXPECT_FALSE(fs::exists(folder / "out/a"));
  EXPECT_NE(err.str().find("corrupt"), std::string::npos) << err.str();
}

TEST_F(extracting, a_file_larger_than_the_disk_is_refused_at_once) {
  auto leaf = raw(std::string(1 << 16, 'z'));
  std::uint64_t size = 1 << 16;
  auto node = leaf;
  for (int level = 0; level < 4; ++level) { // 2^16 bytes, 2^11 times, four times over
    std::vector<pb_link> links(1 << 11, pb_link{node, "", size});
    size <<= 11;
    node = unixfs_node(unixfs::data_type::file, std::move(links), {}, size);
  }
  auto file = car(node);
  EXPECT_EQ(weir({"car", "extract", file, "-o", path("bomb")}), 1);
  EXPECT_NE(err.str().find("disk-full"), std::string::npos) << err.str();
  EXPECT_FALSE(fs::exists(folder / "bomb"));
}

TEST_F(extracting, many_links_with_a_huge_target_cost_nothing) {
  auto huge = link_to(std::string(1 << 20, 'x'));
  std::vector<pb_link> links;
  for (int i = 0; i < 10'000; ++i) // 10 GiB of targets
    links.push_back({huge, "l" + std::to_string(i), 1});
  auto file = car(folder_of(std::move(links)));
  EXPECT_EQ(weir({"car", "extract", file, "-o", path("out")}), 1);
  EXPECT_NE(err.str().find("too-large"), std::string::npos) << err.str();
  EXPECT_TRUE(fs::is_empty(folder / "out"));
}

TEST_F(extracting, several_roots_need_a_word) {
  auto a = raw("a");
  std::ofstream file{path("two.car"), std::ios::binary};
  car_writer w{[&](bytes_view part) {
    file << as_text(part);
    return status{};
  }};
  auto b = raw("b");
  ASSERT_TRUE(w.start({a, b}));
  for (auto& [id, block] : frames)
    ASSERT_TRUE(w.append(id, block));
  file.close();
  EXPECT_EQ(weir({"car", "extract", path("two.car"), "-o", path("b")}), 2);
  EXPECT_EQ(weir({"car", "extract", path("two.car"), "--root", b.text(), "-o", path("b")}), 0) << err.str();
  EXPECT_EQ(text_in(folder / "b"), "b");
}

} // namespace
} // namespace weir::cli
