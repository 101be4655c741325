#pragma once
// Passes the domain's clock on (messages/actors/clock.hpp): from whoever
// knows the time (chain_watcher, or the node's wall clock) to everyone who
// keeps due epochs. A listener that has not yet answered the last tick gets
// only the newest one afterwards. Nothing survives a restart: the first tick
// after it says all.
#include "actors/support/domain.hpp"

namespace weir {

/// Every tick is written to `clock` before anyone hears of it.
ticker_actor spawn_ticker(caf::actor_system& system, std::shared_ptr<domain_clock> clock);

} // namespace weir
