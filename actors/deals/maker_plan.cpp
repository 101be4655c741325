// Planning of the deal maker: from a piece to committed intents.
#include "actors/deals/maker_state.hpp"
#include "actors/deals/select.hpp"
#include "actors/support/quota.hpp"
#include "messages/actors/wallets.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/support/crash_point.hpp"

#include <caf/actor_cast.hpp>

namespace weir {

namespace {

constexpr std::chrono::seconds ask_time{120};
constexpr std::chrono::minutes escrow_time{60};
constexpr std::chrono::minutes restore_time{48 * 60};
constexpr epoch_delta retry_soon = 10;
constexpr epoch_delta retry_late = 120;
constexpr std::size_t reasons_shown = 8;

/// "Only 4 of 6 providers can be found: f01003: It does not answer. …"
error lack_of_providers(const selection_answer& answer, std::uint32_t wanted, std::uint32_t copies) {
  auto missing = wanted - static_cast<std::uint32_t>(answer.chosen.size());
  auto why = too_large_for_all(answer).value_or(fail(errc::no_providers, ""));
  auto words = why.message.empty() ? "Only " + std::to_string(copies - missing) + " of " + std::to_string(copies)
                                         + " providers can be found."
                                   : why.message;
  std::size_t shown = 0;
  for (auto& r : answer.rejections) {
    if (r.code == errc::already_exists || r.code == errc::none)
      continue;
    if (++shown > reasons_shown) {
      words += " …";
      break;
    }
    words += " " + filecoin::to_text(r.provider) + ": " + r.reason;
    if (!r.limit.empty())
      words += " (" + r.value + ", limit " + r.limit + ")";
  }
  why.message = words;
  return why;
}

} // namespace

result<maker_state::plan_ptr> maker_state::plan_for(const promise_key& key) {
  auto state = d.look();
  WEIR_TRY(auto p, state->find<piece>(key.piece));
  if (!p || p->value.state == piece_state::retired)
    return plan_ptr{};
  auto in_hand = std::make_shared<plan_in_hand>();
  in_hand->key = key;
  in_hand->what = std::move(p->value);
  WEIR_TRY(in_hand->present, deals_of_piece(*state, key.piece));
  auto counting = deals_for(key.own, in_hand->present);
  if (key.own.value.empty()) {
    in_hand->copies = in_hand->what.copies;
    in_hand->plan = plan_deals(in_hand->what, counting, policy, d.clock->now());
    return in_hand;
  }
  WEIR_TRY(auto c, state->find<content>(key.own));
  if (!c || !c->value.terms.own)
    return plan_ptr{};
  in_hand->copies = c->value.copies;
  in_hand->terms = c->value.terms;
  in_hand->plan = plan_deals(c->value, counting, policy, d.clock->now());
  return in_hand;
}

void maker_state::look(const promise_key& key) {
  auto in_hand = plan_for(key);
  if (!in_hand || !*in_hand) {
    in_hand ? planned(key) : give_up(key, in_hand.error());
    return;
  }
  auto p = *in_hand;
  for (auto& x : p->plan.resume)
    deliver(x, true);
  for (auto& x : p->present)
    note_renewal(x);
  if (p->plan.wanted == 0)
    nothing_wanted(p);
  else if (p->what.local || bring_back(p))
    ask_wallet(p);
}

void maker_state::nothing_wanted(plan_ptr p) {
  waiting.erase(p->key);
  if (!p->key.own.value.empty() || !p->what.problem.any()) {
    planned(p->key);
    return;
  }
  auto build = [id = p->what.cid](const records::reader& newest) { return show_piece_problem(newest, id, {}); };
  d.commits.commit(self, build, [this, p](const status&) { planned(p->key); });
}

/// A piece whose file is gone must be here before a provider can download it.
/// The queue does not wait for it.
bool maker_state::bring_back(plan_ptr p) {
  auto id = p->what.cid;
  if (restoring.insert(id).second)
    self->request(parts.restorer, restore_time, atom::start_v, id)
        .then(
            [this, id](nothing) {
              restoring.erase(id);
              mark(id);
            },
            [this, id, key = p->key](const caf::error& e) {
              restoring.erase(id);
              give_up(key, from_caf(e));
            });
  planned(p->key);
  return false;
}

void maker_state::ask_wallet(plan_ptr p) {
  if (!p->terms.client.empty()) {
    p->client = p->terms.client;
    ask_selector(p);
    return;
  }
  self->request(parts.wallet, ask_time, atom::get_v)
      .then(
          [this, p](const address& client) {
            p->client = client;
            ask_selector(p);
          },
          [this, p](const caf::error& e) { give_up(p->key, from_caf(e)); });
}

void maker_state::ask_selector(plan_ptr p) {
  selection_request wanted{p->what.cid,     p->what.padded_size, p->plan.wanted,
                           p->plan.exclude, p->terms.verified,   p->terms};
  self->request(parts.selector, escrow_time, wanted)
      .then(
          [this, p](const selection_answer& answer) {
            p->answer = answer;
            if (answer.chosen.empty())
              commit_plan(p, lack_of_providers(answer, p->plan.wanted, p->copies));
            else
              ask_collateral(p);
          },
          [this, p](const caf::error& e) { give_up(p->key, from_caf(e)); });
}

void maker_state::ask_collateral(plan_ptr p) {
  self->request(parts.chain, ask_time, chain::get_collateral{p->what.padded_size, p->terms.verified})
      .then(
          [this, p](const collateral_bounds& bounds) {
            p->collateral = bounds;
            ask_escrow(p);
          },
          [this, p](const caf::error& e) { give_up(p->key, from_caf(e)); });
}

/// The intents in full, then the money for all of them at once.
void maker_state::ask_escrow(plan_ptr p) {
  token_amount funds;
  std::vector<deal_uuid> ids;
  auto renew = p->plan.renew;
  for (auto& to : p->answer.chosen) {
    proposal_facts facts{deal_uuid{d.world.uuid()},
                         p->client,
                         d.world.uuid() + d.world.uuid(),
                         p->collateral,
                         d.clock->now(),
                         d.world.wall()};
    auto intent = make_intent(p->what, to, facts, policy_for(p->terms, policy), p->terms.verified);
    intent.content = p->key.own;
    intent.round = p->terms.round;
    intent.keep_unsealed = p->key.own.value.empty() || p->terms.fast_retrieval;
    set_apart(intent, p->present);
    auto same = std::find_if(renew.begin(), renew.end(), [&](const deal& x) { return x.provider == to.id; });
    if (same == renew.end())
      same = renew.begin();
    if (same != renew.end()) {
      intent.replaces = same->uuid;
      renew.erase(same);
    }
    funds = funds + funds_of(intent);
    ids.push_back(intent.uuid);
    p->intents.push_back(std::move(intent));
  }
  transaction_builder looked; // nothing goes into escrow for what the quota refuses
  if (auto may = quotas::take_spend(*d.look(), p->key.own, funds, looked); !may)
    return give_up(p->key, may.error());
  p->terms.verified ? ask_datacap(p, funds, ids) : fill_escrow(p, funds, ids);
}

/// FIL is not locked for deals whose DataCap is missing.
void maker_state::ask_datacap(plan_ptr p, const token_amount& funds, const std::vector<deal_uuid>& ids) {
  self->request(caf::actor_cast<datacap_wallet_actor>(parts.wallet), ask_time,
                datacap_need{p->client, p->what.padded_size, ids})
      .then([this, p, funds, ids](nothing) { fill_escrow(p, funds, ids); },
            [this, p](const caf::error& e) { give_up(p->key, from_caf(e)); });
}

void maker_state::fill_escrow(plan_ptr p, const token_amount& funds, const std::vector<deal_uuid>& ids) {
  auto enough = p->answer.chosen.size() >= p->plan.wanted;
  auto why = enough ? error{errc::none} : lack_of_providers(p->answer, p->plan.wanted, p->copies);
  self->request(parts.wallet, escrow_time, escrow_need{p->client, funds, ids})
      .then([this, p, why](nothing) { commit_plan(p, why); },
            [this, p](const caf::error& e) { give_up(p->key, from_caf(e)); });
}

void maker_state::commit_plan(plan_ptr p, const error& why) {
  selection chosen{p->what.cid, d.clock->now(), p->plan.wanted, {}, p->answer.rejections};
  for (auto& to : p->answer.chosen)
    chosen.chosen.push_back(to.id);
  auto build = [p, chosen, why](const records::reader& newest) {
    if (p->key.own.value.empty())
      return intend_deals(newest, p->what.cid, chosen, p->intents, problem{why.code, why.message});
    return intend_deals(newest, p->key.own, p->terms.round, chosen, p->intents, why);
  };
  d.commits.commit(self, build,
                   [this, p, why](const status& s) { s ? committed_plan(p, why) : give_up(p->key, s.error()); });
}

/// Terms of its own are asked for by a job, which says when to look again.
void maker_state::committed_plan(plan_ptr p, const error& why) {
  crash_point("deal.intended");
  for (auto& intent : p->intents) {
    note_renewal(intent);
    deliver(intent, false);
  }
  if (why.code != errc::none && p->key.own.value.empty()) {
    auto at = d.clock->now() + retry_late;
    for (auto& r : p->answer.rejections)
      if (r.code == errc::deal_rejected)
        at = std::min(at, d.clock->now() + retry_soon);
    try_again_at(p->key, at);
  } else {
    waiting.erase(p->key);
  }
  planned(p->key);
}

/// Not for good: the piece, or the content, shows why, and is tried again.
void maker_state::give_up(const promise_key& key, const error& e) {
  if (e.code == errc::shutting_down)
    return;
  spdlog::warn("deals of piece {}: {}", key.piece.text(), to_string(e));
  try_again_at(key, d.clock->now() + retry_soon);
  auto why = e;
  if (why.message.empty())
    why.message = to_string(e.code);
  auto build = [key, why](const records::reader& newest) {
    return key.own.value.empty() ? show_piece_problem(newest, key.piece, {why.code, why.message})
                                 : show_content_problem(newest, key.own, why);
  };
  d.commits.commit(self, build, [](const status&) {});
  planned(key);
}

void maker_state::planned(const promise_key& key) {
  promises.done(key);
  work();
}

void maker_state::try_again_at(const promise_key& key, epoch at) {
  waiting[key] = at;
}

/// What has terms of its own is renewed by jobs.
void maker_state::note_renewal(const deal& x) {
  if (!is_good(x.state) || !x.content.value.empty())
    return;
  auto at = x.end - policy.renew_before;
  auto [from, to] = renewals.equal_range(at);
  if (std::none_of(from, to, [&](auto& known) { return known.second == x.piece; }))
    renewals.emplace(at, x.piece);
}

} // namespace weir
