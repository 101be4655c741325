#include "storage/records/transaction_builder.hpp"

#include "storage/records/store.hpp"
#include "tests/storage/records/samples.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace weir::records {
namespace {

using test::make_content;
using test::sample;

struct transaction_builder_test : ::testing::Test {
  test::temp_dir dir;
  std::unique_ptr<record_store> store = *record_store::open(dir / "records");

  errc commit(transaction_builder t) {
    auto done = store->commit(t.take(), unix_ms{1});
    return done ? errc::none : done.error().code;
  }
};

TEST_F(transaction_builder_test, create_refuses_what_exists) {
  EXPECT_EQ(commit(transaction_builder{}.create(make_content("a"))), errc::none);
  EXPECT_EQ(commit(transaction_builder{}.create(make_content("a"))), errc::conflict);
}

TEST_F(transaction_builder_test, update_refuses_what_somebody_changed) {
  commit(transaction_builder{}.create(make_content("a")));
  auto read = store->snapshot()->get<content>(content_id{"a"});
  ASSERT_TRUE(read);
  auto changed = read->value;
  changed.size = 77;
  EXPECT_EQ(commit(transaction_builder{}.update(*read, changed)), errc::none);
  EXPECT_EQ(commit(transaction_builder{}.update(*read, changed)), errc::conflict);
  EXPECT_EQ(commit(transaction_builder{}.remove(*read)), errc::conflict);
  EXPECT_EQ(store->snapshot()->get<content>(content_id{"a"})->value.size, 77u);
}

TEST_F(transaction_builder_test, indexes_follow_a_content) {
  auto a = make_content("a");
  commit(transaction_builder{}.create(a).create(make_content("b", "bucket")));
  auto unassigned = store->snapshot()->keys<bucket_contents>(bucket_id{});
  ASSERT_EQ(unassigned->size(), 1u);
  EXPECT_EQ(std::get<1>(unassigned->front()), content_id{"a"});

  auto read = *store->snapshot()->get<content>(a.id);
  auto moved = read.value;
  moved.bucket = bucket_id{"bucket"};
  commit(transaction_builder{}.update(read, moved));
  EXPECT_TRUE(store->snapshot()->keys<bucket_contents>(bucket_id{})->empty());
  EXPECT_EQ(store->snapshot()->keys<bucket_contents>(bucket_id{"bucket"})->size(), 2u);
  EXPECT_EQ(store->snapshot()->keys<cid_contents>(a.cid)->size(), 1u);

  commit(transaction_builder{}.remove(*store->snapshot()->get<content>(a.id)));
  EXPECT_EQ(store->snapshot()->keys<bucket_contents>(bucket_id{"bucket"})->size(), 1u);
  EXPECT_TRUE(store->snapshot()->keys<cid_contents>(a.cid)->empty());
}

TEST_F(transaction_builder_test, indexes_follow_deals_and_placements) {
  auto d = sample<deal>();
  auto p = sample<placement>();
  auto second = p;
  second.part += 1;
  commit(transaction_builder{}.put(d).create(p).create(second));
  EXPECT_EQ(store->snapshot()->keys<piece_deals>(d.piece)->size(), 1u);
  EXPECT_EQ(store->snapshot()->keys<piece_contents>(p.piece)->size(), 2u);
  commit(transaction_builder{}.erase(second).erase(d));
  EXPECT_TRUE(store->snapshot()->keys<piece_deals>(d.piece)->empty());
  auto left = store->snapshot()->keys<piece_contents>(p.piece);
  ASSERT_EQ(left->size(), 1u);
  EXPECT_EQ(std::get<2>(left->front()), p.part);
}

TEST_F(transaction_builder_test, the_last_word_on_a_record_counts) {
  auto w = sample<wallet_address>();
  auto renamed = w;
  renamed.name = "second";
  auto t = transaction_builder{}.put(w).put(renamed).take();
  EXPECT_EQ(t.mutations.size(), 1u);
  ASSERT_TRUE(store->commit(t, unix_ms{}));
  EXPECT_EQ(store->snapshot()->get<wallet_address>(w.addr)->value.name, "second");
}

TEST_F(transaction_builder_test, preconditions_on_other_records) {
  auto w = sample<wallet_address>();
  EXPECT_EQ(commit(transaction_builder{}.must_be_present<content>(content_id{"a"}).put(w)), errc::conflict);
  commit(transaction_builder{}.create(make_content("a")));
  EXPECT_EQ(commit(transaction_builder{}.must_be_present<content>(content_id{"a"}).put(w)), errc::none);
  EXPECT_EQ(commit(transaction_builder{}.must_be_absent<content>(content_id{"a"}).put(w)), errc::conflict);
}

TEST_F(transaction_builder_test, lists_in_pages) {
  for (auto id : {"a", "b", "c", "d"})
    commit(transaction_builder{}.create(make_content(id)));
  auto first = store->snapshot()->list<content>(2);
  ASSERT_EQ(first->size(), 2u);
  auto second = store->snapshot()->list<content>(10, first->back().value.id);
  ASSERT_EQ(second->size(), 2u);
  EXPECT_EQ(second->front().value.id, content_id{"c"});
  EXPECT_EQ(store->snapshot()->get<content>(content_id{"x"}).error().code, errc::not_found);
}

TEST(facts, are_pairs_of_text) {
  EXPECT_EQ(fact("size", std::uint64_t{5}).second, "5");
  EXPECT_EQ(fact("verified", true).second, "true");
  EXPECT_EQ(fact("at", epoch{-1}).second, "-1");
  EXPECT_EQ(fact("cid", cid{}).second, "");
}

} // namespace
} // namespace weir::records
