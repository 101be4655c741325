#include "tests/actors/records/record_actors_fixture.hpp"

#include <caf/event_based_actor.hpp>

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

/// A writer that keeps what it took until the test lets it go on.
struct slow_disk : record_store_actor_test {
  group_slot_ptr slot;
  std::shared_ptr<records::transaction_group> taken;
  write_listener asker;

  void SetUp() override {
    hub = sys.spawn(watch_hub, records, watch_hub_options{});
    auto writer = sys.spawn([this](record_writer_actor::pointer) -> record_writer_actor::behavior_type {
      return {[this](const group_slot_ptr& from, const write_listener& who) {
                slot = from;
                taken = from->take();
                asker = who;
              },
              [](const fold_log&) {}};
    });
    store = sys.spawn(
        record_store, records, writer, watch_hub_actor{hub}, [this] { return unix_ms{time}; }, record_store_options{});
  }
  void answer(std::vector<result<committed_ptr>> answers) {
    caf::anon_send(asker, std::make_shared<const group_write>(group_write{std::move(answers)}));
    run();
  }
  /// What it took is written, and it takes what there is.
  void go_on() {
    auto answers = records->write_group(*taken);
    taken = slot->take();
    answer(std::move(answers));
  }
  /// Sends a commit, and returns where its answer will be.
  std::shared_ptr<std::vector<error>> commit_later(transaction t) {
    auto answers = std::make_shared<std::vector<error>>();
    sys.spawn([this, t = std::move(t), answers](caf::event_based_actor* me) {
      auto failed = [answers](const caf::error& e) { answers->push_back(from_caf(e)); };
      me->request(record_store_actor{store}, caf::infinite, atom::commit_v, t)
          .then(
              [answers](const committed_ptr&) {
                answers->push_back({errc::none, {}, {}, {}});
              },
              failed);
    });
    run();
    return answers;
  }
};

TEST_F(slow_disk, the_next_group_is_filled_meanwhile_and_sees_what_is_not_yet_written) {
  auto first = commit_later(change("a", "1"));
  auto create = change("a", "2");
  create.preconditions = {{table, "a", precondition::rule::absent, {}}};
  auto second = commit_later(create);
  auto third = commit_later(change("b", "3"));
  EXPECT_EQ(taken->size(), 1u);
  EXPECT_TRUE(first->empty()) << "nothing is answered before it is on the disk";
  go_on();
  ASSERT_EQ(first->size(), 1u);
  EXPECT_EQ(first->front().code, errc::none);
  EXPECT_EQ(taken->size(), 2u);
  go_on();
  EXPECT_EQ(second->front().code, errc::conflict);
  EXPECT_EQ(third->front().code, errc::none);
  EXPECT_EQ(records->head(), revision{2});
  EXPECT_EQ(status().groups, 2u);
}

TEST_F(slow_disk, the_hub_is_told_of_each_group_also_when_the_disk_is_already_further) {
  auto listener = make_probe<log_batch>();
  ASSERT_TRUE(tell(hub, atom::watch_v, open_log_watch{revision{0}, {}}, log_listener{listener.actor}));
  commit_later(change("a", "1", {said("a")}));
  commit_later(change("b", "2", {said("b")}));
  auto first = records->write_group(*taken);
  auto second = records->write_group(*slot->take());
  answer(std::move(first));
  acknowledge(log_listener{listener.actor});
  EXPECT_EQ(test::revisions(*listener.seen), "1");
  answer(std::move(second));
  EXPECT_EQ(test::revisions(*listener.seen), "1 2");
}

TEST_F(slow_disk, a_disk_that_hangs_is_an_answer) {
  auto first = commit_later(change("a", "1"));
  auto second = commit_later(change("b", "2"));
  for (int i = 0; i < 6; ++i)
    advance(std::chrono::seconds{5});
  EXPECT_TRUE(first->empty() && second->empty());
  advance(std::chrono::seconds{5});
  ASSERT_EQ(first->size(), 1u);
  EXPECT_EQ(first->front().code, errc::outcome_unknown);
  ASSERT_EQ(second->size(), 1u);
  EXPECT_EQ(second->front().code, errc::outcome_unknown);
  go_on(); // and works on
  go_on();
  auto later = commit_later(change("c", "3"));
  go_on();
  EXPECT_EQ(first->size(), 1u) << "answered once";
  EXPECT_EQ(later->front().code, errc::none);
  EXPECT_EQ(records->head(), revision{3});
}

TEST_F(slow_disk, it_ends_when_everything_is_written) {
  auto first = commit_later(change("a", "1"));
  auto second = commit_later(change("b", "2"));
  caf::anon_send_exit(store, caf::exit_reason::user_shutdown);
  run();
  auto late = commit_later(change("c", "3"));
  EXPECT_EQ(late->front().code, errc::shutting_down);
  go_on();
  go_on();
  EXPECT_EQ(second->front().code, errc::none);
  EXPECT_EQ(records->head(), revision{2});
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
