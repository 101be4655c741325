// The cold layer's actor dies while jobs wait for it: its supervisor starts another one, and they go on.
#include "tests/actors/ffs/ffs_fixture.hpp"

#include <caf/send.hpp>

namespace weir::test {
namespace {

struct ffs_cold_restart : ffs_fixture {
  void cold_dies() {
    caf::anon_send_exit(caf::actor_cast<caf::actor>(domain_tree.cold.at(0)), caf::exit_reason::kill);
    run();
  }
};

TEST_F(ffs_cold_restart, jobs_that_wait_for_their_deals_go_on) {
  auto id = stage(a, random_bytes(50'000)), other = stage(b, random_bytes(60'000));
  auto job = push(a, id, both()), theirs = push(b, other, both(2));
  ASSERT_EQ(job_of(a, *job).step, ffs::job_step::cold);
  cold_dies();
  EXPECT_EQ(job_of(a, *job).state, job_state::in_progress) << job_of(a, *job).err.message;
  settle();
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
  EXPECT_EQ(job_of(b, *theirs).state, job_state::done) << job_of(b, *theirs).err.message;
  EXPECT_EQ(deals_of(a, id).size(), 1u);
  EXPECT_EQ(deals_of(b, other).size(), 2u);
  expect_no_duplicates();
}

TEST_F(ffs_cold_restart, at_any_moment_of_a_job) {
  for (int messages = 0; messages < 160; messages += 8) {
    auto id = stage(a, random_bytes(20'000));
    auto config = both();
    config.hot.enabled = messages % 16 == 0;
    caf::anon_send(gate_of(a), ffs::push_config{a, id, config, true, false});
    run_messages(messages);
    cold_dies();
    settle();
    settle();
    auto job = job_of(a, entry(a, id).latest);
    EXPECT_EQ(job.state, job_state::done) << messages << ": " << job.err.message;
    EXPECT_EQ(deals_of(a, id).size(), 1u) << messages;
  }
}

TEST_F(ffs_cold_restart, one_that_was_cancelled_stays_so) {
  auto job = push(a, stage(a, random_bytes(50'000)), both());
  ASSERT_EQ(job_of(a, *job).step, ffs::job_step::cold);
  cold_dies();
  ASSERT_TRUE(ask<ffs::job>(gate_of(a), ffs::cancel_job{a, *job}));
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::cancelled);
}

} // namespace
} // namespace weir::test
