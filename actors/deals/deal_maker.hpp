#pragma once
// Brings every piece to its promised number of good deals on distinct
// providers, and renews them before they end.
//
// in:  piece.built, provider and chain events (log watch), wakes of the bucket
//      checker, ticks
// out: selections, intents (committed before anything leaves the process),
//      proposals through the carrier, deal.proposed, deal.rejected, deal.failed
// Survives a restart: every intent with all that is signed. Whether it arrived
// is not known then: the provider is asked by the deal's UUID, and the same
// bytes are sent again only if it does not know them.
#include "actors/deals/plan.hpp"
#include "actors/pieces/restorer.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/deals.hpp"

namespace weir {

struct deal_maker_parts {
  chain_actor chain;
  deal_carrier_actor carrier;
  wallet_actor wallet;
  miner_selector_actor selector;
  restorer_actor restorer; ///< brings a piece back that has to be hosted again
  std::function<std::string(const cid&)> piece_url;
};

deal_maker_actor spawn_deal_maker(caf::actor_system& system, domain d, deal_maker_parts parts, deal_policy policy = {});

} // namespace weir
