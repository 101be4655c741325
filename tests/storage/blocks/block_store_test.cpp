#include "storage/blocks/block_store.hpp"

#include "storage/blocks/flatfs.hpp"
#include "storage/hash/block_cid.hpp"
#include "storage/hash/digest.hpp"
#include "storage/ipld/links.hpp"
#include "storage/unixfs/file_reader.hpp"
#include "storage/unixfs/tree_reader.hpp"
#include "tests/support/temp_dir.hpp"

#include <csignal>
#include <fstream>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

bytes block_of(std::string_view text, std::size_t size = 0) {
  auto block = to_bytes(as_bytes(text));
  block.resize(std::max(size, block.size()), 'x');
  return block;
}

cid cid_for(const bytes& block) {
  return *cid_of({}, block);
}

std::unique_ptr<block_store> open_store(const fs::path& path) {
  auto store = block_store::open(path, {.small_block = 0});
  EXPECT_TRUE(store) << to_string(store.error());
  return *std::move(store);
}

fs::path file_of(const fs::path& store, const cid& id) {
  auto name = flatfs_file_name(id.multihash());
  return store / flatfs_sharding{}.folder_of(name.substr(0, name.size() - 5)) / name;
}

void overwrite(const fs::path& path, const bytes& data) {
  fs::remove(path);
  std::ofstream{path} << as_text(data);
}

TEST(flatfs_names, sharding_functions) {
  using f = flatfs_sharding::function;
  EXPECT_EQ((flatfs_sharding{f::next_to_last, 2}.folder_of("foobar")), "ba");
  EXPECT_EQ((flatfs_sharding{f::prefix, 2}.folder_of("foobar")), "fo");
  EXPECT_EQ((flatfs_sharding{f::suffix, 3}.folder_of("foobar")), "bar");
  EXPECT_EQ((flatfs_sharding{f::next_to_last, 2}.folder_of("f")), "__");
  EXPECT_EQ((flatfs_sharding{f::prefix, 3}.folder_of("f")), "f__");
  EXPECT_EQ((flatfs_sharding{f::suffix, 3}.folder_of("f")), "__f");
  for (std::string line :
       {"/repo/flatfs/shard/v1/next-to-last/2", "/repo/flatfs/shard/v1/prefix/5", "/repo/flatfs/shard/v1/suffix/1"})
    EXPECT_EQ(flatfs_sharding::parse(line + "\n")->text(), line);
  for (auto line : {"", "/repo/flatfs/shard/v2/prefix/2", "/repo/flatfs/shard/v1/prefix/",
                    "/repo/flatfs/shard/v1/prefix", "/repo/flatfs/shard/v1/infix/2", "/repo/flatfs/shard/v1/prefix/0",
                    "/repo/flatfs/shard/v1/prefix/2x", "/repo/flatfs/shard/v1/prefix/99999999999999999999"})
    EXPECT_FALSE(flatfs_sharding::parse(line)) << line;
}

TEST(flatfs_names, only_names_of_multihashes) {
  auto id = cid_for(block_of("x"));
  auto name = flatfs_file_name(id.multihash());
  EXPECT_TRUE(name.starts_with("CIQ"));
  EXPECT_EQ(as_text(*flatfs_multihash(name)), as_text(id.multihash()));
  for (auto bad :
       {"", ".data", "CIQ.data", "ciq.data", "put-123", "CIQA4CYJXOU37JJEVXYVJ22NHS2CB5234Q4SQHNIUPIECP3F2SPR23Q"})
    EXPECT_FALSE(flatfs_multihash(bad)) << bad;
}

TEST(block_store, reads_what_kubo_wrote) {
  test::temp_dir folder;
  ASSERT_EQ(std::system(("tar xzf " WEIR_TEST_DATA "/flatfs.tar.gz -C " + folder.path().string()).c_str()), 0);
  auto store = open_store(folder / "blocks");
  std::uint64_t blocks = 0, total = 0;
  EXPECT_TRUE(store->for_each([&](bytes_view multihash, std::uint64_t size) {
    ++blocks;
    total += size;
    return store->check(cid::v1(codec::raw, multihash));
  }));
  EXPECT_GE(blocks, 82u);
  EXPECT_GT(store->bytes_used(), 0u);
  for (auto [root, files] : {std::pair{"bafybeiaznuvdaah7dezvxoahtflbv627dbckefekbofdbzvryonzeizz7m", 61},
                             std::pair{"QmRNooboQCQqPzMKFze2An8XfexnBhUCgvWj2hjFe5vFRg", 20}}) {
    int seen = 0;
    auto walked = for_each_block(*cid::parse(root), *store, [&](const cid&, bytes_view) {
      ++seen;
      return status{};
    });
    EXPECT_TRUE(walked) << to_string(walked.error());
    EXPECT_EQ(seen, files + 1);
  }
}

