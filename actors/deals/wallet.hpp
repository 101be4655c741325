#pragma once
// Holds the keys and the seed that new ones come from, signs, knows balances,
// and fills the market escrow.
//
// in:  signatures, balances, new and imported keys, a seed that is restored,
//      escrow that a deal needs, ticks (a message may have landed)
// out: chain requests; wallet.created, wallet.low, message.*
// Survives a restart: keys in the keystore, addresses and messages in records.
// A message that was committed but maybe not pushed is pushed again, the same
// bytes; a key whose record was lost in a crash gets its record again.
#include "actors/support/subscription.hpp"
#include "messages/actors/wallets.hpp"
#include "storage/filecoin/keystore.hpp"

namespace weir {

struct wallet_options {
  token_amount gas_reserve{100'000'000'000'000'000ull}; ///< attoFIL that stay in the wallet for gas (0.1 FIL)
  token_amount least_refill{}; ///< an escrow message adds at least this much, if there is enough
};

using wallet_impl = wallet_actor::extend<
    follows_log, caf::replies_to<create_address>::with<wallet_address>,
    caf::replies_to<send_fil>::with<cid>>::extend_with<seed_wallet_actor>::extend_with<datacap_wallet_actor>;

/// Without a chain (`chain` null) it keeps keys and signs; what needs the chain is errc::no_network.
wallet_actor spawn_wallet(caf::actor_system& system, domain d, std::shared_ptr<filecoin::keystore> keys,
                          chain_actor chain, wallet_options options = {});

} // namespace weir
