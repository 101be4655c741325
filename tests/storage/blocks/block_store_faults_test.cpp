// Damaged blocks, full disks and foreign folders.
#include "tests/storage/blocks/block_store_fixture.hpp"

#include <csignal>
#include <sys/resource.h>

namespace weir {
namespace {

using namespace test;

TEST(block_store, a_damaged_block_is_named_put_aside_and_replaced) {
  test::temp_dir folder;
  auto path = folder / "blocks";
  auto block = block_of("precious", 5000);
  auto id = cid_for(block);
  EXPECT_TRUE(open_store(path)->put(id, block));
  auto damaged = block;
  damaged[4000] ^= 4;
  overwrite(file_of(path, id), damaged);

  auto store = open_store(path);
  std::vector<cid> told;
  store->on_damage([&](const cid& bad, const std::string&) { told.push_back(bad); });
  auto read = store->get(id);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, errc::corrupt);
  EXPECT_EQ(read.error().value, id.text());
  EXPECT_EQ(told, std::vector{id});
  EXPECT_TRUE(fs::exists(path / ".quarantine" / file_of(path, id).filename()));
  EXPECT_EQ(store->get(id).error().code, errc::not_found);
  EXPECT_TRUE(store->put(id, block));
  EXPECT_EQ(*store->get(id), block);

  // Checked once per process; `check` looks again.
  overwrite(file_of(path, id), damaged);
  EXPECT_TRUE(store->get(id));
  EXPECT_EQ(store->check(id).error().code, errc::corrupt);
  EXPECT_EQ(told.size(), 2u);
}

TEST(block_store, a_cut_or_swollen_file_is_damage) {
  test::temp_dir folder;
  auto path = folder / "blocks";
  auto block = block_of("whole", 3000);
  auto id = cid_for(block);
  auto store = open_store(path);
  EXPECT_TRUE(store->put(id, block));
  fs::resize_file(file_of(path, id), 0);
  // Kubo without sync leaves files like that after a crash: put replaces them.
  EXPECT_TRUE(store->put(id, block));
  EXPECT_EQ(*store->get(id), block);
  auto fresh = open_store(path);
  fs::resize_file(file_of(path, id), 2999);
  EXPECT_EQ(fresh->get(id).error().code, errc::corrupt);
  EXPECT_TRUE(fresh->put(id, block));
  fs::resize_file(file_of(path, id), max_stored_block + 1);
  EXPECT_EQ(fresh->check(id).error().code, errc::corrupt);
}

TEST(block_store, half_written_files_are_gone_after_a_crash) {
  test::temp_dir folder;
  auto path = folder / "blocks";
  auto block = block_of("never committed");
  auto id = cid_for(block);
  { open_store(path); }
  overwrite(path / ".temp" / "block-7", block);
  auto store = open_store(path);
  EXPECT_FALSE(store->has(id));
  EXPECT_TRUE(fs::is_empty(path / ".temp"));
}

/// Files may not grow beyond so many bytes: what a full disk looks like.
class file_size_limit {
public:
  explicit file_size_limit(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    auto less = before_;
    less.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &less);
  }
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(block_store, disk_full_leaves_nothing_behind) {
  test::temp_dir folder;
  auto path = folder / "blocks";
  auto store = open_store(path);
  auto small = block_of("small"), large = block_of("large", 9000);
  auto writer = store->writer();
  ASSERT_TRUE(writer->put(cid_for(small), small));
  {
    file_size_limit full{4096};
    EXPECT_EQ(writer->put(cid_for(large), large).error().code, errc::disk_full);
  }
  EXPECT_EQ(writer->put(cid_for(small), small).error().code, errc::disk_full) << "the writer is of no further use";
  EXPECT_FALSE(store->has(cid_for(large)));
  EXPECT_EQ(std::distance(fs::directory_iterator{path / ".temp"}, {}), 1) << "the small one, which waits";
  EXPECT_TRUE(store->put(cid_for(large), large)) << "there is room again";
}

TEST(block_store, a_group_that_fails_is_not_there_at_all) {
  test::temp_dir folder;
  auto path = folder / "blocks";
  auto store = open_store(path);
  auto one = block_of("one"), two = block_of("two");
  std::ofstream{file_of(path, cid_for(two)).parent_path()} << "in the way"; // where its folder should be
  auto first = store->writer(), second = store->writer(), third = store->writer();
  ASSERT_TRUE(first->put(cid_for(one), one));
  ASSERT_TRUE(second->put(cid_for(two), two));
  EXPECT_FALSE(third->commit().ok() && first->commit().ok());
  EXPECT_EQ(first->commit().error().code, errc::io);
  EXPECT_EQ(second->commit().error().code, errc::io);
  EXPECT_TRUE(third->commit()) << "it had nothing in that group";
  EXPECT_FALSE(store->has(cid_for(one)));
  EXPECT_FALSE(store->has(cid_for(two)));
  EXPECT_TRUE(fs::is_empty(path / ".temp"));
  EXPECT_TRUE(store->put(cid_for(one), one));
}

TEST(block_store, refuses_a_foreign_folder) {
  test::temp_dir folder;
  std::ofstream{folder / "thesis.txt"} << "mine";
  EXPECT_EQ(block_store::open(folder.path()).error().code, errc::precondition);
  fs::create_directory(folder / "odd");
  std::ofstream{folder / "odd/SHARDING"} << "/repo/flatfs/shard/v9/x";
  EXPECT_EQ(block_store::open(folder / "odd").error().code, errc::malformed);
}

} // namespace
} // namespace weir
