// FFS over the whole domain on the deterministic scheduler: configs become
// jobs, jobs become pins and deals, whatever happens in between.
#include "actors/content/explain.hpp"
#include "actors/ffs/job_queue.hpp"
#include "actors/ffs/scheduler.hpp"
#include "tests/actors/ffs/ffs_fixture.hpp"

namespace weir::test {
namespace {

struct ffs_jobs : ffs_fixture {};

TEST_F(ffs_jobs, a_hot_job_pins_and_the_staged_copy_goes) {
  auto id = stage(a, random_bytes(300'000));
  EXPECT_EQ(all<content>()[0].state, content_state::stored) << "nothing is promised before a config says so";
  auto job = push(a, id, hot_only());
  ASSERT_TRUE(job) << to_string(job.error());
  EXPECT_EQ(job_of(a, *job).state, job_state::done);
  EXPECT_TRUE(entry(a, id).hot.enabled);
  EXPECT_EQ(all<content>()[0].state, content_state::removed);
  EXPECT_TRUE(blocks->has(id)) << "the pin holds it";
  EXPECT_TRUE(all<deal>().empty());
}

TEST_F(ffs_jobs, deals_are_made_on_the_terms_of_the_config) {
  auto id = stage(a, random_bytes(300'000));
  auto config = both(2);
  config.cold.excluded_miners = {address::from_id(1000)};
  config.cold.trusted_miners = {address::from_id(1003)};
  config.cold.deal_min_duration = 700'000;
  auto job = push(a, id, config);
  ASSERT_TRUE(job);
  EXPECT_EQ(job_of(a, *job).state, job_state::in_progress);
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
  std::set<address> with;
  for (auto& d : deals_of(a, id)) {
    with.insert(d.provider);
    EXPECT_EQ(d.end - d.start, 700'000);
    EXPECT_EQ(d.round, job->value);
  }
  EXPECT_EQ(with.size(), 2u);
  EXPECT_TRUE(with.contains(address::from_id(1003)));
  EXPECT_FALSE(with.contains(address::from_id(1000)));
  EXPECT_FALSE(get<content>(entry(a, id).cold.content).terms.open) << "nothing is retried behind the owner's back";
}

TEST_F(ffs_jobs, two_instances_with_the_same_bytes_have_deals_of_their_own) {
  auto data = random_bytes(100'000);
  auto id = stage(a, data);
  ASSERT_EQ(stage(b, data), id);
  auto one = push(a, id, both()), other = push(b, id, both());
  settle();
  EXPECT_EQ(job_of(a, *one).state, job_state::done);
  EXPECT_EQ(job_of(b, *other).state, job_state::done);
  ASSERT_EQ(deals_of(a, id).size(), 1u);
  ASSERT_EQ(deals_of(b, id).size(), 1u);
  EXPECT_EQ(all<piece>().size(), 1u);
  EXPECT_EQ(all<piece>()[0].state, piece_state::placed);
  expect_no_duplicates();
}

TEST_F(ffs_jobs, a_cancelled_job_is_over_at_once_and_its_deal_goes_on) {
  auto id = stage(a, random_bytes(100'000));
  auto job = push(a, id, both());
  live(2);
  ASSERT_EQ(deals_of(a, id).size(), 1u);
  auto ended = ask<ffs::job>(gate_of(a), ffs::cancel_job{a, *job});
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->state, job_state::cancelled);
  auto again = ask<ffs::job>(gate_of(a), ffs::cancel_job{a, *job});
  EXPECT_EQ(again.error().code, errc::precondition);
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::cancelled);
  EXPECT_EQ(deals_of(a, id)[0].state, deal_state::active);
  EXPECT_EQ(entry(a, id).running.value, "");
}

TEST_F(ffs_jobs, the_newest_that_waits_wins_and_another_instance_is_untouched) {
  auto data = random_bytes(100'000);
  auto id = stage(a, data);
  stage(b, data);
  auto first = push(a, id, both());
  auto theirs = push(b, id, both());
  auto second = push(a, id, both(2)), third = push(a, id, both(3));
  EXPECT_EQ(job_of(a, *first).state, job_state::in_progress);
  EXPECT_EQ(job_of(a, *second).state, job_state::cancelled);
  EXPECT_EQ(job_of(a, *third).state, job_state::queued);
  EXPECT_EQ(job_of(b, *theirs).state, job_state::in_progress);
  settle();
  settle();
  EXPECT_EQ(job_of(a, *first).state, job_state::done);
  EXPECT_EQ(job_of(a, *third).state, job_state::done) << job_of(a, *third).err.message;
  EXPECT_EQ(deals_of(a, id).size(), 3u);
}

/// The process dies at many moments of a job; after each the job ends as if nothing had been.
TEST_F(ffs_jobs, a_job_survives_a_crash_at_any_moment) {
  for (int messages = 0; messages < 120; messages += 7) {
    auto id = stage(a, random_bytes(60'000));
    auto gate_actor_of_a = gate_of(a);
    caf::anon_send(gate_actor_of_a, ffs::push_config{a, id, both(), true, false});
    gate_actor_of_a = ffs::powergate_actor{};
    run_messages(messages);
    crash();
    start();
    auto e = records->snapshot()->find<ffs::cid_entry>({a, id});
    ASSERT_TRUE(e);
    if (!*e)
      continue; // it died before the commit: nobody was told that there is a job
    auto job = (*e)->value.latest;
    settle();
    EXPECT_EQ(job_of(a, job).state, job_state::done) << messages << ": " << job_of(a, job).err.message;
    EXPECT_EQ(deals_of(a, id).size(), 1u) << messages;
  }
  expect_no_duplicates();
}

TEST_F(ffs_jobs, an_overdue_repair_is_a_job_of_its_own) {
  auto id = stage(a, random_bytes(100'000));
  auto config = both();
  config.repairable = true;
  auto job = push(a, id, config);
  settle();
  ASSERT_EQ(job_of(a, *job).state, job_state::done);
  EXPECT_NE(entry(a, id).repair_at, no_epoch);
  restart();
  pass(epochs_per_day + 10);
  live(3);
  auto jobs = all<ffs::job>();
  ASSERT_EQ(jobs.size(), 2u);
  EXPECT_EQ(jobs[1].why, ffs::job_cause::repair);
  EXPECT_EQ(jobs[1].state, job_state::done) << jobs[1].err.message;
}

TEST_F(ffs_jobs, what_no_provider_takes_fails_with_each_ones_reason) {
  auto id = stage(a, random_bytes(100'000));
  auto config = both();
  config.cold.country_codes = {"CH"};
  auto job = push(a, id, config);
  live(2);
  auto ended = job_of(a, *job);
  EXPECT_EQ(ended.state, job_state::failed);
  EXPECT_EQ(ended.err.code, errc::no_providers);
  EXPECT_NE(ended.err.message.find("wanted countries"), std::string::npos) << ended.err.message;
  auto why = explain(*records->snapshot(), all<content>()[0].id, chain->head);
  ASSERT_TRUE(why && why->pieces.size() == 1);
  ASSERT_FALSE(why->pieces[0].rejections.empty()) << "its content's own selection says why";
  EXPECT_EQ(why->pieces[0].rejections[0].limit, "CH");
  EXPECT_NE(why->next.find("next job of its instance"), std::string::npos) << why->next;
}

TEST(ffs_queue, instances_take_turns) {
  ffs::job_queue q;
  auto add = [&](const char* of, const char* job) {
    auto c = cid::v1(codec::raw, hash_code::identity, as_bytes(std::string_view{job}));
    q.add({instance_id{of}, ffs::job_id{job}, c});
  };
  for (auto job : {"1", "2", "3"})
    add("greedy", job);
  add("modest", "4");
  std::string order;
  while (auto next = q.take({}))
    order += next->job.value;
  EXPECT_EQ(order, "1423");
  EXPECT_EQ(q.size(), 0u);
}

TEST(ffs_queue, a_busy_cid_waits_and_the_next_one_passes) {
  ffs::job_queue q;
  auto one = cid::v1(codec::raw, hash_code::identity, as_bytes("one"));
  auto two = cid::v1(codec::raw, hash_code::identity, as_bytes("two"));
  q.add({instance_id{"a"}, ffs::job_id{"1"}, one});
  q.add({instance_id{"a"}, ffs::job_id{"2"}, two});
  std::set<std::pair<instance_id, cid>> busy{{instance_id{"a"}, one}};
  EXPECT_EQ(q.take(busy)->job.value, "2");
  EXPECT_FALSE(q.take(busy));
  q.remove(instance_id{"a"}, ffs::job_id{"1"});
  EXPECT_FALSE(q.take({}));
}

TEST(ffs_queue, ids_sort_by_time_and_within_a_millisecond) {
  std::uint64_t last = 0;
  std::string random = "00000000-0000-4000-8000-0123456789ab";
  auto first = ffs::next_job_id(last, unix_ms{1'700'000'000'000}, random);
  auto second = ffs::next_job_id(last, unix_ms{1'700'000'000'000}, random);
  auto third = ffs::next_job_id(last, unix_ms{1'700'000'000'001}, random);
  EXPECT_EQ(first.value.size(), 36u);
  EXPECT_EQ(first.value[14], '7') << "a UUID of version 7: " << first.value;
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
}

} // namespace
} // namespace weir::test
