#pragma once
// Hears the chain's heads for the whole domain.
//
// in:  head changes and the chain's health (adapters/chain)
// out: ticks to the ticker; the head changes to the deal tracker;
//      chain.lost, chain.back, chain.reorg
// Survives a restart: nothing; it subscribes anew and gets the current head.
#include "actors/support/domain.hpp"
#include "messages/actors/deals.hpp"

namespace weir {

chain_watcher_actor spawn_chain_watcher(caf::actor_system& system, domain d, chain_actor chain,
                                        deal_tracker_actor tracker);

} // namespace weir
