#pragma once
// The clock of the domain is the chain's: epochs. With neither devnet nor
// chain the node derives epochs from the wall clock. Nobody else has timers:
// an actor that waits for an age or a schedule keeps a due epoch in a record
// and looks at it when a tick comes.
#include "messages/actors/caf.hpp"
#include "messages/types/ids.hpp"

namespace weir {

/// The clock moved. Ticks may jump over epochs and, after a reorg, `now` may
/// be lower than before; `finalized` never goes back.
struct tick {
  epoch now = no_epoch;
  epoch finalized = no_epoch; ///< what is at or below cannot be reverted
};

using tick_listener = caf::typed_actor<caf::reacts_to<tick>>;

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_clock, WEIR_TYPE_IDS(2))
WEIR_MESSAGE(weir_clock, (weir::tick))
WEIR_MESSAGE(weir_clock, (weir::tick_listener))
CAF_END_TYPE_ID_BLOCK(weir_clock)

namespace weir {

/// Passes ticks on, coalesced: a listener that is busy gets the newest one.
using ticker_actor = caf::typed_actor<
    // From the chain watcher, or from the wall clock of a node without a chain.
    caf::reacts_to<tick>,
    // The newest tick.
    caf::replies_to<atom::get>::with<tick>,
    // Answers with the newest tick, then every one that follows is sent; forgotten when it goes down.
    caf::replies_to<atom::subscribe, tick_listener>::with<tick>>;

} // namespace weir
