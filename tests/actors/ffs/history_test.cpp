// What is over does not stay for ever: over the whole domain, on the virtual clock.
#include "actors/ffs/history.hpp"
#include "tests/actors/ffs/ffs_fixture.hpp"

namespace weir::test {
namespace {

struct ffs_history : ffs_fixture {
  ffs_history() {
    options.ffs.history.jobs = 3;
    options.ffs.history.lines = 5;
    options.ffs.history.age = 10 * epochs_per_day;
    options.ffs.history.every = 10;
  }

  std::vector<ffs::job_id> pushes(const instance_id& of, const cid& id, int count) {
    std::vector<ffs::job_id> out;
    for (int i = 0; i < count; ++i) {
      auto job = push(of, id, hot_only());
      EXPECT_TRUE(job);
      out.push_back(job ? *job : ffs::job_id{});
    }
    return out;
  }
  std::set<ffs::job_id> kept(const instance_id& of, const cid& id) {
    std::set<ffs::job_id> out;
    for (auto& j : all<ffs::job>())
      if (j.instance == of && j.cid == id)
        out.insert(j.id);
    return out;
  }
  std::vector<ffs::log_line> lines(const instance_id& of, const cid& id) {
    std::vector<ffs::log_line> out;
    for (auto& l : all<ffs::log_line>())
      if (l.instance == of && l.cid == id)
        out.push_back(l);
    return out;
  }
  /// Ended jobs of a CID that nothing was ever stored for, as records; committed in parts.
  void old_jobs(const instance_id& of, const cid& id, int count) {
    for (int i = 0; i < count;) {
      records::transaction_builder t;
      for (int part = 0; part < 100 && i < count; ++part, ++i) {
        ffs::job j;
        j.instance = of;
        j.cid = id;
        j.id.value = next_uuid();
        j.state = job_state::done;
        t.create(j);
        t.put(ffs::log_line{of, id, unix_ms{i}, j.id, 1, "done"});
      }
      ASSERT_TRUE(ask<committed_ptr>(gate, atom::commit_v, t.take()));
    }
  }
};

TEST_F(ffs_history, the_newest_ended_jobs_of_each_cid_stay) {
  auto data = random_bytes(1000);
  auto id = stage(a, data), other = stage(a, random_bytes(1000));
  stage(b, data);
  auto jobs = pushes(a, id, 8);
  auto few = pushes(a, other, 2), theirs = pushes(b, id, 3);
  pass(epochs_per_day);
  run();
  EXPECT_EQ(kept(a, id), (std::set<ffs::job_id>{jobs[5], jobs[6], jobs[7]}));
  EXPECT_EQ(kept(a, other).size(), 2u);
  EXPECT_EQ(kept(b, id).size(), 3u);
  EXPECT_TRUE(records->snapshot()->keys<records::ffs_cid_jobs>(a, id)->size() == 3) << "the index goes with them";
  auto log = lines(a, id);
  EXPECT_EQ(log.size(), 5u);
  EXPECT_EQ(log.back().message, "Job " + jobs[7].value + " is done.");
  EXPECT_TRUE(entry(a, id).hot.enabled);
  EXPECT_EQ(job_of(a, entry(a, id).info_job).state, job_state::done);
}

TEST_F(ffs_history, what_is_not_final_stays_however_old_it_is) {
  auto id = stage(a, random_bytes(100'000));
  auto runs = push(a, id, both());
  ASSERT_TRUE(runs);
  ASSERT_EQ(job_of(a, *runs).state, job_state::in_progress);
  auto jobs = pushes(a, id, 6); // each takes the place of the one that waits
  pass(10);
  run();
  ASSERT_EQ(job_of(a, *runs).state, job_state::in_progress);
  auto left = kept(a, id);
  EXPECT_TRUE(left.contains(*runs)) << "it runs";
  EXPECT_TRUE(left.contains(jobs.back())) << "it waits, or was the newest";
  EXPECT_LE(left.size(), 4u);
}

TEST_F(ffs_history, jobs_that_are_too_old_go_but_for_the_newest) {
  auto id = stage(a, random_bytes(1000));
  auto jobs = pushes(a, id, 2);
  pass(9 * epochs_per_day);
  run();
  EXPECT_EQ(kept(a, id).size(), 2u);
  auto young = pushes(a, id, 1);
  pass(2 * epochs_per_day);
  run();
  EXPECT_EQ(kept(a, id), (std::set<ffs::job_id>{young[0]}));
  pass(20 * epochs_per_day);
  run();
  EXPECT_EQ(kept(a, id), (std::set<ffs::job_id>{young[0]})) << "the newest of a CID stays";
}

TEST_F(ffs_history, many_go_in_slices_and_a_restart_goes_on) {
  auto id = cid::v1(codec::raw, hash_code::identity, as_bytes("gone"));
  old_jobs(a, id, 1'500);
  auto before = records->head();
  pass(epochs_per_day);
  for (int i = 0; i < 40; ++i)
    run_once();
  restart();
  pass(epochs_per_day);
  run();
  EXPECT_EQ(kept(a, id).size(), 3u);
  EXPECT_EQ(lines(a, id).size(), 5u);
  auto log = records->read_log(before, {64u << 20, 100'000});
  ASSERT_TRUE(log);
  for (auto& t : *log)
    EXPECT_LE(t->mutations.size(), 500u) << "a transaction of bounded size";
}

TEST_F(ffs_history, nothing_goes_without_limits) {
  options.ffs.history = {0, 0, 0, epochs_per_day};
  restart();
  auto id = stage(a, random_bytes(1000));
  pushes(a, id, 7);
  pass(epochs_per_day);
  pass(1000 * epochs_per_day);
  run();
  EXPECT_EQ(kept(a, id).size(), 7u);
}

} // namespace
} // namespace weir::test
