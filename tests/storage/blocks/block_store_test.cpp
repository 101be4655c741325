#include "tests/storage/blocks/block_store_fixture.hpp"

#include <set>
#include <thread>

namespace weir {
namespace {

using namespace test;

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
