// Webhooks over the whole domain: what concerns an instance is delivered in
// order and at least once, whatever the receiver and the node do.
#include "actors/ffs/webhook_rules.hpp"
#include "tests/actors/ffs/ffs_fixture.hpp"

namespace weir::test {
namespace {

struct receiver {
  std::vector<ffs::post_webhook> heard;
  std::optional<error> down;
};

ffs::webhook_poster_actor::behavior_type fake_poster(ffs::webhook_poster_actor::pointer, std::shared_ptr<receiver> at) {
  return {[at](const ffs::post_webhook& p) -> caf::result<nothing> {
    if (at->down)
      return to_caf(*at->down);
    at->heard.push_back(p);
    return nothing{};
  }};
}

struct webhooks : ffs_fixture {
  std::shared_ptr<receiver> at = std::make_shared<receiver>();

  void SetUp() override {
    options.ffs.stuck_after = 100;
    poster = sys.spawn(fake_poster, at);
    ffs_fixture::SetUp();
  }
  void TearDown() override {
    ffs_fixture::TearDown();
    stop(poster);
    poster = nullptr;
  }

  void commit(result<transaction_builder> made) {
    ASSERT_TRUE(made) << to_string(made.error());
    if (!made->empty()) {
      ASSERT_TRUE(ask<committed_ptr>(gate, atom::commit_v, made->take()));
    }
    run();
  }
  ffs::webhook hook(const instance_id& of, std::vector<std::string> events = {}, const std::string& id = "hook") {
    ffs::webhook w;
    w.instance = of;
    w.id = id;
    w.url = "http://receiver.example/" + of.value;
    w.secret = "whsec_c2VjcmV0";
    w.events = std::move(events);
    w.told = records->head();
    commit(ffs::create_webhook(*records->snapshot(), w));
    return w;
  }
  ffs::webhook state(const instance_id& of) { return get<ffs::webhook>({of, "hook"}); }

