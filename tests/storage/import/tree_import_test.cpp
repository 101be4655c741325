#include "storage/import/tree_import.hpp"

#include "storage/blocks/memory_blocks.hpp"
#include "storage/car/car_file.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/pieces/piece_file.hpp"
#include "storage/unixfs/tree_reader.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

std::string noise(std::size_t size) {
  std::string out(size, 0);
  std::uint64_t x = size;
  for (auto& c : out)
    c = static_cast<char>((x = x * 6364136223846793005 + 1442695040888963407) >> 56);
  return out;
}

TEST(import_to_car, gives_the_dag_and_the_commitment_of_what_it_wrote) {
  test::temp_dir folder;
  for (std::size_t size : {0u, 11u, 100'000u, 1u << 20, 5u << 20, (9u << 20) + 17}) {
    write(folder / "in/file", noise(size));
    auto done = import_to_car(folder / "in/file", folder / "out.car");
    ASSERT_TRUE(done) << to_string(done.error());
    EXPECT_EQ(done->size, fs::file_size(folder / "out.car"));
    EXPECT_EQ(done->commp, *commp_of_file(folder / "out.car")) << size;
    auto car = *car_file::open(folder / "out.car");
    EXPECT_EQ(car->roots(), std::vector<cid>{done->root});
    auto all = read_car(folder / "out.car", [](auto&, auto, auto&) { return status{}; });
    ASSERT_TRUE(all) << "every block is what its CID says";
    EXPECT_EQ(all->blocks, done->blocks);
    memory_blocks blocks;
    unixfs::file_importer whole{blocks};
    ASSERT_TRUE(whole.write(as_bytes(noise(size))));
    EXPECT_EQ(whole.finish()->id, done->root);
  }
}

TEST(import_to_car, any_number_of_workers_gives_the_same) {
  test::temp_dir folder;
  write(folder / "in", noise((29u << 20) + 5)); // seven buffers and a part
  for (unsigned workers : {1u, 2u, 5u}) {
    auto done = import_to_car(folder / "in", folder / "out.car", {.workers = workers});
    ASSERT_TRUE(done) << to_string(done.error());
    EXPECT_EQ(done->size, fs::file_size(folder / "out.car"));
    EXPECT_EQ(done->commp, *commp_of_file(folder / "out.car")) << workers;
  }
}

TEST(import_tree, folders_symlinks_hidden_files) {
  test::temp_dir folder;
  write(folder / "in/b/x", "same");
  write(folder / "in/b/y", "same");
  write(folder / "in/a", "other");
  write(folder / "in/.hidden", "no");
  fs::create_symlink("a", folder / "in/link");
  fs::create_directory(folder / "in/empty");
  memory_blocks blocks;
  std::uint64_t files = 0;
  tree_import_options o;
  o.go_on = [&](const import_progress& p) {
    files = p.files;
    return status{};
  };
  auto done = import_tree(folder / "in", blocks, o);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(files, 3u);
  std::vector<std::string> paths;
  unixfs::tree_reader tree{blocks};
  ASSERT_TRUE(tree.walk(done->id, [&](const std::string& path, const unixfs::node_info&) {
    paths.push_back(path);
    return status{};
  }));
  EXPECT_EQ(paths, (std::vector<std::string>{"", "a", "b", "b/x", "b/y", "empty", "link"}));
  EXPECT_EQ(tree.resolve(done->id, "link")->target, "a");

  auto car = import_to_car(folder / "in", folder / "out.car");
  EXPECT_EQ(car->root, done->id);
  EXPECT_EQ(car->blocks, blocks.count()) << "equal blocks once";
  o.hidden = true;
  EXPECT_NE(import_tree(folder / "in", blocks, o)->id, done->id);
}

TEST(import_tree, an_empty_file_in_a_folder_has_its_mode_and_time) {
  test::temp_dir folder;
  write(folder / "in/empty", "");
  fs::permissions(folder / "in/empty", fs::perms{0644});
  const timespec when[] = {{0, UTIME_OMIT}, {1795340915, 160746313}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder / "in/empty").c_str(), when, 0), 0);
  tree_import_options o;
  o.how.raw_leaves = false;
  o.keep_mode = o.keep_mtime = true;
  memory_blocks blocks;
  auto done = import_tree(folder / "in", blocks, o);
  ASSERT_TRUE(done) << to_string(done.error());
  // As Kubo 0.43 gives it.
  EXPECT_EQ(unixfs::tree_reader{blocks}.resolve(done->id, "empty")->id.text(),
            "bafybeicliq73lxi3hjxibwcm3w7srrrszmj2ux4wr7uhnxuu2qgmroxhfi");
}

