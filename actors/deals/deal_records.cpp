#include "actors/deals/deal_records.hpp"

#include "actors/deals/rollup_rules.hpp"
#include "actors/support/quota.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/records/belongings.hpp"

namespace weir {

using records::fact;

namespace {

records::facts facts_of(const deal& d) {
  return {fact("piece", d.piece), fact("provider", filecoin::to_text(d.provider)), fact("dealId", d.id),
          fact("start", d.start), fact("end", d.end)};
}

status say(const records::reader& state, transaction_builder& t, event_kind kind, const deal& d) {
  auto fields = facts_of(d);
  if (d.problem.any())
    fields.push_back(fact("message", d.problem.message));
  WEIR_TRY(auto owner, records::owner_of(state, d));
  t.say(kind, d.uuid.value, std::move(owner), std::move(fields));
  return {};
}

/// `change` of the provider's own counts; nothing when it is not known.
template <class Change>
status change_provider(const records::reader& state, const address& id, transaction_builder& t, Change change) {
  WEIR_TRY(auto found, state.find<provider>(id));
  if (!found)
    return {};
  auto after = found->value;
  change(after);
  t.update(*found, after);
  return {};
}

void blame(provider& p, const problem& why, const deal_policy& policy, epoch now) {
  p.problem = why;
  p.deals_failed = recent_failures(p, now);
  if (asks_to_wait(why.message)) {
    p.avoid_until = now + policy.avoid_busy;
    return;
  }
  ++p.deals_failed;
  p.avoid_until = now + avoid_time(p.deals_failed, policy);
}

} // namespace

filecoin::deal_proposal proposal_of(const deal& d) {
  filecoin::deal_proposal p;
  p.piece = d.piece;
  p.padded_size = d.padded_size;
  p.verified = d.verified;
  p.client = d.client;
  p.provider = d.provider;
  p.label = {d.label, true};
  p.start = d.start;
  p.end = d.end;
  p.price_per_epoch = d.price_per_epoch;
  p.provider_collateral = d.provider_collateral;
  p.client_collateral = d.client_collateral;
  return p;
}

result<std::vector<deal>> deals_of_piece(const records::reader& state, const cid& piece_id) {
  std::vector<deal> deals;
  WEIR_TRY(auto keys, state.keys<records::piece_deals>(piece_id));
  for (auto& key : keys) {
    WEIR_TRY(auto d, state.get<deal>(std::get<1>(key)));
    deals.push_back(std::move(d.value));
  }
  return deals;
}

namespace {

status put_problem(const records::reader& state, const cid& piece_id, const problem& why, transaction_builder& t) {
  WEIR_TRY(auto p, state.find<piece>(piece_id));
  if (!p || (p->value.problem.code == why.code && p->value.problem.message == why.message))
    return {};
  auto after = p->value;
  after.problem = why;
  t.update(*p, after);
  t.say(event_kind::piece_problem, piece_id.text(), {},
        {fact("code", std::string{to_string(why.code)}), fact("message", why.message)});
  return {};
}

} // namespace

namespace {

token_amount funds_of_all(const std::vector<deal>& deals) {
  token_amount sum;
  for (auto& d : deals)
    sum = sum + funds_of(d);
  return sum;
}

/// True when any of them was not there yet.
result<bool> create_intents(const records::reader& state, const std::vector<deal>& intents, transaction_builder& t) {
  bool fresh = false;
  for (auto& d : intents) {
    WEIR_TRY(auto found, state.find<deal>(d.uuid));
    if (found)
      continue;
    fresh = true;
    t.create(d);
    WEIR_CHECK(say(state, t, event_kind::deal_intended, d));
    if (d.replaces.value.empty())
      continue;
    WEIR_TRY(auto owner, records::owner_of(state, d));
    t.say(event_kind::deal_renewed, d.replaces.value, owner, {fact("piece", d.piece), fact("by", d.uuid)});
  }
  return fresh;
}

void say_selected(transaction_builder& t, const selection& chosen, const owner_id& owner = {}) {
  t.say(event_kind::provider_selected, chosen.piece.text(), owner,
        {fact("wanted", chosen.wanted), fact("chosen", chosen.chosen.size()),
         fact("rejected", chosen.rejections.size())});
}

/// The selection of the round as it is, or a new one.
result<content_selection> selection_of(const records::reader& state, const content_id& own, const std::string& round) {
  WEIR_TRY(auto before, state.find<content_selection>(own));
  if (before && before->value.round == round)
    return std::move(before->value);
  return content_selection{own, round, {}, {}, {}, {}};
}

void set_problem(content_selection& s, const error& why) {
  bool any = why.code != errc::none;
  s.problem = {why.code, any ? why.message : std::string{}};
  s.value = any ? why.value : std::string{};
  s.limit = any ? why.limit : std::string{};
}

void say_problem(const content& c, const error& why, transaction_builder& t) {
  t.say(event_kind::content_problem, c.id.value, c.owner, {fact("message", why.message)});
}

} // namespace

result<transaction_builder> intend_deals(const records::reader& state, const content_id& own, const std::string& round,
                                         const selection& chosen, const std::vector<deal>& intents, const error& why) {
  transaction_builder t;
  WEIR_TRY(auto c, state.get<content>(own));
  if (!c.value.terms.open || c.value.terms.round != round)
    return t;
  WEIR_TRY(bool fresh, create_intents(state, intents, t));
  if (!intents.empty() && !fresh)
    return t; // committed by an earlier try
  WEIR_CHECK(quotas::take_spend(state, own, funds_of_all(intents), t));
  WEIR_TRY(auto s, selection_of(state, own, round));
  std::erase_if(s.made, [&](const selection& of) { return of.piece == chosen.piece; });
  s.made.push_back(chosen);
  set_problem(s, why);
  t.must_be_unchanged(c);
  t.put(s);
  say_selected(t, chosen, c.value.owner);
  if (s.problem.any())
    say_problem(c.value, why, t);
  return t;
}

result<transaction_builder> show_content_problem(const records::reader& state, const content_id& own,
                                                 const error& why) {
  transaction_builder t;
  WEIR_TRY(auto c, state.get<content>(own));
  WEIR_TRY(auto s, selection_of(state, own, c.value.terms.round));
  if (s.problem.code == why.code && s.problem.message == why.message)
    return t;
  set_problem(s, why);
  t.put(s);
  say_problem(c.value, why, t);
  return t;
}

result<transaction_builder> intend_deals(const records::reader& state, const cid& piece_id, const selection& chosen,
                                         const std::vector<deal>& intents, const problem& why) {
  transaction_builder t;
  WEIR_CHECK(put_problem(state, piece_id, why, t));
  WEIR_TRY(bool fresh, create_intents(state, intents, t));
  WEIR_TRY(auto before, state.find<selection>(piece_id));
  if (fresh || !before || before->value.rejections.size() != chosen.rejections.size()) {
    t.put(chosen);
    say_selected(t, chosen);
  }
  return t;
}

result<transaction_builder> show_piece_problem(const records::reader& state, const cid& piece_id, const problem& why) {
  transaction_builder t;
  WEIR_CHECK(put_problem(state, piece_id, why, t));
  return t;
}

result<transaction_builder> accept_deal(const records::reader& state, const deal_uuid& id, const cid& proposal,
                                        deal_moment at) {
  transaction_builder t;
  WEIR_TRY(auto before, state.get<deal>(id));
  if (before.value.state != deal_state::intended)
    return t;
  auto after = before.value;
  after.proposal = proposal;
  ++after.attempts;
  reach(after, deal_state::proposed, at.now, at.time);
  t.update(before, after);
  WEIR_CHECK(say(state, t, event_kind::deal_proposed, after));
  WEIR_CHECK(change_provider(state, after.provider, t, [&](provider& p) {
    ++p.deals_made;
    p.avoid_until = std::min(p.avoid_until, at.now); // it says since when it has done well
  }));
  return t;
}

result<transaction_builder> end_deal(const records::reader& state, const deal_uuid& id, deal_state how,
                                     const problem& why, const deal_policy& policy, deal_moment at) {
  transaction_builder t;
  WEIR_TRY(auto before, state.get<deal>(id));
  if (!allowed(before.value.state, how))
    return t;
  auto after = before.value;
  after.problem = why;
  reach(after, how, at.now, at.time);
  t.update(before, after);
  WEIR_CHECK(say(state, t, event_of(how), after));
  if (how != deal_state::expired)
    WEIR_CHECK(change_provider(state, after.provider, t, [&](provider& p) { blame(p, why, policy, at.now); }));
  return t;
}

result<transaction_builder> move_deal(const records::reader& state, const deal_uuid& id, deal_state to, bool reverted,
                                      const chain_facts& facts, deal_moment at) {
  transaction_builder t;
  WEIR_TRY(auto before, state.get<deal>(id));
  auto after = before.value;
  if (after.state != to && !allowed(after.state, to))
    return t;
  after.id = facts.id;
  after.sector = facts.sector;
  after.sector_start = facts.sector_start;
  if (!facts.publish_message.empty())
    after.publish_message = facts.publish_message;
  bool moved = after.state != to;
  if (moved)
    reach(after, to, at.now, at.time);
  if (!moved && after.id == before.value.id && after.sector_start == before.value.sector_start)
    return t;
  t.update(before, after);
  if (moved || reverted)
    WEIR_CHECK(say(state, t, reverted ? event_kind::deal_reverted : event_of(to), after));
  return t;
}

} // namespace weir
