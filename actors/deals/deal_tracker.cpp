#include "actors/deals/deal_tracker.hpp"

#include "actors/deals/tracker_state.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/support/crash_point.hpp"

namespace weir {

namespace {

constexpr std::chrono::seconds chain_time{60};

bool is_followed(deal_state s) {
  return is_good(s);
}

/// Spread over a day, so that thousands of active deals are not asked for at one head.
epoch_delta jitter(const deal_uuid& id) {
  return static_cast<epoch_delta>(std::hash<deal_uuid>{}(id) % static_cast<std::size_t>(epochs_per_day));
}

} // namespace

void tracker_state::start() {
  auto state = d.look();
  auto seen = state->each<deal>([&](const stored<deal>& x) {
    if (is_followed(x.value.state))
      follow(x.value);
  });
  if (!seen)
    spdlog::error("deal_tracker: the deals cannot be read: {}", to_string(seen.error()));
  follow_log(self, d, state->at(), kinds());
}

std::vector<event_kind> tracker_state::kinds() {
  using enum event_kind;
  // An imported deal is active, or nearly, when it is first heard of.
  return {deal_intended, deal_proposed, deal_activated, deal_active,
          deal_rejected, deal_failed,   deal_slashed,   deal_expired};
}

void tracker_state::forget_id(deal_id id, const deal_uuid& of) {
  auto known = by_id.find(id);
  if (known != by_id.end() && known->second.erase(of) > 0 && known->second.empty())
    by_id.erase(known);
}

void tracker_state::follow(const deal& x) {
  auto& f = deals[x.uuid];
  f.state = x.state;
  f.id = x.id;
  f.provider = x.provider;
  f.created_at = x.created_at;
  if (x.id != deal_id{})
    by_id[x.id].insert(x.uuid);
}

void tracker_state::hear(const event& e) {
  deal_uuid id{e.subject};
  auto found = d.look()->find<deal>(id);
  if (!found || !*found)
    return;
  auto& x = (*found)->value;
  if (is_followed(x.state)) {
    follow(x);
    return;
  }
  forget_id(x.id, id);
  deals.erase(id);
}

void tracker_state::hear(const head_changes& heads) {
  keep_place();
  bool reorganised = false;
  for (auto& change : heads.changes) {
    if (change.what == head_change::kind::revert) {
      reorganised = true;
      events_read = std::min(events_read, change.at.height - 1);
    } else {
      now = change.at.height;
    }
  }
  finalized = std::max(finalized, heads.finalized);
  read_events();
  mark_due(reorganised);
  work();
}

void tracker_state::mark_due(bool reorganised) {
  for (auto& [id, f] : deals) {
    bool settled = f.state == deal_state::active && f.missing_since == no_epoch;
    if (!settled || reorganised) {
      due.mark(id);
    } else if (f.next_look == no_epoch) {
      f.next_look = now + jitter(id);
    } else if (f.next_look <= now) {
      f.next_look = now + epochs_per_day;
      due.mark(id);
    }
  }
}

void tracker_state::work() {
  if (std::exchange(in_work, true))
    return;
  while (auto next = due.take())
    look(*next);
  in_work = false;
}

void tracker_state::looked(const deal_uuid& id) {
  due.done(id);
  work();
}

void tracker_state::look(const deal_uuid& id) {
  auto found = d.look()->find<deal>(id);
  if (!found || !*found || !is_followed((*found)->value.state) || now == no_epoch) {
    looked(id);
    return;
  }
  auto x = (*found)->value;
  if (x.id == deal_id{}) {
    if (x.state != deal_state::intended) {
      ask_provider(x);
      judge_now(x, std::nullopt);
    } else {
      looked(id);
    }
    return;
  }
  self->request(parts.chain, chain_time, chain::get_deal{x.id})
      .then([this, x](const chain_deal& theirs) { judge_now(x, theirs); },
            [this, x](const caf::error& e) {
              auto why = from_caf(e);
              if (why.code == errc::not_found)
                judge_now(x, std::nullopt);
              else
                looked(x.uuid); // the chain node cannot tell: with the next head
            });
}

void tracker_state::judge_now(const deal& x, const std::optional<chain_deal>& found) {
  auto& f = deals[x.uuid];
  auto theirs = found;
  if (theirs && !same_deal(x, *theirs, {}))
    theirs.reset(); // a reorganisation gave the id to another deal
  if (theirs || x.id == deal_id{})
    f.missing_since = no_epoch;
  else if (f.missing_since == no_epoch)
    f.missing_since = now;
  auto v = judge(x, {theirs, now, finalized, f.missing_since});
  if (!is_good(v.state)) {
    commit_end(x, v);
    return;
  }
  chain_facts facts{x.id, x.publish_message, x.sector, x.sector_start};
  if (theirs) {
    facts.sector = theirs->sector;
    facts.sector_start = theirs->sector_start;
  } else if (v.reverted) {
    facts = {};
  }
  commit_move(x, v, facts);
}

void tracker_state::commit_move(const deal& x, const verdict& v, const chain_facts& facts) {
  auto build = [this, x, v, facts](const records::reader& newest) {
    return move_deal(newest, x.uuid, v.state, v.reverted, facts, moment_now());
  };
  d.commits.commit(self, build, [this, x, v, facts](const status& s) {
    if (s && deals.contains(x.uuid)) {
      auto& f = deals[x.uuid];
      f.state = v.state;
      f.id = facts.id;
      if (v.reverted && facts.id == deal_id{})
        forget_id(x.id, x.uuid);
      if (v.state == deal_state::active && x.state != deal_state::active)
        crash_point("tracker.active");
    }
    looked(x.uuid);
  });
}

void tracker_state::commit_end(const deal& x, const verdict& v) {
  auto build = [this, x, v](const records::reader& newest) {
    return end_deal(newest, x.uuid, v.state, v.why, policy, moment_now());
  };
  d.commits.commit(self, build, [this, x](const status& s) {
    if (s)
      crash_point("tracker.ended");
    looked(x.uuid);
  });
}

namespace {

deal_tracker_impl::behavior_type deal_tracker(self_of<deal_tracker_impl, tracker_state> self, domain d,
                                              tracker_parts parts, deal_policy policy) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.parts = std::move(parts);
  state.policy = policy;
  state.start();
  return {
      log_handler(self, state.d, tracker_state::kinds(), [self](const event& e) { self->state.hear(e); }),
      [self](const head_changes& heads) { self->state.hear(heads); },
      [self](const tick&) { self->state.work(); },
      [self](atom::wake) {
        self->state.mark_due(true);
        self->state.work();
      },
  };
}

} // namespace

deal_tracker_actor spawn_deal_tracker(caf::actor_system& system, domain d, tracker_parts parts, deal_policy policy) {
  return system.spawn(deal_tracker, std::move(d), std::move(parts), policy);
}

} // namespace weir