/// How the golden files were made: SHA-256 of "seed:0", "seed:1", … in a row.
bytes golden_content(const std::string& seed, std::size_t size) {
  bytes out;
  for (int i = 0; out.size() < size; ++i) {
    auto part = sha2_256(as_bytes(seed + ":" + std::to_string(i)));
    out.insert(out.end(), part.begin(), part.end());
  }
  out.resize(size);
  return out;
}

TEST(block_store, gives_back_kubos_files) {
  test::temp_dir folder;
  ASSERT_EQ(std::system(("tar xzf " WEIR_TEST_DATA "/flatfs.tar.gz -C " + folder.path().string()).c_str()), 0);
  auto store = open_store(folder / "blocks");
  unixfs::tree_reader reader{*store};
  auto expect = [&](const char* root, const std::string& path, const std::string& seed) {
    auto file = reader.resolve(*cid::parse(root), path);
    ASSERT_TRUE(file) << path;
    bytes got;
    EXPECT_TRUE(unixfs::read_file(*store, file->id, 0, 1000, [&](bytes_view part) {
      got.insert(got.end(), part.begin(), part.end());
      return status{};
    }));
    EXPECT_EQ(got, golden_content(seed, 300)) << path;
  };
  const char *v1 = "bafybeiaznuvdaah7dezvxoahtflbv627dbckefekbofdbzvryonzeizz7m",
             *v0 = "QmRNooboQCQqPzMKFze2An8XfexnBhUCgvWj2hjFe5vFRg";
  for (int i = 0; i < 60; ++i)
    expect(v1, "f" + std::to_string(i), "weir-flatfs/" + std::to_string(i));
  for (int i = 0; i < 20; ++i)
    expect(v0, "g" + std::to_string(i), "weir-flatfs0/" + std::to_string(i));
  EXPECT_EQ(reader.resolve(*cid::parse(v1), "v")->target, "f1");
}

TEST(block_store, writes_kubos_layout) {
  test::temp_dir folder;
  auto path = folder / "blocks";
  auto block = block_of("hello world");
  auto id = cid_for(block);
  {
    auto store = open_store(path);
    EXPECT_FALSE(store->has(id));
    EXPECT_EQ(store->get(id).error().code, errc::not_found);
    EXPECT_EQ(store->get(id).error().value, id.text());
    ASSERT_TRUE(store->put(id, block));
    EXPECT_EQ(*store->get(id), block);
    EXPECT_EQ(*store->size_of(id), block.size());
  }
  std::ifstream sharding{path / "SHARDING"};
  std::string line;
  std::getline(sharding, line);
  EXPECT_EQ(line, "/repo/flatfs/shard/v1/next-to-last/2");
  EXPECT_TRUE(fs::exists(path / "_README"));
  // sha2-256 of "hello world" as a multihash, in base 32.
  EXPECT_TRUE(fs::exists(path / "32" / "CIQLSTJHXGJU2PQIUUXFFV62PWV7VREE57RXUU4A52IIR55M4LX432I.data"));
  EXPECT_TRUE(fs::is_empty(path / ".temp"));
  EXPECT_EQ(*open_store(path)->get(id), block);
}

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

TEST(block_store, readable_when_put_durable_when_committed) {
  test::temp_dir folder;
  auto path = folder / "blocks";
  auto store = open_store(path);
  auto writer = store->writer();
  auto block = block_of("on its way");
  auto id = cid_for(block);
  ASSERT_TRUE(writer->put(id, block));
  EXPECT_FALSE(fs::exists(file_of(path, id)));
  EXPECT_TRUE(store->has(id));
  EXPECT_EQ(*store->get(id), block);
  EXPECT_EQ(*store->size_of(id), block.size());
  auto other = store->writer();
  ASSERT_TRUE(other->put(id, block));
  EXPECT_EQ(other->new_blocks(), 0u);
  ASSERT_TRUE(other->commit());
  EXPECT_TRUE(fs::exists(file_of(path, id)));
  EXPECT_TRUE(writer->commit());
  EXPECT_EQ(writer->new_blocks(), 1u);
  EXPECT_EQ(writer->new_bytes(), block.size());
}

