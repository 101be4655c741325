#include "actors/deals/wallet.hpp"

#include "actors/deals/plan.hpp"
#include "actors/deals/wallet_state.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

#include <spdlog/spdlog.h>

namespace weir {

std::vector<event_kind> wallet_state::kinds() {
  using enum event_kind;
  return {deal_intended, deal_proposed, deal_published, deal_activated, deal_active,
          deal_rejected, deal_failed,   deal_slashed,   deal_expired,   deal_reverted};
}

void wallet_state::start() {
  auto state = d.look();
  auto seen = state->each<deal>([&](const stored<deal>& found) {
    auto& deal_now = found.value;
    look_at(deal_now);
  });
  auto messages = open_messages(*state);
  if (!seen || !messages)
    spdlog::error("wallet: records cannot be read: {}", to_string(seen ? messages.error() : seen.error()));
  else
    for (auto& m : *messages)
      open[m.id] = m;
  if (auto all = keys->list())
    for (auto& addr : *all)
      record_key(addr, "recovered", [](const result<wallet_address>&) {});
  follow_log(self, d, state->at(), kinds());
  self->request(d.ticker, std::chrono::seconds{30}, atom::subscribe_v, caf::actor_cast<tick_listener>(self))
      .then([this](const tick& t) { hear(t); }, [](const caf::error&) {});
}

namespace {

wallet_impl::behavior_type wallet(self_of<wallet_impl, wallet_state> self, domain d,
                                  std::shared_ptr<filecoin::keystore> keys, chain_actor chain, wallet_options options) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.keys = std::move(keys);
  state.chain = std::move(chain);
  state.options = std::move(options);
  state.start();
  return {
      log_handler(self, state.d, wallet_state::kinds(), [self](const event& e) { self->state.hear(e); }),
      [self](atom::get) { return self->state.default_address(); },
      [self](atom::list) { return self->state.balances(); },
      [self](atom::create, const std::string& label) { return self->state.create(label); },
      [self](const import_key& key) { return self->state.import(key); },
      [self](const signature_request& r) { return reply(self->state.sign(r)); },
      [self](const escrow_request& r) { return self->state.add_escrow(r); },
      [self](const escrow_need& n) { return self->state.want_escrow(n); },
      [self](const tick& t) { self->state.hear(t); },
      [self](const create_address& wanted) { return self->state.create_for(wanted); },
      [self](const send_fil& wanted) { return self->state.transfer(wanted); },
      [self](const datacap_need& n) { return self->state.want_datacap(n); },
      [self](const show_seed& what) { return reply(self->state.seed(what.words)); },
      [self](const restore_seed& wish) { return self->state.restore(wish); },
      [self](const export_key& which) { return reply(self->state.export_secret(which.addr)); },
  };
}

} // namespace

wallet_actor spawn_wallet(caf::actor_system& system, domain d, std::shared_ptr<filecoin::keystore> keys,
                          chain_actor chain, wallet_options options) {
  return system.spawn(wallet, std::move(d), std::move(keys), std::move(chain), std::move(options));
}

} // namespace weir
