// The folders of Kubo's flatfs: its names, its blocks, its layout.
#include "storage/hash/digest.hpp"
#include "storage/ipld/links.hpp"
#include "storage/unixfs/file_reader.hpp"
#include "storage/unixfs/tree_reader.hpp"
#include "tests/storage/blocks/block_store_fixture.hpp"

namespace weir {
namespace {

using namespace test;

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

} // namespace
} // namespace weir
