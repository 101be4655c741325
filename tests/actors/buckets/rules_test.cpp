#include "tests/actors/support/domain_fixture.hpp"

namespace weir::test {
namespace {

struct bucket_rules : domain_fixture {
  void SetUp() override {
    options.buckets.threshold = 100'000;
    start();
  }
  bucket open_global() const {
    for (auto& b : all<bucket>())
      if (b.global() && b.ready == bucket_ready::open)
        return b;
    return {};
  }
  bucket bucket_of(const content& c) const { return get<bucket>(get<content>(c.id).bucket); }
};

TEST_F(bucket_rules, over_the_size_it_is_ready_and_a_late_content_goes_to_the_successor) {
  auto a = upload("a", random_bytes(60'000));
  EXPECT_EQ(bucket_of(a).ready, bucket_ready::open);
  auto b = upload("b", random_bytes(60'000));
  EXPECT_EQ(bucket_of(b).id, bucket_of(a).id);
  EXPECT_EQ(bucket_of(a).ready, bucket_ready::size);
  EXPECT_EQ(bucket_of(a).state, bucket_state::complete);
  EXPECT_EQ(get<content>(a.id).state, content_state::packed);
  auto late = upload("late", random_bytes(10));
  EXPECT_NE(bucket_of(late).id, bucket_of(a).id);
  EXPECT_EQ(bucket_of(late).state, bucket_state::init);
}

TEST_F(bucket_rules, after_two_days_it_is_ready_whatever_its_size) {
  auto c = upload("small", random_bytes(10));
  pass(bucket_max_age - 1);
  EXPECT_EQ(bucket_of(c).ready, bucket_ready::open);
  pass(1);
  EXPECT_EQ(bucket_of(c).ready, bucket_ready::age);
  EXPECT_EQ(get<content>(c.id).state, content_state::packed);
}

TEST_F(bucket_rules, a_dedicated_one_is_ready_by_count_and_has_a_successor_at_once) {
  auto made = ask<bucket>(domain_tree.bucket_creator, create_bucket{owner_id{"local"}, "photos", 0, 2, 0});
  ASSERT_TRUE(made);
  auto twice = ask<bucket>(domain_tree.bucket_creator, create_bucket{owner_id{"local"}, "photos", 0, 2, 0});
  EXPECT_EQ(twice.error().code, errc::already_exists);
  auto a = upload("1", random_bytes(10), "photos");
  auto b = upload("2", random_bytes(20), "photos");
  EXPECT_EQ(bucket_of(a).id, made->id);
  EXPECT_EQ(bucket_of(b).ready, bucket_ready::count);
  auto c = upload("3", random_bytes(30), "photos");
  EXPECT_EQ(bucket_of(c).name, "photos");
  EXPECT_NE(bucket_of(c).id, made->id);
}

TEST_F(bucket_rules, a_schedule_counts_in_epochs) {
  ASSERT_TRUE(ask<bucket>(domain_tree.bucket_creator, create_bucket{owner_id{"local"}, "nightly", 0, 0, 100}));
  pass(150); // empty at its first time: nothing to pack
  auto c = upload("dump", random_bytes(10), "nightly");
  pass(49);
  EXPECT_EQ(bucket_of(c).ready, bucket_ready::open);
  pass(1);
  EXPECT_EQ(bucket_of(c).ready, bucket_ready::schedule);
}

TEST_F(bucket_rules, closed_by_hand) {
  auto c = upload("now", random_bytes(10));
  ASSERT_TRUE(close_global());
  run();
  EXPECT_EQ(bucket_of(c).ready, bucket_ready::closed);
  EXPECT_EQ(bucket_of(c).state, bucket_state::complete);
  auto again = ask<bucket>(domain_tree.bucket_creator, close_bucket{{}, bucket_of(c).id, {}});
  EXPECT_EQ(again.error().code, errc::precondition);
}

TEST_F(bucket_rules, a_bucket_that_does_not_exist_is_refused) {
  auto id = ask<upload_id>(domain_tree.content, open_upload{owner_id{"local"}, "x", "nowhere", 6, false});
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().code, errc::not_found);
}

TEST_F(bucket_rules, contents_without_a_bucket_are_taken_up_after_a_restart) {
  auto c = upload("kept", random_bytes(10));
  restart();
  ASSERT_TRUE(close_global());
  run();
  EXPECT_EQ(get<content>(c.id).state, content_state::packed);
}

TEST_F(bucket_rules, a_content_whose_block_is_lost_does_not_hold_up_the_others) {
  auto good = upload("good", random_bytes(500));
  auto bad = upload("bad", random_bytes(90'000));
  ASSERT_TRUE(blocks->remove(bad.cid));
  ASSERT_TRUE(close_global());
  run();
  EXPECT_EQ(get<content>(good.id).state, content_state::packed);
  auto left = get<content>(bad.id);
  EXPECT_EQ(left.state, content_state::stored);
  EXPECT_TRUE(left.problem.any());
  pass(epochs_per_day);
  EXPECT_EQ(get<content>(bad.id).state, content_state::in_bucket);
}

TEST_F(bucket_rules, after_three_months_processed_buckets_go_and_failing_contents_are_given_up) {
  add_providers(6);
  restart();
  auto good = upload("good", random_bytes(500));
  auto bad = upload("bad", random_bytes(90'000));
  ASSERT_TRUE(blocks->remove(bad.cid));
  ASSERT_TRUE(close_global());
  settle();
  auto processed = bucket_of(good).id;
  for (int day = 0; day < 92; ++day)
    pass(epochs_per_day);
  EXPECT_FALSE(*records->snapshot()->find<bucket>(processed));
  EXPECT_GE(events(event_kind::bucket_collected).size(), 1u);
  EXPECT_EQ(get<content>(good.id).state, content_state::active);
  auto failed = get<content>(bad.id);
  EXPECT_EQ(failed.state, content_state::failed);
  EXPECT_TRUE(failed.local) << "nobody else has it, and its owner did not allow it";
  EXPECT_EQ(events(event_kind::content_failed).size(), 1u);
}

} // namespace
} // namespace weir::test
