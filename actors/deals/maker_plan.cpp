// Planning of the deal maker: from a piece to committed intents.
#include "actors/deals/maker_state.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/support/crash_point.hpp"

namespace weir {

namespace {

constexpr std::chrono::seconds ask_time{120};
constexpr std::chrono::minutes escrow_time{60};
constexpr std::chrono::minutes restore_time{48 * 60};
constexpr epoch_delta retry_soon = 10;
constexpr epoch_delta retry_late = 120;
constexpr std::size_t reasons_shown = 8;

/// "Only 4 of 6 providers can be found: f01003: It does not answer. …"
problem lack_of_providers(const selection_answer& answer, std::uint32_t wanted, std::uint32_t copies) {
  auto missing = wanted - static_cast<std::uint32_t>(answer.chosen.size());
  auto words =
      "Only " + std::to_string(copies - missing) + " of " + std::to_string(copies) + " providers can be found.";
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
  return {errc::no_providers, words};
}

} // namespace

void maker_state::look(const cid& id) {
  auto state = d.look();
  auto p = state->find<piece>(id);
  auto deals = p && *p ? deals_of_piece(*state, id) : result<std::vector<deal>>{std::vector<deal>{}};
  if (!p || !deals) {
    give_up(id, p ? deals.error() : p.error());
    return;
  }
  if (!*p || (*p)->value.state == piece_state::retired) {
    planned(id);
    return;
  }
  auto in_hand = std::make_shared<plan_in_hand>();
  in_hand->what = (*p)->value;
  in_hand->plan = plan_deals(in_hand->what, *deals, policy, d.clock->now());
  for (auto& x : in_hand->plan.resume)
    deliver(x, true);
  for (auto& x : *deals)
    note_renewal(x);
  if (in_hand->plan.wanted == 0) {
    waiting.erase(id);
    if (in_hand->what.problem.any()) {
      auto build = [id](const records::reader& newest) { return show_piece_problem(newest, id, {}); };
      d.commits.commit(self, build, [this, id](const status&) { planned(id); });
    } else {
      planned(id);
    }
    return;
  }
  if (in_hand->what.local || bring_back(in_hand->what))
    ask_wallet(in_hand);
}

/// A piece whose file is gone must be here before a provider can download it.
/// The queue does not wait for it.
bool maker_state::bring_back(const piece& p) {
  auto id = p.cid;
  if (restoring.insert(id).second)
    self->request(parts.restorer, restore_time, atom::start_v, id)
        .then(
            [this, id](nothing) {
              restoring.erase(id);
              mark(id);
            },
            [this, id](const caf::error& e) {
              restoring.erase(id);
              give_up(id, from_caf(e));
            });
  planned(id);
  return false;
}

void maker_state::ask_wallet(plan_ptr p) {
  self->request(parts.wallet, ask_time, atom::get_v)
      .then(
          [this, p](const address& client) {
            p->client = client;
            ask_selector(p);
          },
          [this, p](const caf::error& e) { give_up(p->what.cid, from_caf(e)); });
}

void maker_state::ask_selector(plan_ptr p) {
  selection_request wanted{p->what.cid, p->what.padded_size, p->plan.wanted, p->plan.exclude, false};
  self->request(parts.selector, escrow_time, wanted)
      .then(
          [this, p](const selection_answer& answer) {
            p->answer = answer;
            if (answer.chosen.empty())
              commit_plan(p, lack_of_providers(answer, p->plan.wanted, p->what.copies));
            else
              ask_collateral(p);
          },
          [this, p](const caf::error& e) { give_up(p->what.cid, from_caf(e)); });
}

void maker_state::ask_collateral(plan_ptr p) {
  self->request(parts.chain, ask_time, chain::get_collateral{p->what.padded_size, false})
      .then(
          [this, p](const collateral_bounds& bounds) {
            p->collateral = bounds;
            ask_escrow(p);
          },
          [this, p](const caf::error& e) { give_up(p->what.cid, from_caf(e)); });
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
    auto intent = make_intent(p->what, to, facts, policy);
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
  auto enough = p->answer.chosen.size() >= p->plan.wanted;
  auto why = enough ? problem{} : lack_of_providers(p->answer, p->plan.wanted, p->what.copies);
  self->request(parts.wallet, escrow_time, escrow_need{p->client, funds, ids})
      .then([this, p, why](nothing) { commit_plan(p, why); },
            [this, p](const caf::error& e) { give_up(p->what.cid, from_caf(e)); });
}

void maker_state::commit_plan(plan_ptr p, const problem& why) {
  selection chosen{p->what.cid, d.clock->now(), p->plan.wanted, {}, p->answer.rejections};
  for (auto& to : p->answer.chosen)
    chosen.chosen.push_back(to.id);
  auto build = [p, chosen, why](const records::reader& newest) {
    return intend_deals(newest, p->what.cid, chosen, p->intents, why);
  };
  d.commits.commit(self, build, [this, p, why](const status& s) {
    if (!s) {
      give_up(p->what.cid, s.error());
      return;
    }
    crash_point("deal.intended");
    for (auto& intent : p->intents) {
      note_renewal(intent);
      deliver(intent, false);
    }
    if (why.any()) {
      auto at = d.clock->now() + retry_late;
      for (auto& r : p->answer.rejections)
        if (r.code == errc::deal_rejected)
          at = std::min(at, d.clock->now() + retry_soon);
      try_again_at(p->what.cid, at);
    } else {
      waiting.erase(p->what.cid);
    }
    planned(p->what.cid);
  });
}

/// Not for good: the piece shows why, and is tried again.
void maker_state::give_up(const cid& id, const error& e) {
  if (e.code == errc::shutting_down)
    return;
  spdlog::warn("deals of piece {}: {}", id.text(), to_string(e));
  try_again_at(id, d.clock->now() + retry_soon);
  auto build = [id, e](const records::reader& newest) {
    return show_piece_problem(newest, id, {e.code, e.message.empty() ? std::string{to_string(e.code)} : e.message});
  };
  d.commits.commit(self, build, [](const status&) {});
  planned(id);
}

void maker_state::planned(const cid& id) {
  pieces.done(id);
  work();
}

void maker_state::try_again_at(const cid& id, epoch at) {
  waiting[id] = at;
}

void maker_state::note_renewal(const deal& x) {
  if (!is_good(x.state))
    return;
  auto at = x.end - policy.renew_before;
  auto [from, to] = renewals.equal_range(at);
  if (std::none_of(from, to, [&](auto& known) { return known.second == x.piece; }))
    renewals.emplace(at, x.piece);
}

} // namespace weir