TEST(block_store, many_writers_share_their_syncs) {
  test::temp_dir folder;
  auto path = folder / "blocks";
  constexpr int writers = 8, each = 40;
  auto block = [](int w, int i) { return block_of(std::to_string(i % 2 == 0 ? 0 : w) + "/" + std::to_string(i)); };
  {
    auto store = *block_store::open(path, {.group_blocks = 16, .small_block = 0});
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w)
      threads.emplace_back([&, w] {
        auto writer = store->writer();
        for (int i = 0; i < each; ++i)
          EXPECT_TRUE(writer->put(cid_for(block(w, i)), block(w, i)));
        EXPECT_TRUE(writer->commit());
      });
    for (auto& t : threads)
      t.join();
  }
  EXPECT_TRUE(fs::is_empty(path / ".temp"));
  auto store = open_store(path);
  std::set<bytes> seen;
  std::uint64_t total = 0;
  EXPECT_TRUE(store->for_each([&](bytes_view multihash, std::uint64_t size) {
    seen.insert(to_bytes(multihash));
    total += size;
    return status{};
  }));
  EXPECT_EQ(seen.size(), each / 2 * writers + each / 2);
  EXPECT_EQ(store->bytes_used(), total);
  for (int w = 0; w < writers; ++w)
    for (int i = 0; i < each; ++i)
      EXPECT_EQ(*store->get(cid_for(block(w, i))), block(w, i));
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

TEST(block_store, usage_follows_and_survives) {
  test::temp_dir folder;
  auto path = folder / "blocks";
  auto a = block_of("a", 1000), b = block_of("b", 500);
  {
    auto store = open_store(path);
    EXPECT_EQ(store->bytes_used(), 0u);
    EXPECT_TRUE(store->put(cid_for(a), a));
    EXPECT_TRUE(store->put(cid_for(a), a));
    EXPECT_TRUE(store->put(cid_for(b), b));
    EXPECT_EQ(store->bytes_used(), 1500u);
    EXPECT_TRUE(store->remove(cid_for(a)));
    EXPECT_TRUE(store->remove(cid_for(a)));
    EXPECT_EQ(store->bytes_used(), 500u);
  }
  EXPECT_EQ(open_store(path)->bytes_used(), 500u);
  fs::remove(path / "diskUsage.cache");
  EXPECT_EQ(open_store(path)->bytes_used(), 500u);
  overwrite(path / "diskUsage.cache", to_bytes(as_bytes("{\"diskUsage\":-1")));
  EXPECT_EQ(open_store(path)->bytes_used(), 500u);
}

TEST(block_store, refuses_a_foreign_folder) {
  test::temp_dir folder;
  std::ofstream{folder / "thesis.txt"} << "mine";
  EXPECT_EQ(block_store::open(folder.path()).error().code, errc::precondition);
  fs::create_directory(folder / "odd");
  std::ofstream{folder / "odd/SHARDING"} << "/repo/flatfs/shard/v9/x";
  EXPECT_EQ(block_store::open(folder / "odd").error().code, errc::malformed);
}

TEST(block_store, identity_blocks_and_limits) {
  test::temp_dir folder;
  auto store = open_store(folder / "blocks");
  auto tiny = block_of("tiny");
  auto id = *cid_of({1, codec::raw, hash_code::identity}, tiny);
  EXPECT_TRUE(store->has(id));
  EXPECT_EQ(*store->get(id), tiny);
  EXPECT_TRUE(store->put(id, tiny));
  EXPECT_EQ(store->bytes_used(), 0u);
  auto huge = block_of("", max_block_size + 1);
  EXPECT_EQ(store->put(cid_for(huge), huge).error().code, errc::too_large);
  EXPECT_EQ(store->get(cid{}).error().code, errc::invalid_cid);
}

} // namespace
} // namespace weir
