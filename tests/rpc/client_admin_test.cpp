// What came to the remote API after its first version: webhooks, schedulers,
// imports, staging by CID, the last use of tokens.
#include "adapters/rpc/client/instance.hpp"
#include "node/config/options.hpp"
#include "tests/rpc/client_fixture.hpp"

namespace weir {
namespace {

struct administered : test::client_library {
  administered() {
    EXPECT_TRUE(apply_setting(node.options, "schedulers.archive.parallel", "3"));
    restart();
    boss = open();
    auto made = boss->make_instance("one");
    EXPECT_TRUE(made);
    id = made->info.id;
    token = made->token;
  }
  std::unique_ptr<client::session> tenant() {
    client::endpoint how;
    how.token = token;
    return open(how);
  }
  std::unique_ptr<client::session> boss;
  std::string id, token;
};

TEST_F(administered, webhooks_are_made_changed_and_removed) {
  auto s = tenant();
  auto own = s->instance();
  auto made = own.make_webhook("https://receiver.example/hook", {"job.done", "alerts"});
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_TRUE(made->signing_secret.starts_with("whsec_"));
  EXPECT_EQ(made->info.state, "new");
  EXPECT_EQ(made->info.events, (std::vector<std::string>{"job.done", "alerts"}));
  auto changed = own.change_webhook(made->info.id, "https://receiver.example/new");
  ASSERT_TRUE(changed) << to_string(changed.error());
  EXPECT_EQ(changed->url, "https://receiver.example/new");
  EXPECT_EQ(changed->events.size(), 2u) << "as they were";
  EXPECT_TRUE(own.change_webhook(made->info.id, "", std::vector<std::string>{})->events.empty()) << "all of them";
  auto listed = own.webhooks();
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->at(0).url, "https://receiver.example/new");
  EXPECT_EQ(listed->at(0).code, "none");
  EXPECT_EQ(node.get("/ffs/instances/" + id + "/webhooks").json["items"].items.at(0)["id"].text, made->info.id)
      << "one desk for both faces";
  EXPECT_TRUE(own.remove_webhook(made->info.id));
  EXPECT_TRUE(own.webhooks()->empty());
  for (auto gone : {own.remove_webhook(made->info.id), own.test_webhook(made->info.id)})
    EXPECT_EQ(gone.error().code, errc::not_found);
}

TEST_F(administered, a_webhook_that_cannot_be_is_refused_by_its_rule) {
  auto s = tenant();
  auto own = s->instance();
  for (auto* url : {"", "ftp://receiver.example", "receiver"})
    EXPECT_EQ(own.make_webhook(url).error().code, errc::invalid_argument) << url;
  EXPECT_EQ(own.make_webhook("https://receiver.example", {"job.finished"}).error().code, errc::invalid_argument);
  auto made = own.make_webhook("http://127.0.0.1:9/inside");
  ASSERT_TRUE(made);
  EXPECT_EQ(own.test_webhook(made->info.id).error().code, errc::unreachable) << "addresses inside are not asked";
  EXPECT_EQ(own.change_webhook(made->info.id, "nonsense").error().code, errc::invalid_argument);
}

TEST_F(administered, webhooks_of_another_instance_do_not_exist) {
  auto s = tenant();
  auto made = s->instance().make_webhook("https://receiver.example");
  ASSERT_TRUE(made);
  auto other = boss->make_instance("two");
  auto theirs = boss->open_instance(other->info.id);
  EXPECT_TRUE(theirs.webhooks()->empty());
  EXPECT_EQ(theirs.remove_webhook(made->info.id).error().code, errc::not_found);
  EXPECT_EQ(theirs.test_webhook(made->info.id).error().code, errc::not_found);
}

TEST_F(administered, an_instance_is_wired_to_a_scheduler_and_moved) {
  auto all = boss->schedulers();
  ASSERT_TRUE(all) << to_string(all.error());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(all->at(0).name, "default");
  EXPECT_EQ(all->at(1).name, "archive");
  EXPECT_EQ(all->at(1).parallel, 3u);
  EXPECT_EQ(all->at(1).selector, "cheapest");
  auto moved = boss->move_instance(id, "archive");
  ASSERT_TRUE(moved) << to_string(moved.error());
  EXPECT_EQ(moved->scheduler, "archive");
  auto made = boss->make_instance("two", "archive");
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->info.scheduler, "archive");
  EXPECT_EQ(boss->open_instance(made->info.id).info()->scheduler, "archive");
  for (auto refused : {boss->move_instance(id, "archves").error(), boss->make_instance("three", "archves").error()}) {
    EXPECT_EQ(refused.code, errc::not_found);
    EXPECT_NE(to_string(refused).find("default, archive"), std::string::npos) << to_string(refused);
  }
}

