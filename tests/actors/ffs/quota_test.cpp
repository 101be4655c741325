// Quotas of bytes and spend: held at the limit, by two at once, and after a crash.
#include "actors/support/quota.hpp"
#include "messages/actors/wallets.hpp"
#include "tests/actors/ffs/ffs_fixture.hpp"

#include <caf/actor_cast.hpp>

namespace weir::test {
namespace {

struct ffs_quotas : ffs_fixture {
  void limit(const instance_id& of, std::uint64_t bytes, token_amount spend) {
    auto before = records->snapshot()->get<ffs::instance>(of);
    auto after = before->value;
    after.limits.bytes = bytes;
    after.limits.spend = spend;
    transaction_builder t;
    t.update(*before, after);
    ASSERT_TRUE(ask<committed_ptr>(gate, atom::commit_v, t.take()));
  }
  std::uint64_t held(const instance_id& of) { return *quotas::bytes_used(*records->snapshot(), of); }
  token_amount spent(const instance_id& of) { return *quotas::spent(*records->snapshot(), of); }

  upload_id begin(const instance_id& of, const bytes& data) {
    auto id = ask<upload_id>(domain_tree.content, open_upload{ffs::owner_of(of), "x", {}, 6, false});
    auto file = ask<file_ticket>(domain_tree.content, open_file{*id, {}});
    EXPECT_TRUE(tell(domain_tree.content, write_file{*id, file->file, std::make_shared<bytes>(data)}));
    EXPECT_TRUE(ask<imported_file>(domain_tree.content, close_file{*id, file->file, false}));
    return *id;
  }
  result<content> try_stage(const instance_id& of, const bytes& data) {
    return ask<content>(domain_tree.content, atom::commit_v, begin(of, data));
  }
  /// What one deal of 100,000 bytes costs.
  token_amount price() {
    auto job = push(b, stage(b, random_bytes(100'000)), both());
    settle();
    EXPECT_EQ(job_of(b, *job).state, job_state::done) << job_of(b, *job).err.message;
    return spent(b);
  }
  address address_of(const instance_id& of, const std::string& name) {
    auto made = ask<wallet_address>(caf::actor_cast<tenant_wallet_actor>(domain_tree.wallet), create_address{of, name});
    EXPECT_TRUE(made);
    return made->addr;
  }
  result<cid> send(const address& from, const address& to, const token_amount& amount) {
    auto sent = ask<cid>(caf::actor_cast<tenant_wallet_actor>(domain_tree.wallet), send_fil{"send", from, to, amount});
    live(2);
    return sent;
  }
};

const token_amount no_limit;

TEST_F(ffs_quotas, bytes_up_to_the_limit_and_not_one_more) {
  auto first = random_bytes(100'000);
  auto size = try_stage(a, first)->dag_size;
  limit(a, 2 * size, no_limit);
  ASSERT_TRUE(try_stage(a, random_bytes(100'000)));
  EXPECT_EQ(held(a), 2 * size);
  auto over = try_stage(a, bytes{1});
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, errc::disk_full);
  EXPECT_EQ(over.error().value, std::to_string(2 * size + 1));
  EXPECT_EQ(over.error().limit, std::to_string(2 * size));
  EXPECT_TRUE(try_stage(a, first)) << "the same bytes count once";
  EXPECT_TRUE(try_stage(b, bytes{1})) << "another instance is not concerned";
  limit(a, 2 * size + 1, no_limit);
  EXPECT_TRUE(try_stage(a, bytes{1}));
}

TEST_F(ffs_quotas, what_all_use_in_one_look_is_what_each_uses) {
  EXPECT_TRUE(quotas::used(*records->snapshot(), {})->empty());
  auto cost = price();
  ASSERT_TRUE(try_stage(a, random_bytes(5000)));
  auto id = stage(a, random_bytes(1000));
  ASSERT_TRUE(push(a, id, both()));
  auto all = *quotas::used(*records->snapshot(), {a, b});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[a].bytes, held(a));
  EXPECT_EQ(all[b].bytes, held(b));
  EXPECT_NE(all[a].bytes, all[b].bytes);
  EXPECT_EQ(all[a].spend, spent(a));
  EXPECT_EQ(all[b].spend, cost);
  EXPECT_EQ(quotas::used(*records->snapshot(), {a})->size(), 1u) << "nobody else's";
}

TEST_F(ffs_quotas, what_is_removed_does_not_count_any_more) {
  auto id = stage(a, random_bytes(100'000));
  auto size = held(a);
  limit(a, size, no_limit);
  ASSERT_TRUE(push(a, id, hot_only()));
  EXPECT_EQ(held(a), size) << "staged and hot are the same bytes";
  EXPECT_FALSE(try_stage(a, random_bytes(10)));
  auto none = hot_only();
  none.hot.enabled = false;
  ASSERT_TRUE(push(a, id, none));
  ASSERT_TRUE(ask<nothing>(gate_of(a), ffs::remove_cid{a, id}));
  EXPECT_EQ(held(a), 0u);
  EXPECT_TRUE(try_stage(a, random_bytes(10)));
}

TEST_F(ffs_quotas, cold_bytes_count_although_only_providers_have_them) {
  auto id = stage(a, random_bytes(100'000));
  auto size = held(a);
  auto config = both();
  config.hot.enabled = false;
  auto job = push(a, id, config);
  settle();
  ASSERT_EQ(job_of(a, *job).state, job_state::done);
  EXPECT_EQ(held(a), size);
}

TEST_F(ffs_quotas, nothing_new_is_enqueued_over_a_quota_that_is_used_up) {
  auto id = stage(a, random_bytes(1000));
  auto other = stage(b, random_bytes(1000));
  limit(a, held(a), no_limit);
  EXPECT_EQ(push(a, other, hot_only()).error().code, errc::disk_full);
  EXPECT_TRUE(push(a, id, hot_only())) << "what counts already may be pushed";
}

TEST_F(ffs_quotas, two_uploads_that_end_at_once_share_what_is_left) {
  auto size = try_stage(b, random_bytes(1000))->dag_size;
  limit(a, size, no_limit);
  auto one = begin(a, random_bytes(1000)), other = begin(a, random_bytes(1000));
  caf::anon_send(domain_tree.content, atom::commit_v, one);
  caf::anon_send(domain_tree.content, atom::commit_v, other);
  run();
  EXPECT_EQ(held(a), size);
}

TEST_F(ffs_quotas, bytes_after_a_crash_at_any_message) {
  auto size = try_stage(b, random_bytes(1000))->dag_size;
  limit(a, 2 * size, no_limit);
  for (int messages = 0; messages < 14; ++messages) {
    caf::anon_send(domain_tree.content, atom::commit_v, begin(a, random_bytes(1000)));
    caf::anon_send(domain_tree.content, atom::commit_v, begin(a, random_bytes(1000)));
    run_messages(messages);
    crash();
    start();
    EXPECT_LE(held(a), 2 * size);
  }
  while (try_stage(a, random_bytes(1000)))
    ;
  EXPECT_EQ(held(a), 2 * size) << "and nothing of it is lost";
}

TEST_F(ffs_quotas, deals_up_to_the_limit_and_no_attofil_more) {
  auto cost = price();
  ASSERT_FALSE(cost.zero());
  limit(a, 0, cost - token_amount{1});
  auto id = stage(a, random_bytes(100'000));
  auto job = push(a, id, both());
  settle();
  auto ended = job_of(a, *job);
  EXPECT_EQ(ended.state, job_state::failed);
  EXPECT_EQ(ended.err.code, errc::insufficient_funds);
  EXPECT_NE(ended.err.message.find("0.000000000000000001 FIL too much"), std::string::npos) << ended.err.message;
  EXPECT_TRUE(deals_of(a, id).empty()) << "no proposal left";
  EXPECT_TRUE(spent(a).zero());
  limit(a, 0, cost);
  job = push(a, id, both());
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
  EXPECT_EQ(spent(a), cost);
}

TEST_F(ffs_quotas, two_jobs_at_the_limit_never_promise_more_together) {
  auto cost = price();
  limit(a, 0, cost);
  auto x = stage(a, random_bytes(100'000)), y = stage(a, random_bytes(100'000));
  auto one = push(a, x, both()), other = push(a, y, both());
  settle();
  EXPECT_EQ(spent(a), cost);
  int done = 0;
  for (auto& id : {*one, *other})
    done += job_of(a, id).state == job_state::done;
  EXPECT_EQ(done, 1);
}

TEST_F(ffs_quotas, spend_after_a_crash_at_any_message) {
  auto cost = price();
  limit(a, 0, cost + cost);
  std::vector<cid> all_of_them;
  for (int messages = 0; messages < 60; messages += 6) {
    all_of_them.push_back(stage(a, random_bytes(100'000)));
    caf::anon_send(caf::actor_cast<caf::actor>(gate_of(a)),
                   ffs::push_config{a, all_of_them.back(), both(), true, false});
    run_messages(messages);
    crash();
    start();
    EXPECT_LE(spent(a), cost + cost);
  }
  settle();
  EXPECT_EQ(spent(a), cost + cost);
  expect_no_duplicates();
}

TEST_F(ffs_quotas, a_deal_that_nobody_took_is_not_spent) {
  auto cost = price();
  for (auto& [id, p] : providers->all)
    p.refuse_with = "not today";
  limit(a, 0, cost);
  auto id = stage(a, random_bytes(100'000));
  auto job = push(a, id, both());
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::failed);
  EXPECT_FALSE(deals_of(a, id).empty());
  EXPECT_TRUE(spent(a).zero());
}

TEST_F(ffs_quotas, what_is_sent_away_counts) {
  auto from = address_of(a, "one"), own = address_of(a, "two");
  limit(a, 0, token_amount{1000});
  ASSERT_TRUE(send(from, own, token_amount{5000})) << "between its own addresses nothing is spent";
  ASSERT_TRUE(send(from, address::from_id(1000), token_amount{1000}));
  EXPECT_EQ(spent(a), token_amount{1000});
  auto over = send(from, address::from_id(1000), token_amount{1});
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, errc::insufficient_funds);
  EXPECT_EQ(over.error().limit, "1000");
  auto other = address_of(b, "its own");
  EXPECT_TRUE(send(other, from, token_amount{1000}));
}

} // namespace
} // namespace weir::test