TEST(import_tree, what_cannot_be_imported) {
  test::temp_dir folder;
  memory_blocks blocks;
  EXPECT_EQ(import_tree(folder / "none", blocks).error().code, errc::not_found);
  fs::create_directory(folder / "in");
  ::mkfifo((folder / "in/pipe").c_str(), 0600);
  EXPECT_EQ(import_tree(folder / "in", blocks).error().code, errc::unsupported);
  fs::remove(folder / "in/pipe");
  write(folder / "in/f", noise(1000));
}

TEST(import_to_car, a_root_that_is_inlined_has_its_frame) {
  test::temp_dir folder;
  auto how = unixfs::unixfs_v1_2025();
  how.inline_limit = 100;
  for (std::size_t size : {0u, 4u, 32u, 100u}) { // 32: a CID as long as others
    write(folder / "in/small", noise(size));
    auto made = import_to_car(folder / "in/small", folder / "x.car", {.how = how});
    ASSERT_TRUE(made) << to_string(made.error());
    EXPECT_EQ(made->root.hash_code(), hash_code::identity);
    EXPECT_EQ(made->size, fs::file_size(folder / "x.car"));
    EXPECT_EQ(made->commp, *commp_of_file(folder / "x.car"));
    std::vector<std::string> blocks;
    auto all = read_car(folder / "x.car", [&](const cid& id, bytes_view block, auto&) {
      EXPECT_EQ(id, made->root);
      blocks.emplace_back(as_text(block));
      return status{};
    });
    ASSERT_TRUE(all);
    EXPECT_EQ(all->roots, std::vector<cid>{made->root});
    EXPECT_EQ(blocks, std::vector<std::string>{noise(size)});
  }
  // A folder whose node is inlined while its file is not.
  fs::remove(folder / "in/small");
  write(folder / "in/f", noise(3000));
  auto made = import_to_car(folder / "in", folder / "x.car", {.how = how});
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->commp, *commp_of_file(folder / "x.car"));
  EXPECT_EQ(made->size, fs::file_size(folder / "x.car"));
  auto car = *car_file::open(folder / "x.car");
  unixfs::tree_reader tree{*car};
  EXPECT_EQ(tree.resolve(made->root, "f")->size, 3000u);
  EXPECT_FALSE(fs::exists(folder / "x.car.again"));
}

TEST(import_tree, a_file_that_changes_is_noticed) {
  test::temp_dir folder;
  write(folder / "in/f", noise(40 << 20));
  tree_import_options o;
  int asked = 0;
  o.go_on = [&](const import_progress&) {
    if (++asked == 1)
      write(folder / "in/f", noise(41 << 20));
    return status{};
  };
  auto done = import_to_car(folder / "in", folder / "out.car", o);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, errc::changed);
  EXPECT_EQ(done.error().value, folder / "in/f");
  EXPECT_FALSE(fs::exists(folder / "out.car")) << "nothing half-made is left";
  o.go_on = [](const import_progress&) { return status{fail(errc::cancelled)}; };
  EXPECT_EQ(import_to_car(folder / "in", folder / "out.car", o).error().code, errc::cancelled);
}

} // namespace
} // namespace weir
