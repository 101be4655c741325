// Addresses of FFS instances, and FIL that is sent.
#include "actors/deals/wallet_state.hpp"
#include "messages/types/ffs.hpp"
#include "storage/filecoin/address_text.hpp"

namespace weir {

using records::fact;

namespace {

constexpr std::chrono::seconds chain_time{30};
const token_amount gas_of_a_transfer{1'000'000'000'000'000ull}; ///< attoFIL that have to stay (0.001 FIL)

} // namespace

caf::typed_response_promise<wallet_address> wallet_state::create_for(const create_address& wanted) {
  auto promise = self->make_response_promise<wallet_address>();
  auto key = keys->make(d.world.random);
  if (!key) {
    promise.deliver(to_caf(key.error()));
    return promise;
  }
  wallet_address made{key->address(), wanted.name, false, d.world.wall(), wanted.instance};
  auto build = [made](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto all, newest.list<wallet_address>());
    for (auto& w : all) {
      if (w.value.addr == made.addr && w.value.instance == made.instance)
        return t;
      if (w.value.instance == made.instance && w.value.name == made.name)
        return fail(errc::already_exists, "The instance has an address of this name.", made.name);
    }
    t.create(made);
    t.say(event_kind::wallet_created, filecoin::to_text(made.addr), ffs::owner_of(made.instance),
          {fact("name", made.name)});
    return t;
  };
  d.commits.commit(
      self, build,
      [promise, made](const status& s) mutable { s ? promise.deliver(made) : promise.deliver(to_caf(s.error())); },
      {.patient = false});
  return promise;
}

caf::typed_response_promise<cid> wallet_state::transfer(send_fil wanted) {
  auto promise = self->make_response_promise<cid>();
  if (!chain) {
    promise.deliver(to_caf(fail(errc::no_network, "Neither devnet nor chain is configured.")));
    return promise;
  }
  if (wanted.from.empty()) {
    auto own = find_default();
    if (!own) {
      promise.deliver(to_caf(own.error()));
      return promise;
    }
    wanted.from = own->addr;
  }
  self->request(chain, chain_time, chain::get_balance{wanted.from})
      .then(
          [this, promise, wanted](const token_amount& balance) mutable {
            auto needed = wanted.amount + gas_of_a_transfer;
            if (balance < needed) {
              promise.deliver(to_caf(fail(errc::insufficient_funds, "The address has less than the amount and its gas.",
                                          balance.fil(), needed.fil())));
              return;
            }
            send({{wanted.purpose, wanted.from, wanted.to, wanted.amount, 0, {}},
                  [promise](const result<chain_message>& sent) mutable {
                    sent ? promise.deliver(sent->cid) : promise.deliver(to_caf(sent.error()));
                  }});
          },
          [promise](const caf::error& e) mutable { promise.deliver(e); });
  return promise;
}

} // namespace weir
