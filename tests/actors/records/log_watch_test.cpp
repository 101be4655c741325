#include "tests/actors/records/record_actors_fixture.hpp"

namespace weir {
namespace {

using test::revisions;

struct log_watch_test : test::record_actors_fixture {
  probe<log_batch> watch(open_log_watch wish = {}) {
    auto made = make_probe<log_batch>();
    auto granted = tell(hub, atom::watch_v, std::move(wish), made.actor);
    EXPECT_TRUE(granted) << to_string(granted.error());
    return made;
  }
  errc refused(open_log_watch wish) {
    auto made = make_probe<log_batch>();
    auto granted = tell(hub, atom::watch_v, std::move(wish), made.actor);
    stop(made.actor);
    return granted ? errc::none : granted.error().code;
  }
};

TEST_F(log_watch_test, tells_what_was_and_what_comes_without_gap_or_duplicate) {
  for (int i = 1; i <= 5; ++i)
    commit(change("a", std::to_string(i), {said("a")}));
  auto w = watch({revision{2}, {}});
  EXPECT_EQ(revisions(*w.seen), "3 4 5");
  acknowledge(w.actor);
  commit(change("a", "6", {said("a")}));
  EXPECT_EQ(revisions(*w.seen), "3 4 5 6");
  EXPECT_EQ(w.seen->back().upto, revision{6});
  stop(w.actor);
}

/// Who commits is answered before the hub is told.
TEST_F(log_watch_test, begins_at_a_revision_that_the_hub_has_not_heard_of) {
  ASSERT_TRUE(records->commit(change("a", "1", {said("a")}), unix_ms{1000}));
  ASSERT_TRUE(records->commit(change("a", "2", {said("a")}), unix_ms{1000}));
  auto newest = watch({records->head(), {}});
  auto earlier = watch({revision{1}, {}});
  EXPECT_EQ(revisions(*earlier.seen), "2");
  commit(change("a", "3", {said("a")}));
  EXPECT_EQ(revisions(*newest.seen), "3");
  stop(newest.actor);
  stop(earlier.actor);
}

TEST_F(log_watch_test, without_credit_nothing_is_sent_and_nothing_is_lost) {
  auto w = watch();
  for (int i = 1; i <= 500; ++i)
    commit(change("a", std::to_string(i), {said("a")}));
  EXPECT_EQ(revisions(*w.seen), "1");
  std::size_t batches = 0;
  while (w.seen->size() != batches) {
    batches = w.seen->size();
    acknowledge(w.actor);
  }
  std::string all = "1";
  for (int i = 2; i <= 500; ++i)
    all += " " + std::to_string(i);
  EXPECT_EQ(revisions(*w.seen), all);
  EXPECT_LE(w.seen->size(), 10u) << "what waited comes in batches";
  commit(change("a", "501", {said("a")}));
  EXPECT_EQ(w.seen->back().entries.front()->rev, revision{501}) << "and it is live again";
  stop(w.actor);
}

TEST_F(log_watch_test, filters_by_kind_subject_and_owner) {
  auto kind = watch({{}, {{event_kind::deal_slashed}, {}, {}}});
  auto subject = watch({{}, {{}, {"b", "c"}, {}}});
  auto owner = watch({{}, {{}, {}, owner_id{"ann"}}});
  auto both = watch({{}, {{event_kind::deal_slashed}, {"b"}, {}}});
  auto hear = [&](auto& w) {
    acknowledge(w.actor);
    return revisions(*w.seen);
  };
  auto commit_and_ack = [&](std::vector<event> events) {
    commit(change("k", "v", std::move(events)));
    for (auto* w : {&kind, &subject, &owner, &both})
      acknowledge(w->actor);
  };
  commit_and_ack({said("a", event_kind::deal_slashed)});
  commit_and_ack({said("b", event_kind::deal_active, "ann")});
  commit_and_ack({said("b", event_kind::deal_slashed)});
  commit_and_ack({said("x"), said("c"), said("b")});
  commit_and_ack({});
  EXPECT_EQ(hear(kind), "1 3");
  EXPECT_EQ(hear(subject), "2 3 4");
  EXPECT_EQ(hear(owner), "2");
  EXPECT_EQ(hear(both), "3");
  auto late = watch({{}, {{event_kind::deal_slashed}, {"b"}, {}}});
  EXPECT_EQ(revisions(*late.seen), "3") << "the past is filtered alike";
  stop(kind.actor, subject.actor, owner.actor, both.actor, late.actor);
}

TEST_F(log_watch_test, everyone_gets_the_same_shared_entry) {
  auto one = watch();
  auto two = watch();
  commit(change("a", "1", {said("a")}));
  ASSERT_EQ(revisions(*two.seen), "1");
  EXPECT_EQ(one.seen->front().entries.front().get(), two.seen->front().entries.front().get());
  stop(one.actor, two.actor);
}

TEST_F(log_watch_test, refuses_what_cannot_be) {
  for (int i = 1; i <= 10; ++i)
    commit(change("a", std::to_string(i), {said("a")}));
  while (!*records->retain(revision{5})) {
  }
  EXPECT_EQ(refused({revision{3}, {}}), errc::compacted);
  EXPECT_EQ(refused({revision{4}, {}}), errc::none);
  EXPECT_EQ(refused({revision{11}, {}}), errc::invalid_argument);
  open_log_watch broad;
  broad.after = revision{10};
  broad.filter.subjects.resize(max_watch_subjects + 1);
  EXPECT_EQ(refused(broad), errc::too_large);
  start({}, {.max_watches = 2});
  auto one = watch({revision{10}, {}});
  auto two = watch({revision{10}, {}});
  EXPECT_EQ(refused({revision{10}, {}}), errc::overloaded);
  stop(one.actor, two.actor);
}

TEST_F(log_watch_test, a_slow_watch_is_ended_when_its_past_is_folded_away) {
  auto w = watch();
  for (int i = 1; i <= 7000; ++i)
    send_commit(change("a", std::to_string(i), {said("a")}));
  run();
  ASSERT_EQ(records->head(), revision{7000});
  while (!*records->retain(revision{7000})) {
  }
  ASSERT_EQ(w.seen->size(), 1u);
  acknowledge(w.actor); // the hub's memory does not reach that far back
  ASSERT_EQ(w.seen->size(), 2u);
  EXPECT_TRUE(w.seen->back().entries.empty());
  EXPECT_EQ(w.seen->back().ended.code, errc::compacted);
  EXPECT_EQ(w.seen->back().ended.limit, "7000");
  EXPECT_EQ(state_of<watch_hub_state>(hub).logs().size(), 0u);
  stop(w.actor);
}

TEST_F(log_watch_test, unwatch_and_death_are_forgotten) {
  auto one = watch();
  auto two = watch();
  EXPECT_EQ(state_of<watch_hub_state>(hub).logs().size(), 2u);
  self->send(hub, atom::unwatch_v, one.actor);
  run();
  stop(two.actor);
  EXPECT_EQ(state_of<watch_hub_state>(hub).logs().size(), 0u);
  EXPECT_EQ(state_of<watch_hub_state>(hub).number_of(two.actor.address()), 0u);
  commit(change("a", "1", {said("a")}));
  EXPECT_TRUE(one.seen->empty());
  stop(one.actor);
}

TEST_F(log_watch_test, a_second_watch_replaces_the_first) {
  auto w = watch({{}, {{event_kind::deal_slashed}, {}, {}}});
  ASSERT_TRUE(tell(hub, atom::watch_v, open_log_watch{{}, {{event_kind::deal_active}, {}, {}}}, w.actor));
  commit(change("a", "1", {said("a", event_kind::deal_slashed)}));
  commit(change("a", "2", {said("a", event_kind::deal_active)}));
  EXPECT_EQ(revisions(*w.seen), "2");
  stop(w.actor);
}

TEST_F(log_watch_test, a_hub_without_credit_catches_up_from_the_journal) {
  start({.group = 1, .hub_credit = 1});
  auto w = watch();
  for (int i = 1; i <= 100; ++i)
    send_commit(change("a", std::to_string(i), {said("a")}));
  run();
  for (std::size_t batches = 0; w.seen->size() != batches;) {
    batches = w.seen->size();
    acknowledge(w.actor);
  }
  std::size_t next = 1;
  for (auto& batch : *w.seen)
    for (auto& entry : batch.entries)
      EXPECT_EQ(entry->rev.value, next++);
  EXPECT_EQ(next, 101u);
  stop(w.actor);
}

} // namespace
} // namespace weir
