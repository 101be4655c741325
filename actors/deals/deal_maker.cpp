#include "actors/deals/deal_maker.hpp"

#include "actors/deals/maker_state.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

namespace weir {

/// Placed pieces are looked at when a renewal comes; all others now. So are
/// contents whose terms are open, however well placed their piece is.
void maker_state::start() {
  auto state = d.look();
  auto seen = state->each<piece>([&](const stored<piece>& p) {
    if (p.value.state != piece_state::retired && p.value.state != piece_state::placed)
      for (auto& key : promises_of(*state, p.value))
        promises.mark(key);
  });
  if (seen)
    seen = state->each<deal>([&](const stored<deal>& x) {
      note_renewal(x.value);
      if (x.value.state == deal_state::intended)
        promises.mark({x.value.piece, x.value.content});
    });
  if (seen)
    seen = state->each<content>([&](const stored<content>& c) {
      if (c.value.terms.open)
        mark_content(c.value.id);
    });
  if (!seen)
    spdlog::error("deal_maker: records cannot be read: {}", to_string(seen.error()));
  follow_log(self, d, state->at(), kinds());
  self->request(d.ticker, std::chrono::seconds{30}, atom::subscribe_v, caf::actor_cast<tick_listener>(self))
      .then([this](const tick& t) { hear(t); }, [](const caf::error&) {});
}

/// A content with terms of its own is alone in its piece, but for others with the same bytes.
std::vector<promise_key> maker_state::promises_of(const records::reader& state, const piece& p) const {
  std::vector<promise_key> found{{p.cid, {}}};
  if (p.contents != 1)
    return found;
  auto keys = state.keys<records::piece_contents>(p.cid);
  for (std::size_t i = 0; keys && i < keys->size(); ++i) {
    auto c = state.find<content>(std::get<1>((*keys)[i]));
    if (c && *c && (*c)->value.terms.own)
      found.push_back({p.cid, (*c)->value.id});
  }
  return found;
}

std::vector<event_kind> maker_state::kinds() {
  using enum event_kind;
  return {piece_built, content_wanted, provider_seen, provider_changed, chain_back, message_landed, wallet_created};
}

void maker_state::hear(const event& e) {
  if (e.kind == event_kind::piece_built)
    mark(cid_of(e.subject));
  else if (e.kind == event_kind::content_wanted)
    mark_content(content_id{e.subject});
  else
    mark_waiting();
}

void maker_state::hear(const tick& t) {
  while (!renewals.empty() && renewals.begin()->first <= t.now) {
    promises.mark({renewals.begin()->second, {}});
    renewals.erase(renewals.begin());
  }
  for (auto& [key, at] : waiting)
    if (at <= t.now) {
      at = t.now + 10; // until its next look says otherwise
      promises.mark(key);
    }
  work();
}

void maker_state::mark(const cid& id) {
  auto state = d.look();
  if (auto p = state->find<piece>(id); p && *p)
    for (auto& key : promises_of(*state, (*p)->value))
      promises.mark(key);
  work();
}

void maker_state::mark_content(const content_id& id) {
  auto seen = d.look()->each<placement>(
      [&](const stored<placement>& p) {
        promises.mark({p.value.piece, id});
      },
      {records::encode_prefix(id), {}});
  if (!seen)
    spdlog::error("deal_maker: the placements of {} cannot be read: {}", id.value, to_string(seen.error()));
  work();
}

void maker_state::mark_waiting() {
  for (auto& [key, at] : waiting)
    promises.mark(key);
  work();
}

/// Nothing is planned before the chain said what time it is.
void maker_state::work() {
  if (d.clock->now() == no_epoch || std::exchange(in_work, true))
    return;
  while (auto next = promises.take())
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