TEST_F(administered, a_job_runs_on_the_scheduler_that_its_instance_was_made_with) {
  auto made = boss->make_instance("two", "archive");
  client::endpoint how;
  how.token = made->token;
  auto s = open(how);
  auto stored = s->store_file(make_file("film", 100'000));
  ASSERT_TRUE(stored) << to_string(stored.error());
  auto own = s->instance();
  client::cid_config hot;
  hot.cold.enabled = false;
  auto job = own.push(stored->cid, hot);
  ASSERT_TRUE(job) << to_string(job.error());
  std::string end;
  ASSERT_TRUE(own.watch_jobs({{*job}, {}}, 0, [&](const client::job& j) { return end = j.state, !j.ended(); }));
  EXPECT_EQ(end, "done");
}

TEST_F(administered, an_instance_sees_what_it_uses_and_the_operator_limits_it) {
  auto s = tenant();
  auto own = s->instance();
  auto before = own.usage();
  ASSERT_TRUE(before) << to_string(before.error());
  EXPECT_EQ(before->used.bytes, 0u);
  EXPECT_EQ(before->used.spend, "0");
  EXPECT_EQ(before->limits.bytes, 0u) << "no limit";
  ASSERT_TRUE(s->store_file(make_file("film", 100'000)));
  auto used = own.usage()->used;
  EXPECT_GE(used.bytes, 100'000u);
  EXPECT_EQ(used.jobs, 0u);
  ASSERT_TRUE(boss->limit_instance(id, {used.bytes + 10, 7, "1000000000000000000"}));
  auto after = own.usage();
  EXPECT_EQ(after->limits.bytes, used.bytes + 10);
  EXPECT_EQ(after->limits.jobs, 7u);
  EXPECT_EQ(after->limits.spend, "1000000000000000000");
  EXPECT_EQ(s->store_file(make_file("more", 1'000)).error().code, errc::disk_full);
  auto shown = node.get("/ffs/instances/" + id + "?usage=1").json;
  EXPECT_EQ(shown["usage"]["bytes"].u64(), used.bytes) << "one desk for both faces";
  EXPECT_EQ(shown["usage"]["jobs"].u64(), 0u);
  for (auto limits : {client::quota{0, 0, "-1"}, client::quota{0, 0, "much"}})
    EXPECT_EQ(boss->limit_instance(id, limits).error().code, errc::invalid_argument);
}

TEST_F(administered, tokens_say_when_they_were_used) {
  auto s = tenant();
  auto own = s->instance();
  ASSERT_TRUE(own.make_token("idle", {"read"}));
  auto all = own.tokens();
  ASSERT_TRUE(all) << to_string(all.error());
  ASSERT_EQ(all->size(), 2u);
  for (auto& t : *all) {
    EXPECT_EQ(t.last_use > 0, t.name == "first") << t.name;
    EXPECT_EQ(t.scopes.size(), t.name == "idle" ? 1u : 4u);
  }
}

TEST_F(administered, what_cannot_be_imported_or_staged_says_why) {
  auto s = tenant();
  auto own = s->instance();
  auto stored = s->store_file(make_file("film", 1000));
  client::push_options how;
  how.import_deals = {0};
  EXPECT_EQ(own.push(stored->cid, {}, how).error().code, errc::invalid_argument);
  how.import_deals = {17};
  EXPECT_EQ(own.push(stored->cid, {}, how).error().code, errc::no_network);
  EXPECT_EQ(own.stage_cid("nonsense").error().code, errc::invalid_cid);
  auto elsewhere = own.stage_cid("bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e", 1);
  EXPECT_EQ(elsewhere.error().code, errc::unsupported) << "the node's own store finds none elsewhere";
}

} // namespace
} // namespace weir
