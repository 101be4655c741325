#include "actors/deals/deal_maker.hpp"

#include "actors/deals/maker_state.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

namespace weir {

/// Placed pieces are looked at when a renewal comes; all others now.
void maker_state::start() {
  auto state = d.look();
  auto seen = state->each<piece>([&](const stored<piece>& p) {
    if (p.value.state != piece_state::retired && p.value.state != piece_state::placed)
      pieces.mark(p.value.cid);
  });
  if (seen)
    seen = state->each<deal>([&](const stored<deal>& x) {
      note_renewal(x.value);
      if (x.value.state == deal_state::intended)
        pieces.mark(x.value.piece);
    });
  if (!seen)
    spdlog::error("deal_maker: records cannot be read: {}", to_string(seen.error()));
  follow_log(self, d, state->at(), kinds());
  self->request(d.ticker, std::chrono::seconds{30}, atom::subscribe_v, caf::actor_cast<tick_listener>(self))
      .then([this](const tick& t) { hear(t); }, [](const caf::error&) {});
}

std::vector<event_kind> maker_state::kinds() {
  using enum event_kind;
  return {piece_built, provider_seen, provider_changed, chain_back, message_landed, wallet_created};
}

void maker_state::hear(const event& e) {
  if (e.kind == event_kind::piece_built)
    mark(cid_of(e.subject));
  else
    mark_waiting();
}

void maker_state::hear(const tick& t) {
  while (!renewals.empty() && renewals.begin()->first <= t.now) {
    pieces.mark(renewals.begin()->second);
    renewals.erase(renewals.begin());
  }
  for (auto& [id, at] : waiting)
    if (at <= t.now) {
      at = t.now + 10; // until its next look says otherwise
      pieces.mark(id);
    }
  work();
}

void maker_state::mark(const cid& id) {
  pieces.mark(id);
  work();
}

void maker_state::mark_waiting() {
  for (auto& [id, at] : waiting)
    pieces.mark(id);
  work();
}

/// Nothing is planned before the chain said what time it is.
void maker_state::work() {
  if (d.clock->now() == no_epoch || std::exchange(in_work, true))
    return;
  while (auto next = pieces.take())
    look(*next);
  in_work = false;
}

namespace {

deal_maker_impl::behavior_type deal_maker(self_of<deal_maker_impl, maker_state> self, domain d, deal_maker_parts parts,
                                          deal_policy policy) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.parts = std::move(parts);
  state.policy = policy;
  state.start();
  return {
      log_handler(self, state.d, maker_state::kinds(), [self](const event& e) { self->state.hear(e); }),
      [self](atom::wake, const cid& piece_id) { self->state.mark(piece_id); },
      [self](atom::wake) { self->state.mark_waiting(); },
      [self](const tick& t) { self->state.hear(t); },
  };
}

} // namespace

deal_maker_actor spawn_deal_maker(caf::actor_system& system, domain d, deal_maker_parts parts, deal_policy policy) {
  return system.spawn(deal_maker, std::move(d), std::move(parts), policy);
}

} // namespace weir