  ffs::job_id push(const instance_id& of, const cid& id, bool cold) {
    auto job = ffs_fixture::push(of, id, cold ? both() : hot_only());
    EXPECT_TRUE(job);
    return job ? *job : ffs::job_id{};
  }
  cid stage(const instance_id& of, std::size_t size) { return ffs_fixture::stage(of, random_bytes(size)); }
  void wait(int hours) {
    for (int i = 0; i < hours * 120; ++i)
      advance(std::chrono::seconds{30});
  }
  std::vector<std::string> types() const {
    std::vector<std::string> found;
    for (auto& p : at->heard)
      found.push_back(p.type);
    return found;
  }
};

TEST_F(webhooks, an_instance_hears_of_its_own_jobs_in_order_and_once) {
  auto w = hook(a, {"job"});
  auto job = push(a, stage(a, 5000), false);
  push(b, stage(b, 6000), false);
  ASSERT_GE(at->heard.size(), 3u);
  EXPECT_EQ(types().front(), "job.queued");
  EXPECT_EQ(types().back(), "job.done");
  std::set<std::string> ids;
  for (auto& p : at->heard) {
    EXPECT_EQ(p.subject, job.value);
    EXPECT_EQ(p.url, w.url);
    EXPECT_EQ(p.secret, w.secret);
    EXPECT_TRUE(ids.insert(p.id).second) << p.id;
  }
  EXPECT_GE(state(a).told, at->heard.back().rev);
  EXPECT_EQ(state(a).failures, 0u);
}

TEST_F(webhooks, deals_of_an_instance_concern_it) {
  hook(a, {"deal.active", "deal.proposed"});
  push(a, stage(a, 50'000), true);
  push(b, stage(b, 60'000), true);
  settle();
  EXPECT_EQ(types(), (std::vector<std::string>{"deal.proposed", "deal.active"}));
}

TEST_F(webhooks, a_receiver_that_is_down_gets_everything_when_it_is_back) {
  hook(a, {"job"});
  at->down = fail(errc::protocol, "The receiver answered 500.");
  push(a, stage(a, 5000), false);
  advance(std::chrono::seconds{4});
  EXPECT_EQ(state(a).failures, 1u);
  auto first = state(a);
  EXPECT_EQ(first.failing_since, first.last_try);
  EXPECT_EQ(first.next_try.value, first.last_try.value + 5000);
  advance(std::chrono::seconds{1});
  EXPECT_EQ(state(a).failures, 2u);
  EXPECT_EQ(state(a).err.message, "The receiver answered 500.");
  advance(std::chrono::seconds{9});
  EXPECT_EQ(state(a).failures, 2u) << "it waits longer each time";
  EXPECT_EQ(state(a).failing_since, first.failing_since);
  EXPECT_EQ(state(a).next_try.value, state(a).last_try.value + 10000);
  wait(5);
  auto tries = state(a).failures;
  EXPECT_GT(tries, 8u);
  EXPECT_LT(tries, 17u);
  EXPECT_TRUE(at->heard.empty());
  at->down.reset();
  wait(1);
  ASSERT_FALSE(at->heard.empty());
  EXPECT_EQ(types().front(), "job.queued");
  EXPECT_EQ(types().back(), "job.done");
  EXPECT_EQ(state(a).failures, 0u);
  EXPECT_FALSE(state(a).err.any());
  EXPECT_EQ(state(a).failing_since.value, 0);
  EXPECT_EQ(state(a).next_try.value, 0);
}

TEST_F(webhooks, a_restart_goes_on_where_it_was) {
  hook(a, {"job"});
  push(a, stage(a, 5000), false);
  auto before = at->heard.size();
  at->down = fail(errc::unreachable, "nobody there");
  push(a, stage(a, 7000), false);
  crash();
  at->down.reset();
  start();
  advance(std::chrono::seconds{10});
  ASSERT_GT(at->heard.size(), before);
  EXPECT_EQ(types()[before], "job.queued");
  EXPECT_EQ(types().back(), "job.done");
}

TEST_F(webhooks, one_that_is_changed_or_removed_goes_by_that_at_once) {
  hook(a, {"job.done"});
  ffs::webhook out;
  commit(ffs::change_webhook(*records->snapshot(), a, "hook", {"http://other.example/", std::nullopt}, out));
  push(a, stage(a, 5000), false);
  ASSERT_EQ(at->heard.size(), 1u);
  EXPECT_EQ(at->heard[0].url, "http://other.example/");
  commit(ffs::remove_webhook(*records->snapshot(), a, "hook"));
  push(a, stage(a, 6000), false);
  EXPECT_EQ(at->heard.size(), 1u);
  EXPECT_EQ(ffs::remove_webhook(*records->snapshot(), a, "hook").error().code, errc::not_found);
}

TEST_F(webhooks, a_test_is_delivered_now_or_says_why_not) {
  hook(a, {"job"});
  ASSERT_TRUE(tell(domain_tree.webhooks, ffs::test_webhook{a, "hook"}));
  EXPECT_EQ(types(), std::vector<std::string>{"webhook.test"});
  at->down = fail(errc::timeout, "No answer in time.");
  EXPECT_EQ(tell(domain_tree.webhooks, ffs::test_webhook{a, "hook"}).error().code, errc::timeout);
  EXPECT_EQ(tell(domain_tree.webhooks, ffs::test_webhook{b, "hook"}).error().code, errc::not_found);
}

TEST_F(webhooks, names_of_events_are_those_that_there_are) {
  EXPECT_TRUE(ffs::webhook_kinds({"job", "deal.failed", "alerts"}));
  EXPECT_EQ(ffs::webhook_kinds({"alerts"})->size(), 6u);
  for (auto* bad : {"jobs", "job.", "", "chain.reorg", "webhook.changed", "*"})
    EXPECT_EQ(ffs::webhook_kinds({bad}).error().code, errc::invalid_argument) << bad;
}

TEST_F(webhooks, an_instance_has_a_limit_of_them) {
  for (std::size_t i = 0; i < ffs::max_webhooks; ++i)
    hook(a, {"job"}, "hook-" + std::to_string(i));
  ffs::webhook more;
  more.instance = a;
  more.id = "more";
  EXPECT_EQ(ffs::create_webhook(*records->snapshot(), more).error().code, errc::overloaded);
  hook(b);
}

TEST_F(webhooks, a_job_that_does_not_move_is_an_alert_once) {
  hook(a, {"alerts"});
  auto id = stage(a, 50'000);
  auto job = push(a, id, true);
  pass(10);
  EXPECT_TRUE(at->heard.empty());
  pass(110);
  ASSERT_EQ(types(), std::vector<std::string>{"job.stuck"});
  EXPECT_EQ(at->heard[0].subject, job.value);
  pass(60);
  EXPECT_EQ(at->heard.size(), 1u);
}

} // namespace
} // namespace weir::test
