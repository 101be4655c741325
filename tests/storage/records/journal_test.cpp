#include "tests/storage/records/store_fixture.hpp"

#include <algorithm>
#include <fstream>

namespace weir::records {
namespace {

using test::change;
using test::erase;
using test::put;
using test::store_test;

struct journal_test : store_test {
  void commit_many(int count) {
    std::vector<transaction> group;
    for (int i = 1; i <= count; ++i)
      group.push_back(change({put("k" + std::to_string(i % 10), std::to_string(i))}));
    for (auto& answer : store->commit_group(std::move(group), unix_ms{1}))
      ASSERT_TRUE(answer) << to_string(answer.error());
  }
};

TEST_F(journal_test, is_read_from_any_revision_in_pages) {
  commit_many(100);
  auto page = store->read_log(revision{40}, {1 << 20, 7});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->size(), 7u);
  EXPECT_EQ(page->front()->rev, revision{41});
  EXPECT_EQ(page->back()->rev, revision{47});
  EXPECT_EQ(store->read_log(revision{40}, {1, 100})->size(), 1u);
  EXPECT_TRUE(store->read_log(revision{100})->empty());
  EXPECT_TRUE(store->read_log(revision{500})->empty());
}

TEST_F(journal_test, knows_what_changed_and_what_is_superseded) {
  commit_many(25);
  auto changed = store->changes_since(revision{23});
  ASSERT_TRUE(changed);
  ASSERT_EQ(changed->size(), 2u);
  EXPECT_EQ(changed->front().second, "k4");
  EXPECT_EQ(store->changes_since(revision{0}, 5).error().code, errc::too_large);
  EXPECT_TRUE(*store->superseded(table, "k5", revision{15}));
  EXPECT_FALSE(*store->superseded(table, "k5", revision{25}));
}

TEST_F(journal_test, keeps_what_it_is_told_to_and_says_what_is_gone) {
  commit_many(100);
  while (!*store->retain(revision{61}, 10)) {
  }
  EXPECT_EQ(store->oldest(), revision{61});
  EXPECT_EQ(store->read_log(revision{60})->front()->rev, revision{61});
  for (auto gone : {store->read_log(revision{59}).error(), store->view_at(revision{59}).error(),
                    store->changes_since(revision{0}).error()}) {
    EXPECT_EQ(gone.code, errc::compacted);
    EXPECT_EQ(gone.limit, "61");
  }
  EXPECT_EQ(value(**store->view_at(revision{60}), "k1"), "51");
  EXPECT_EQ(value(**store->view_at(revision{75}), "k1"), "71");
  EXPECT_EQ(value("k1"), "91");
  reopen();
  EXPECT_EQ(store->oldest(), revision{61});
  EXPECT_TRUE(store->check()->empty());
}

TEST_F(journal_test, retention_never_takes_the_newest_nor_goes_back) {
  commit_many(10);
  while (!*store->retain(revision{1000})) {
  }
  EXPECT_EQ(store->oldest(), revision{10});
  EXPECT_TRUE(*store->retain(revision{3}));
  EXPECT_EQ(store->oldest(), revision{10});
  EXPECT_EQ(commit(change({put("a", "1")})), errc::none);
  EXPECT_EQ(store->head(), revision{11});
}

TEST_F(journal_test, nothing_of_the_folded_past_is_left_on_the_disk) {
  commit(change({put("k", "folded-secret")}));
  commit(change({put("k", "now")}));
  commit(change({put("other", "now")}));
  while (!*store->retain(revision{3})) {
  }
  ASSERT_TRUE(store->compact());
  store.reset();
  for (auto& file : std::filesystem::directory_iterator{dir / "records"}) {
    std::ifstream in{file.path(), std::ios::binary};
    std::string all{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_EQ(all.find("folded-secret"), std::string::npos) << file.path();
  }
}

TEST_F(journal_test, erasing_an_owner_leaves_no_byte_of_it) {
  event about_ann{event_kind::content_stored, "ann-1", owner_id{"ann"}, {{"name", "ann's letters"}}};
  event about_bob{event_kind::content_stored, "bob-1", owner_id{"bob"}, {}};
  commit(change({put("ann-1", "ann's first"), put("bob-1", "bob's first")}, {about_ann, about_bob}));
  commit(change({put("ann-1", "ann's second")}));
  commit(change({put("bob-1", "bob's second")}));
  commit(change({erase("ann-1")}));
  auto mutations = [](const mutation& m) { return m.value && m.value->starts_with("ann"); };
  auto events = [](const event& e) { return e.owner == owner_id{"ann"}; };
  revision at;
  while (at != store->head())
    at = *store->erase_from_history(mutations, events, at, 1);
  ASSERT_TRUE(store->compact());

  auto log = store->read_log(revision{0});
  ASSERT_EQ(log->size(), 4u); // no gap: the revisions stay
  EXPECT_EQ(log->front()->mutations, std::vector{put("bob-1", "bob's first")});
  EXPECT_EQ(log->front()->events, std::vector{about_bob});
  EXPECT_TRUE((*log)[1]->mutations.empty());
  EXPECT_TRUE((*log)[3]->mutations.empty());
  EXPECT_EQ(all(**store->view_at(revision{2})), "bob-1=bob's first");
  EXPECT_TRUE(store->check()->empty());
  store.reset();
  for (auto& file : std::filesystem::directory_iterator{dir / "records"}) {
    std::ifstream in{file.path(), std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_EQ(bytes.find("ann's"), std::string::npos) << file.path();
  }
}

} // namespace
} // namespace weir::records
