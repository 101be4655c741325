#pragma once
// Follows our deals on the chain and commits what became of them.
//
// in:  heads (chain_watcher), deal.proposed and other ends of deals (log watch)
// out: chain requests, the provider's status as a hint; deal.published,
//      deal.activated, deal.active (at finality), deal.slashed, deal.expired,
//      deal.failed, deal.reverted
// On each head the deals that are on their way are looked at, active ones when
// an event of the market names them, a reorganisation happened, or their day
// has come; never more than a few at a time.
// Survives a restart: the deals. Market events since the oldest deal without
// an id are read again.
#include "actors/deals/plan.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/deals.hpp"

namespace weir {

struct tracker_parts {
  chain_actor chain;
  deal_carrier_actor carrier;
  wallet_actor wallet;
};

deal_tracker_actor spawn_deal_tracker(caf::actor_system& system, domain d, tracker_parts parts,
                                      deal_policy policy = {});

} // namespace weir
