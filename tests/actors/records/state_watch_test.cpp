#include "tests/actors/records/record_actors_fixture.hpp"

namespace weir {
namespace {

struct state_watch_test : test::record_actors_fixture {
  probe<state_batch> watch(open_state_watch wish) {
    auto made = make_probe<state_batch>();
    auto granted = tell(hub, atom::watch_v, std::move(wish), made.actor);
    EXPECT_TRUE(granted) << to_string(granted.error());
    return made;
  }
  void drain(const probe<state_batch>& w) {
    for (std::size_t batches = -1; w.seen->size() != batches;) {
      batches = w.seen->size();
      acknowledge(w.actor);
    }
  }
  /// "a=1 b-" in the order of arrival.
  static std::string told(const probe<state_batch>& w) {
    std::string out;
    for (auto& batch : *w.seen)
      for (auto& c : batch.changes)
        out.append(out.empty() ? "" : " ").append(c.key).append(c.value ? "=" + *c.value : "-");
    return out;
  }
};

TEST_F(state_watch_test, begins_with_everything_and_goes_on) {
  commit(change("a", "1"));
  commit(change("a", "2"));
  commit(change("b", "3"));
  auto w = watch({{table}, {}, {}});
  EXPECT_EQ(told(w), "a=2 b=3");
  acknowledge(w.actor);
  commit(change("a", "4"));
  acknowledge(w.actor);
  commit(gone("b"));
  EXPECT_EQ(told(w), "a=2 b=3 a=4 b-");
  EXPECT_EQ(w.seen->back().upto, revision{5});
  stop(w.actor);
}

TEST_F(state_watch_test, each_hears_of_the_keys_under_its_prefix) {
  auto all = watch({{table}, {}, revision{0}});
  auto a = watch({{table}, "a", revision{0}});
  auto ab = watch({{table}, "ab", revision{0}});
  auto b = watch({{table}, "b", revision{0}});
  for (auto key : {"a", "ab", "abc", "b", "c"}) {
    commit(change(key, "1"));
    for (auto* w : {&all, &a, &ab, &b})
      acknowledge(w->actor);
  }
  EXPECT_EQ(told(all), "a=1 ab=1 abc=1 b=1 c=1");
  EXPECT_EQ(told(a), "a=1 ab=1 abc=1");
  EXPECT_EQ(told(ab), "ab=1 abc=1");
  EXPECT_EQ(told(b), "b=1");
  stop(ab.actor);
  commit(change("ab", "2"));
  EXPECT_EQ(told(a), "a=1 ab=1 abc=1 ab=2");
  for (auto* w : {&all, &a, &b})
    stop(w->actor);
}

TEST_F(state_watch_test, what_the_first_state_has_is_not_told_again) {
  auto ahead = records->commit(change("a", "1"), unix_ms{time}); // the hub has not heard of it
  ASSERT_TRUE(ahead);
  auto w = watch({{table}, {}, {}});
  EXPECT_EQ(told(w), "a=1");
  EXPECT_EQ(w.seen->back().upto, revision{1});
  acknowledge(w.actor);
  caf::anon_send(hub, new_entries{{*ahead}, (*ahead)->rev});
  run();
  commit(change("a", "2"));
  EXPECT_EQ(told(w), "a=1 a=2");
  stop(w.actor);
}

TEST_F(state_watch_test, skips_what_is_superseded_and_never_the_last) {
  auto w = watch({{table}, {}, revision{0}});
  commit(change("a", "0"));
  for (int i = 1; i <= 200; ++i) {
    commit(change("a", std::to_string(i)));
    commit(change("b", std::to_string(i)));
  }
  commit(gone("b"));
  EXPECT_EQ(told(w), "a=0");
  drain(w);
  EXPECT_EQ(told(w), "a=0 a=200 b-");
  stop(w.actor);
}

TEST_F(state_watch_test, a_long_first_state_comes_in_pages_and_fits_what_changed_meanwhile) {
  for (int i = 0; i < 300; ++i)
    send_commit(change("k" + std::to_string(1000 + i), "old"));
  run();
  auto w = watch({{table}, {}, {}});
  ASSERT_EQ(w.seen->size(), 1u);
  EXPECT_LE(w.seen->front().changes.size(), 128u);
  EXPECT_EQ(w.seen->front().upto, revision{0}) << "not yet complete";
  commit(change("k1000", "new"));
  commit(gone("k1299"));
  drain(w);
  std::map<std::string, std::string> state;
  std::size_t changes = 0;
  for (auto& batch : *w.seen)
    for (auto& c : batch.changes) {
      ++changes;
      if (c.value)
        state[c.key] = *c.value;
      else
        state.erase(c.key);
    }
  EXPECT_EQ(changes, 302u);
  EXPECT_EQ(state.size(), 299u);
  EXPECT_EQ(state["k1000"], "new");
  stop(w.actor);
}

TEST_F(state_watch_test, sees_only_its_tables_and_prefix) {
  auto w = watch({{table}, "x", revision{0}});
  commit(change("a", "1"));
  commit({{}, {{table_id::cid_contents, "x1", "2"}}, {}});
  commit(change("x1", "3"));
  EXPECT_EQ(told(w), "x1=3");
  stop(w.actor);
}

TEST_F(state_watch_test, death_is_forgotten) {
  auto w = watch({{table}, {}, {}});
  stop(w.actor);
  EXPECT_EQ(state_of<watch_hub_state>(hub).states().size(), 0u);
}

} // namespace
} // namespace weir
