// One CID in the place of another, and what comes to the other one meanwhile.
#include "tests/actors/ffs/ffs_fixture.hpp"

namespace weir::test {
namespace {

struct ffs_replace : ffs_fixture {
  cid from, to;

  void begin() {
    from = stage(a, random_bytes(100'000));
    to = stage(a, random_bytes(120'000));
    auto first = push(a, from, both());
    settle();
    ASSERT_EQ(job_of(a, *first).state, job_state::done);
  }
  ffs::job_id replace() {
    auto made = ask<ffs::push_answer>(gate_of(a), ffs::replace_cid{a, from, to});
    EXPECT_TRUE(made);
    run();
    return made ? made->job : ffs::job_id{};
  }
  bool keeps(const cid& id) { return records->snapshot()->find<ffs::cid_entry>({a, id})->has_value(); }
};

TEST_F(ffs_replace, the_old_one_goes_when_the_new_one_is_kept) {
  begin();
  auto job = replace();
  EXPECT_TRUE(keeps(from)) << "not before";
  settle();
  EXPECT_EQ(job_of(a, job).state, job_state::done);
  EXPECT_FALSE(keeps(from));
  EXPECT_FALSE(blocks->has(from));
  EXPECT_TRUE(keeps(to));
}

TEST_F(ffs_replace, who_pushes_the_old_one_again_keeps_it) {
  begin();
  auto job = replace();
  ASSERT_EQ(job_of(a, job).state, job_state::in_progress);
  wall += 1'000;
  auto again = push(a, from, hot_only());
  ASSERT_TRUE(again);
  settle();
  EXPECT_EQ(job_of(a, job).state, job_state::done);
  EXPECT_EQ(job_of(a, *again).state, job_state::done);
  ASSERT_TRUE(keeps(from));
  EXPECT_TRUE(entry(a, from).hot.enabled);
  EXPECT_TRUE(blocks->has(from));
}

TEST_F(ffs_replace, a_job_of_the_old_one_that_runs_comes_to_its_end) {
  begin();
  auto running = push(a, from, both(2));
  ASSERT_TRUE(running);
  ASSERT_EQ(job_of(a, *running).state, job_state::in_progress);
  auto job = replace();
  settle();
  EXPECT_EQ(job_of(a, job).state, job_state::done);
  EXPECT_EQ(job_of(a, *running).state, job_state::done);
  for (auto& s : options.ffs.schedulers)
    EXPECT_EQ(records->snapshot()->keys<records::ffs_open_jobs>(s.name)->size(), 0u) << "nothing is left open";
}

} // namespace
} // namespace weir::test
