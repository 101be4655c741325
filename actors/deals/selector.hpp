#pragma once
// Keeps what is known of the storage providers, and chooses among them.
//
// in:  selections (deal_maker), ticks
// out: chain and carrier requests; provider.seen, provider.changed, provider.lost
// An entry is asked again when it is stale, a provider that does not answer
// with back-off; nothing is asked while the chain is quiet.
// Survives a restart: the provider records. A selection waits until the
// providers were looked at once.
#include "actors/deals/provider_rules.hpp"
#include "actors/deals/select.hpp"
#include "actors/support/domain.hpp"

namespace weir {

struct selector_options {
  selection_limits limits;
  epoch_delta fresh = 240;       ///< an ask older than this is asked again
  epoch_delta list_every = 2880; ///< how often the chain is asked for new providers
  epoch_delta list_again = 10;   ///< the same when those that are known are too few
  epoch_delta retry_first = 4;   ///< for a provider that does not answer, doubled each time
  epoch_delta retry_most = 2880;
  std::size_t at_once = 8;
};

miner_selector_actor spawn_miner_selector(caf::actor_system& system, domain d, chain_actor chain,
                                          deal_carrier_actor carrier, selector_options options);

} // namespace weir
