#include "actors/deals/plan.hpp"

#include "actors/deals/rollup_rules.hpp"
#include "actors/deals/select.hpp"

#include <algorithm>
#include <set>

namespace weir {

namespace {

bool near_end(const deal& d, const deal_policy& policy, epoch now) {
  return d.end - policy.renew_before <= now;
}

} // namespace

namespace {

struct promise {
  std::uint32_t copies = 0;
  std::string_view round; ///< whose failures exclude; empty: none
};

deal_plan plan_promise(const promise& p, const std::vector<deal>& deals, const deal_policy& policy, epoch now) {
  deal_plan plan;
  std::set<deal_uuid> replaced;
  for (auto& d : deals)
    if (is_good(d.state) && !d.replaces.value.empty())
      replaced.insert(d.replaces);
  std::set<address> lasting, failed;
  for (auto& d : deals) {
    if (!is_good(d.state)) {
      if (!p.round.empty() && d.round == p.round)
        failed.insert(d.provider);
      continue;
    }
    if (d.state == deal_state::intended)
      plan.resume.push_back(d);
    if (!near_end(d, policy, now))
      lasting.insert(d.provider);
    else if (!replaced.contains(d.uuid))
      plan.renew.push_back(d);
  }
  auto have = static_cast<std::uint32_t>(lasting.size());
  plan.wanted = have >= p.copies ? 0 : p.copies - have;
  if (plan.wanted == 0)
    plan.renew.clear();
  lasting.merge(failed);
  plan.exclude.assign(lasting.begin(), lasting.end());
  return plan;
}

} // namespace

deal_plan plan_deals(const piece& p, const std::vector<deal>& deals, const deal_policy& policy, epoch now) {
  return plan_promise({p.state == piece_state::retired ? 0 : p.copies, {}}, deals, policy, now);
}

deal_plan plan_deals(const content& c, const std::vector<deal>& deals, const deal_policy& policy, epoch now) {
  bool alive = c.state != content_state::removed && c.terms.open;
  return plan_promise({alive ? c.copies : 0, c.terms.round}, deals, policy_for(c.terms, policy), now);
}

deal_policy policy_for(const deal_terms& terms, deal_policy policy) {
  if (!terms.own)
    return policy;
  if (terms.duration != 0)
    policy.duration = terms.duration;
  if (terms.start_offset != 0)
    policy.start_delay = terms.start_offset;
  policy.renew_before = terms.renew_before;
  return policy;
}

std::vector<deal> deals_for(const content_id& own, const std::vector<deal>& deals) {
  std::vector<deal> chosen;
  std::copy_if(deals.begin(), deals.end(), std::back_inserter(chosen), [&](const deal& d) { return d.content == own; });
  return chosen;
}

token_amount provider_collateral(const collateral_bounds& bounds) {
  auto amount = (bounds.min * token_amount{12} + token_amount{9}).divided_by(10);
  return !bounds.max.zero() && amount > bounds.max ? bounds.max : amount;
}

token_amount funds_of(const deal& d) {
  return d.client_collateral + d.price_per_epoch * token_amount{static_cast<std::uint64_t>(d.end - d.start)};
}

deal make_intent(const piece& p, const provider& to, const proposal_facts& facts, const deal_policy& policy,
                 bool verified) {
  deal d;
  d.uuid = facts.uuid;
  d.piece = p.cid;
  d.padded_size = p.padded_size;
  d.client = facts.client;
  d.provider = to.id;
  d.label = p.root.text();
  d.verified = verified;
  d.start = facts.now + policy.start_delay;
  d.end = d.start + policy.duration;
  d.price_per_epoch = price_per_epoch(verified ? to.verified_price : to.price, p.padded_size);
  d.provider_collateral = provider_collateral(facts.collateral);
  d.transfer_token = facts.transfer_token;
  d.created_at = facts.now;
  d.created = facts.time;
  reach(d, deal_state::intended, facts.now, facts.time);
  return d;
}

void set_apart(deal& intent, const std::vector<deal>& others) {
  auto same = [&](const deal& d) {
    return d.provider == intent.provider && d.client == intent.client && d.start == intent.start;
  };
  while (std::any_of(others.begin(), others.end(), same)) {
    intent.start = intent.start + 1;
    intent.end = intent.end + 1;
  }
}

std::uint64_t recent_failures(const provider& p, epoch now) {
  if (p.avoid_until == no_epoch || now <= p.avoid_until)
    return p.deals_failed;
  auto halvings = (now - p.avoid_until) / failure_half_life;
  return halvings < 64 ? p.deals_failed >> halvings : 0;
}

epoch_delta avoid_time(std::uint64_t failures, const deal_policy& policy) {
  auto time = policy.avoid_first;
  for (std::uint64_t i = 1; i < failures && time < policy.avoid_most; ++i)
    time *= 2;
  return std::min(time, policy.avoid_most);
}

bool asks_to_wait(std::string_view words) {
  for (std::string_view sign : {"retry in some time", "backpressure", "try again", "hourly", "limit reached"})
    if (words.find(sign) != std::string_view::npos)
      return true;
  return false;
}

} // namespace weir
