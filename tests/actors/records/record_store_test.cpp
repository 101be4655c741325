#include "tests/actors/records/record_actors_fixture.hpp"

#include <csignal>

#include <sys/resource.h>

namespace weir {
namespace {

struct record_store_actor_test : test::record_actors_fixture {
  record_store_status status() { return *ask<record_store_status>(store, atom::status_v); }
};

TEST_F(record_store_actor_test, answers_with_what_was_committed) {
  auto done = ask<committed_ptr>(store, atom::commit_v, change("a", "1", {said("a")}));
  ASSERT_TRUE(done);
  EXPECT_EQ((*done)->rev, revision{1});
  EXPECT_EQ((*done)->time, unix_ms{1000});
  EXPECT_EQ(records->head(), revision{1});
}

TEST_F(record_store_actor_test, what_waits_becomes_one_group) {
  for (int i = 0; i < 100; ++i)
    send_commit(change("k" + std::to_string(i), "v"));
  run();
  EXPECT_EQ(status().transactions, 100u);
  EXPECT_EQ(status().groups, 1u);
}

TEST_F(record_store_actor_test, groups_have_limits) {
  start({.group = 30});
  for (int i = 0; i < 100; ++i)
    send_commit(change("k" + std::to_string(i), "v"));
  run();
  EXPECT_EQ(status().groups, 4u);
  start({.group_bytes = 1000});
  for (int i = 0; i < 10; ++i)
    send_commit(change("k" + std::to_string(i), std::string(600, 'v')));
  run();
  EXPECT_EQ(status().groups, 5u);
  EXPECT_EQ(records->head(), revision{110});
}

TEST_F(record_store_actor_test, each_has_its_own_answer) {
  auto create = change("a", "1");
  create.preconditions = {{table, "a", precondition::rule::absent, {}}};
  send_commit(create);
  auto second = ask<committed_ptr>(store, atom::commit_v, create);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::conflict);
  EXPECT_EQ(second.error().value, "piece-deals/a");
  EXPECT_EQ(status().groups, 1u);
}

TEST_F(record_store_actor_test, refuses_more_than_may_wait) {
  start({.max_waiting = 10});
  for (int i = 0; i < 10; ++i)
    send_commit(change("k" + std::to_string(i), "v"));
  auto over = ask<committed_ptr>(store, atom::commit_v, change("x", "v"));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, errc::overloaded);
  EXPECT_EQ(status().transactions, 10u);
  EXPECT_EQ(commit(change("x", "v")), revision{11}) << "and takes it later";
}

TEST_F(record_store_actor_test, what_waits_at_the_end_is_committed) {
  for (int i = 0; i < 50; ++i)
    send_commit(change("k" + std::to_string(i), "v"));
  stop(store);
  EXPECT_EQ(records->head(), revision{50});
}

TEST_F(record_store_actor_test, folds_what_is_too_old) {
  for (int i = 0; i < 30; ++i)
    (void)records->commit_group(std::vector<transaction>(100, change("k", std::to_string(i))), unix_ms{1000 + i});
  start();
  self->send(store, fold_log{unix_ms{1025}});
  run();
  EXPECT_EQ(status().oldest, revision{2501});
  EXPECT_EQ(records->read_log(revision{2499}).error().code, errc::compacted);
  self->send(store, fold_log{unix_ms{100'000}});
  run();
  EXPECT_EQ(status().oldest, revision{3000}) << "the newest stays";
}

TEST_F(record_store_actor_test, times_stay_in_order_when_the_clock_is_set_back) {
  auto times = [&] {
    std::vector<std::int64_t> all;
    auto log = records->read_log(revision{0});
    for (auto& entry : *log)
      all.push_back(entry->time.value);
    return all;
  };
  for (auto [now, key] : {std::pair{5000, "a"}, {2000, "b"}, {6000, "c"}}) {
    time = now;
    commit(change(key, "v"));
  }
  EXPECT_EQ(times(), (std::vector<std::int64_t>{5000, 5000, 6000}));
  time = 3000;
  start();
  commit(change("d", "v"));
  EXPECT_EQ(times().back(), 6000) << "after a restart, too";
}

TEST_F(record_store_actor_test, a_full_disk_is_an_answer_and_passes) {
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 64 << 10;
  ::setrlimit(RLIMIT_FSIZE, &small);
  auto full = ask<committed_ptr>(store, atom::commit_v, change("a", std::string(200'000, 'v')));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, errc::disk_full);
  EXPECT_EQ(commit(change("a", "1")), revision{1});
}

} // namespace
} // namespace weir
