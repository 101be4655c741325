// A1: several schedulers, and instances that are moved from one to another.
#include "tests/actors/ffs/layers_fixture.hpp"

namespace weir::test {
namespace {

struct ffs_moves : ffs_layers_fixture {};

TEST_F(ffs_moves, two_instances_on_two_schedulers_with_layers_and_selectors_of_their_own) {
  fell();
  options.ffs.schedulers[1].miners = {address::from_id(1002)};
  start();
  move(b, "outside");
  auto data = random_bytes(100'000);
  auto id = stage(a, data);
  stage(b, data);
  (void)push(a, id, both());
  auto theirs = push(b, id, both());
  settle();
  EXPECT_EQ(entry(a, id).hot.layer, "store");
  EXPECT_EQ(entry(b, id).hot.layer, "far");
  EXPECT_EQ(job_of(b, *theirs).scheduler, "outside");
  ASSERT_EQ(deals_of(b, id).size(), 1u);
  EXPECT_EQ(deals_of(b, id)[0].provider, address::from_id(1002)) << "its selector knows no other";
  EXPECT_TRUE(far->pinned(b, id));
  EXPECT_FALSE(far->pinned(a, id));
}

TEST_F(ffs_moves, what_is_hot_follows_and_the_layer_before_lets_go) {
  auto id = stage(a, random_bytes(100'000));
  (void)push(a, id, hot_only());
  ASSERT_TRUE(blocks->has(id));
  move(a, "outside");
  live(2);
  EXPECT_EQ(newest_job(a, id).why, ffs::job_cause::move);
  EXPECT_EQ(newest_job(a, id).state, job_state::done) << newest_job(a, id).err.message;
  EXPECT_EQ(entry(a, id).hot.layer, "far");
  EXPECT_TRUE(far->pinned(a, id) && far->whole(id));
  EXPECT_FALSE(blocks->has(id));
  move(a, "default");
  live(2);
  EXPECT_EQ(newest_job(a, id).state, job_state::done) << newest_job(a, id).err.message;
  EXPECT_EQ(entry(a, id).hot.layer, "store");
  EXPECT_FALSE(far->pinned(a, id));
  EXPECT_TRUE(blocks->has(id));
  EXPECT_EQ(staged(), 0u);
}

TEST_F(ffs_moves, what_runs_ends_where_it_began_and_what_waits_goes_over) {
  auto id = stage(a, random_bytes(100'000));
  auto first = push(a, id, both());
  auto second = push(a, id, both(2));
  ASSERT_EQ(job_of(a, *first).state, job_state::in_progress);
  ASSERT_EQ(job_of(a, *second).state, job_state::queued);
  move(a, "outside");
  EXPECT_EQ(job_of(a, *first).scheduler, "default");
  EXPECT_EQ(job_of(a, *second).scheduler, "outside");
  EXPECT_EQ(job_of(a, *second).state, job_state::queued) << "one of a CID at a time, whoever runs it";
  settle();
  settle();
  EXPECT_EQ(job_of(a, *first).state, job_state::done) << job_of(a, *first).err.message;
  EXPECT_EQ(job_of(a, *second).state, job_state::done) << job_of(a, *second).err.message;
  EXPECT_EQ(deals_of(a, id).size(), 2u);
  EXPECT_EQ(entry(a, id).hot.layer, "far");
  EXPECT_TRUE(get<ffs::instance>(a).moved_from.empty());
}

TEST_F(ffs_moves, a_job_that_began_elsewhere_is_cancelled_where_it_runs) {
  auto id = stage(a, random_bytes(100'000));
  auto job = push(a, id, both());
  move(a, "outside");
  auto ended = ask<ffs::job>(gate_of(a), ffs::cancel_job{a, *job});
  ASSERT_TRUE(ended) << to_string(ended.error());
  EXPECT_EQ(ended->state, job_state::cancelled);
  auto next = push(a, id, hot_only());
  EXPECT_EQ(job_of(a, *next).state, job_state::done) << job_of(a, *next).err.message;
  EXPECT_TRUE(far->pinned(a, id));
}

/// Its job pinned it in the layer before, and was cancelled before a record could say so.
struct ffs_forgotten_pins : ffs_moves {
  cid id;
  void cancelled_behind_its_hot_step() {
    move(a, "outside");
    id = stage(a, random_bytes(50'000));
    auto job = push(a, id, both());
    ASSERT_EQ(job_of(a, *job).step, ffs::job_step::cold);
    ASSERT_TRUE(far->pinned(a, id));
    ASSERT_TRUE(ask<ffs::job>(gate_of(a), ffs::cancel_job{a, *job}));
    run();
    ASSERT_FALSE(entry(a, id).hot.enabled);
    ASSERT_TRUE(far->pinned(a, id)) << "the next push finds it";
  }
};

TEST_F(ffs_forgotten_pins, go_when_the_instance_is_moved) {
  cancelled_behind_its_hot_step();
  move(a, "default");
  live(2);
  EXPECT_FALSE(far->pinned(a, id));
  EXPECT_TRUE(entry(a, id).hot_left.empty());
}

TEST_F(ffs_forgotten_pins, go_with_the_next_job_where_the_layer_did_not_answer) {
  cancelled_behind_its_hot_step();
  far->refuses = errc::unreachable;
  move(a, "default");
  live(2);
  ASSERT_TRUE(far->pinned(a, id));
  ASSERT_EQ(entry(a, id).hot_left, std::vector<std::string>{"far"}) << "it is not forgotten";
  far->refuses = errc::none;
  auto job = push(a, id, hot_only());
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
  EXPECT_FALSE(far->pinned(a, id));
  EXPECT_TRUE(entry(a, id).hot_left.empty());
}

TEST_F(ffs_forgotten_pins, are_the_next_pushs_where_it_was_not_moved) {
  cancelled_behind_its_hot_step();
  auto job = push(a, id, hot_only());
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
  EXPECT_TRUE(far->pinned(a, id));
  EXPECT_TRUE(entry(a, id).hot_left.empty());
}

TEST_F(ffs_moves, a_scheduler_that_the_configuration_has_no_more) {
  move(a, "outside");
  auto id = stage(a, random_bytes(100'000));
  auto job = push(a, id, both());
  ASSERT_EQ(job_of(a, *job).state, job_state::in_progress);
  fell();
  options.ffs.schedulers.pop_back();
  start();
  auto refused = push(a, stage(a, random_bytes(10)), hot_only());
  EXPECT_EQ(refused.error().code, errc::precondition);
  EXPECT_EQ(refused.error().limit, "default") << "those that there are";
  move(a, "default");
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << "it goes on at the new one: " << job_of(a, *job).err.message;
  EXPECT_EQ(deals_of(a, id).size(), 1u);
}

/// F7, X2: the best score first, and the score is new with each result.
TEST_F(ffs_moves, f7_x2_by_reputation_the_best_score_comes_first) {
  fell();
  options.ffs.schedulers[0].by_reputation = true;
  start();
  auto pushed = [&](ffs::cid_config config) {
    auto id = stage(a, random_bytes(10'000));
    auto job = push(a, id, config);
    settle();
    EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
    return deals_of(a, id).back().provider;
  };
  auto trusting = both();
  trusting.cold.trusted_miners = {address::from_id(1003)};
  trusting.hot.enabled = false;
  auto plain = both();
  plain.hot.enabled = false;
  EXPECT_EQ(pushed(plain), address::from_id(1000)) << "nothing is known: the first of the cheapest";
  EXPECT_EQ(pushed(trusting), address::from_id(1003));
  EXPECT_EQ(pushed(trusting), address::from_id(1003));
  EXPECT_EQ(pushed(plain), address::from_id(1003)) << "two kept deals are more than one";
  auto without = plain;
  without.cold.excluded_miners = {address::from_id(1003)};
  EXPECT_EQ(pushed(without), address::from_id(1000)) << "every selector honours the filter";
}

/// N4: while the chain node does not answer a renewal waits; then it goes on.
TEST_F(ffs_moves, n4_a_renewal_waits_for_the_chain) {
  auto id = stage(a, random_bytes(50'000));
  auto config = both();
  config.cold.renew = true;
  config.cold.renew_threshold = 518'000;
  (void)push(a, id, config);
  settle();
  ASSERT_EQ(newest_job(a, id).state, job_state::done) << newest_job(a, id).err.message;
  ASSERT_EQ(deals_of(a, id).size(), 1u);
  ASSERT_NE(entry(a, id).renew_at, no_epoch);
  chain->down = true;
  pass(entry(a, id).renew_at - chain->head + 1);
  live(3);
  EXPECT_EQ(newest_job(a, id).why, ffs::job_cause::renew);
  EXPECT_EQ(newest_job(a, id).state, job_state::in_progress) << newest_job(a, id).err.message;
  EXPECT_EQ(deals_of(a, id).size(), 1u);
  chain->down = false;
  for (int i = 0; i < 5; ++i)
    settle();
  EXPECT_EQ(newest_job(a, id).state, job_state::done) << newest_job(a, id).err.message;
  EXPECT_EQ(deals_of(a, id).size(), 2u);
}

/// The process dies at many moments of a move; nothing is lost or left behind.
TEST_F(ffs_moves, a_move_survives_a_crash_at_any_moment) {
  std::string to = "outside";
  auto id = stage(a, random_bytes(60'000));
  (void)push(a, id, hot_only());
  for (int messages = 0; messages < 120; messages += 9) {
    auto moved = ffs::move(*records->snapshot(), a, to);
    ASSERT_TRUE(moved);
    caf::anon_send(gate, atom::commit_v, moved->take());
    run_messages(messages);
    crash_with_layer();
    start();
    live(3);
    bool far_now = get<ffs::instance>(a).scheduler == "outside";
    EXPECT_EQ(entry(a, id).hot.layer, far_now ? "far" : "store") << messages;
    EXPECT_EQ(far->pinned(a, id), far_now) << messages;
    EXPECT_EQ(blocks->has(id), !far_now) << messages;
    EXPECT_TRUE(get<ffs::instance>(a).moved_from.empty());
    to = far_now ? "default" : "outside";
  }
}

} // namespace
} // namespace weir::test
