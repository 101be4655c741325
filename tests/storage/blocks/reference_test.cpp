// Blocks that stay in the user's own files.
#include "tests/storage/blocks/pack_fixture.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

using test::block;
using test::id_of;

struct references : test::store_with_packs {
  fs::path source = folder / "data.bin";
  std::vector<cid> damaged;
  std::vector<std::string> changed;

  references() {
    how = {};
    reopen();
    listen();
  }
  void listen() {
    store->on_damage([this](const cid& id, const std::string& file) {
      damaged.push_back(id);
      changed.push_back(file);
    });
  }
  /// Blocks one after the other in the file.
  status refer(int from, int to) {
    bytes all;
    auto w = store->references();
    WEIR_CHECK(w->begin(source));
    for (int i = from; i < to; ++i) {
      auto data = block(i);
      WEIR_CHECK(w->add(id_of(i), all.size(), static_cast<std::uint32_t>(data.size())));
      all.insert(all.end(), data.begin(), data.end());
    }
    test::write_file(source, all);
    return w->commit();
  }
  int lists() {
    int count = 0;
    for (auto& entry : fs::directory_iterator{path / ".packs"})
      count += entry.path().extension() == ".refs";
    return count;
  }
};

TEST_F(references, are_served_from_the_file_and_take_no_space) {
  ASSERT_TRUE(refer(0, 20));
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(serves(i)) << i;
  EXPECT_LT(store->own_bytes(), 20u * 60) << "nothing of the data";
  auto stat = *store->stat();
  EXPECT_EQ(stat.reference_packs, 1u);
  EXPECT_EQ(stat.packed_blocks, 20u);
  reopen();
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(serves(i)) << i;
  auto check = store->check_all();
  ASSERT_TRUE(check);
  EXPECT_EQ(check->blocks, 20u);
  EXPECT_TRUE(check->damaged.empty() && check->unreadable.empty());
  store.reset();
  ASSERT_TRUE(block_store::discard_index(path));
  reopen();
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(serves(i)) << i;
}

TEST_F(references, a_changed_byte_is_found_by_the_next_read) {
  ASSERT_TRUE(refer(0, 5));
  ASSERT_TRUE(serves(2));
  damage(source, 2);
  auto got = store->get(id_of(2));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::corrupt);
  EXPECT_EQ(got.error().value, source.string());
  EXPECT_EQ(damaged, std::vector{cid::v1(codec::raw, id_of(2).multihash())});
  EXPECT_EQ(changed, std::vector{source.string()});
  EXPECT_EQ(store->get(id_of(2)).error().code, errc::not_found) << "it is not asked again";
  EXPECT_TRUE(serves(1) && serves(3));
  ASSERT_TRUE(store->put(id_of(2), block(2)));
  EXPECT_TRUE(serves(2)) << "from a copy of the store's own";
}

TEST_F(references, a_file_that_is_gone_or_cut_is_named) {
  ASSERT_TRUE(refer(0, 5));
  fs::resize_file(source, 3500);
  EXPECT_TRUE(serves(0));
  auto cut = store->get(id_of(4));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().value, source.string());
  fs::rename(source, folder / "elsewhere");
  auto gone = store->get(id_of(0));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, errc::corrupt);
  EXPECT_EQ(gone.error().value, source.string());
  EXPECT_EQ(damaged.size(), 2u);
  fs::create_symlink(folder / "elsewhere", source);
  EXPECT_FALSE(serves(1)) << "a link is not followed";
}

TEST_F(references, a_file_that_came_back_is_taken_up_by_repair) {
  ASSERT_TRUE(refer(0, 3));
  fs::rename(source, folder / "elsewhere");
  EXPECT_FALSE(serves(0));
  fs::rename(folder / "elsewhere", source);
  EXPECT_FALSE(serves(0));
  auto check = store->check_all({.repair = true});
  ASSERT_TRUE(check);
  EXPECT_EQ(check->unindexed, 1u);
  EXPECT_TRUE(serves(0));
}

TEST_F(references, nobody_else_relies_on_them) {
  ASSERT_TRUE(refer(0, 5));
  ASSERT_TRUE(store->put(id_of(0), block(0)));
  bytes large(100'000, 'x');
  fs::remove(source);
  EXPECT_TRUE(serves(0)) << "who put it has a copy";
  EXPECT_FALSE(serves(1));
}

TEST_F(references, what_the_store_has_is_not_referred_to) {
  ASSERT_TRUE(store->put(id_of(0), block(0)));
  ASSERT_TRUE(refer(0, 1));
  EXPECT_EQ(lists(), 0);
}

TEST_F(references, a_piece_takes_their_place_and_they_go_when_nobody_needs_them) {
  ASSERT_TRUE(refer(0, 6));
  ASSERT_TRUE(store->compact(keeping(3, 4)));
  EXPECT_EQ(lists(), 1) << "one of them is needed";
  ASSERT_TRUE(store->add_pack(car("a.car", 0, 6)));
  for (int i = 0; i < 6; ++i)
    ASSERT_TRUE(store->remove(id_of(i)));
  ASSERT_TRUE(store->compact(keeping(0, 6)));
  EXPECT_EQ(lists(), 0);
  EXPECT_TRUE(fs::exists(source)) << "the user's file is his";
  EXPECT_TRUE(serves(0));
  EXPECT_EQ(store->stat()->packed_blocks, 6u);
}

TEST_F(references, what_is_not_committed_or_listed_is_gone) {
  {
    auto w = store->references();
    ASSERT_TRUE(w->begin(source));
    ASSERT_TRUE(w->add(id_of(0), 0, 1000));
    EXPECT_EQ(w->begin("data.bin").error().code, errc::invalid_path);
  }
  EXPECT_EQ(lists(), 0);
  ASSERT_TRUE(refer(0, 2));
  fs::copy_file(path / ".packs" / "ref-2.refs", path / ".packs" / "ref-9.refs");
  reopen();
  EXPECT_EQ(lists(), 1);
}

} // namespace
} // namespace weir
