#include "messages/types/ffs_config.hpp"
#include "messages/types/ffs_states.hpp"

#include <functional>
#include <set>

#include <gtest/gtest.h>

namespace weir::ffs {
namespace {

TEST(ffs_states, the_table_is_seed_000s) {
  std::set<std::pair<job_state, job_state>> listed;
  for (auto t : job_transitions())
    listed.insert(t);
  for (int from = 0; from < 5; ++from)
    for (int to = 0; to < 5; ++to) {
      auto a = static_cast<job_state>(from), b = static_cast<job_state>(to);
      EXPECT_EQ(allowed(a, b), listed.contains({a, b}));
      EXPECT_FALSE(is_final(a) && allowed(a, b)) << to_string(a);
      EXPECT_FALSE(b == job_state::queued && allowed(a, b)) << "nothing goes back to the queue";
    }
  for (auto end : {job_state::failed, job_state::cancelled, job_state::done})
    EXPECT_TRUE(allowed(job_state::in_progress, end));
  EXPECT_FALSE(allowed(job_state::queued, job_state::done)) << "nothing is done that never began";
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(state_from_name<job_state>(to_string(static_cast<job_state>(i))), static_cast<job_state>(i));
}

TEST(ffs_states, scopes_are_read_and_written) {
  EXPECT_EQ(scopes_from_text("read,admin"), scope::read | scope::admin);
  EXPECT_EQ(scopes_from_text("wallet store"), scope::wallet | scope::store);
  EXPECT_EQ(scopes_text(scope::all), "read,store,wallet,admin");
  EXPECT_EQ(scopes_from_text(""), 0u);
  EXPECT_FALSE(scopes_from_text("read write"));
}

TEST(ffs_config, the_default_is_valid) {
  EXPECT_TRUE(check(cid_config{}));
}

/// Each rule has an error of its own, which names the field.
TEST(ffs_config, every_contradiction_is_named) {
  auto miner = address::from_id(1000);
  struct rule {
    std::string names;
    std::function<void(cid_config&)> breaks;
  };
  std::vector<rule> rules{
      {"hot.addTimeout", [](auto& c) { c.hot.add_timeout = 0; }},
      {"hot.unfreezeMaxPrice", [](auto& c) { c.hot.unfreeze_max_price = token_amount{5}; }},
      {"cold.repFactor", [](auto& c) { c.cold.rep_factor = 0; }},
      {"cold.repFactor", [](auto& c) { c.cold.rep_factor = 101; }},
      {"cold.dealMinDuration", [](auto& c) { c.cold.deal_min_duration = 518'399; }},
      {"cold.dealStartOffset", [](auto& c) { c.cold.deal_start_offset = 0; }},
      {"cold.dealTimeout", [](auto& c) { c.cold.deal_timeout = -1; }},
      {"trusted and excluded", [=](auto& c) { c.cold.trusted_miners = c.cold.excluded_miners = {miner}; }},
      {"twice",
       [=](auto& c) {
         c.cold.trusted_miners = {miner, miner};
       }},
      {"cold.countryCodes", [](auto& c) { c.cold.country_codes = {"Switzerland"}; }},
      {"too long", [](auto& c) { c.cold.country_codes.resize(1001); }},
      {"cold.renewThreshold", [](auto& c) { c.cold.renew = true; }},
      {"not shorter", [](auto& c) { c.cold.renew = true, c.cold.renew_threshold = 600'000; }},
      {"needs hot", [](auto& c) { c.cold.renew = true, c.hot.enabled = false, c.cold.renew_threshold = 10; }},
      {"needs cold", [](auto& c) { c.cold.renew = true, c.cold.enabled = false, c.cold.renew_threshold = 10; }},
      {"choice of miners", [=](auto& c) { c.cold.share_piece = true, c.cold.trusted_miners = {miner}; }},
      {"price to the node", [](auto& c) { c.cold.share_piece = true, c.cold.max_price = token_amount{1}; }},
      {"DataCap", [](auto& c) { c.cold.share_piece = true, c.cold.verified_deal = true; }},
  };
  for (auto& r : rules) {
    cid_config c;
    r.breaks(c);
    auto verdict = check(c);
    ASSERT_FALSE(verdict) << r.names;
    EXPECT_EQ(verdict.error().code, errc::invalid_argument);
    EXPECT_NE(verdict.error().message.find(r.names), std::string::npos) << verdict.error().message;
  }
}

TEST(ffs_config, what_is_off_is_not_looked_at) {
  cid_config c;
  c.hot.enabled = false;
  c.hot.add_timeout = 0;
  EXPECT_TRUE(check(c));
  c.cold.enabled = false;
  c.cold.rep_factor = 0;
  EXPECT_TRUE(check(c));
}

TEST(ffs_config, three_levels_and_the_override) {
  cid_config instance_default, pushed;
  instance_default.cold.rep_factor = 2;
  pushed.cold.rep_factor = 3;
  EXPECT_EQ(wanted_config(std::nullopt, instance_default), instance_default);
  EXPECT_EQ(wanted_config(pushed, instance_default), pushed);
  EXPECT_TRUE(check_override(std::nullopt, pushed, false));
  EXPECT_TRUE(check_override(pushed, pushed, false)) << "the same again is no override";
  EXPECT_EQ(check_override(instance_default, pushed, false).error().code, errc::precondition);
  EXPECT_TRUE(check_override(instance_default, pushed, true));
}

} // namespace
} // namespace weir::ffs
