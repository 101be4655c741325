// DataCap of clients: enough for every verified deal that is promised and not yet published.
#include "actors/deals/wallet_state.hpp"
#include "storage/filecoin/address_text.hpp"

#include <caf/actor_cast.hpp>

namespace weir {

namespace {

constexpr std::chrono::seconds chain_time{30};
constexpr std::uint64_t least_allocation = 1 << 20; ///< of the network, bytes

} // namespace

/// The deals of the answer before this one are in the records by now, or never will be.
caf::typed_response_promise<nothing> wallet_state::want_datacap(const datacap_need& n) {
  auto promise = self->make_response_promise<nothing>();
  if (!chain || n.padded_size < least_allocation) {
    promise.deliver(
        to_caf(!chain ? fail(errc::no_network, "Neither devnet nor chain is configured.")
                      : fail(errc::no_providers, "The chain takes verified deals from 1 MiB on; this piece is smaller.",
                             std::to_string(n.padded_size), std::to_string(least_allocation))));
    return promise;
  }
  self->request(caf::actor_cast<datacap_chain_actor>(chain), chain_time, chain::get_datacap{n.wallet})
      .then(
          [this, n, promise](const token_amount& held) mutable {
            for (auto& id : std::exchange(verified, {}))
              look_at_deal(id);
            if (auto enough = enough_datacap(n, held); !enough) {
              promise.deliver(to_caf(enough.error()));
              return;
            }
            verified = n.deals;
            promise.deliver(nothing{});
          },
          [promise](const caf::error& e) mutable { promise.deliver(e); });
  return promise;
}

status wallet_state::enough_datacap(const datacap_need& n, const token_amount& held) const {
  token_amount taken;
  for (auto& [uuid, lock] : unpublished)
    if (lock.client == n.wallet)
      taken = taken + token_amount{lock.datacap};
  auto wanted = token_amount{n.padded_size} * token_amount{n.deals.size()};
  if (held >= taken + wanted)
    return {};
  auto who = filecoin::to_text(n.wallet);
  if (held >= wanted) // until the chain has taken it for those deals, or they came to nothing
    return fail(errc::overloaded,
                "Of the " + held.decimal() + " bytes of DataCap of " + who + " " + taken.decimal()
                    + " are held for deals that are not published yet; this waits for them.",
                wanted.decimal(), held.decimal());
  auto missing = (wanted - held).decimal() + " bytes of DataCap are missing";
  if (held.zero())
    return fail(errc::insufficient_funds,
                "The address " + who + " is no verified client: " + missing + ". A notary grants it.", "0",
                wanted.decimal());
  return fail(errc::insufficient_funds,
              "The DataCap of the address " + who + " does not suffice: it has " + held.decimal()
                  + " bytes, these deals take " + wanted.decimal() + "; " + missing + ".",
              held.decimal(), wanted.decimal());
}

} // namespace weir
