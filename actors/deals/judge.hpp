#pragma once
// What the chain says about one of our deals (filecoin.md 4.7), as a pure
// function. A deal counts as active only once its sector's start is final;
// nothing is given up before the chain can no longer take it back.
#include "messages/actors/chain.hpp"
#include "messages/types/records.hpp"

namespace weir {

struct chain_sight {
  std::optional<chain_deal> found; ///< under the deal's id, at the head
  epoch now;
  epoch finalized;
  epoch missing_since = no_epoch; ///< first epoch at which the id was not found any more
};

struct verdict {
  deal_state state;
  problem why;           ///< for what ended badly
  bool reverted = false; ///< a step back: a reorganisation took it
};

/// For good deals that were proposed at least.
verdict judge(const deal& d, const chain_sight& sight);

/// Whether the chain's deal is the one that was proposed: piece, size,
/// provider, epochs, price. Never the label (filecoin.md 2.1). The client is
/// compared only when `client_id` (its f0 address) is known.
bool same_deal(const deal& ours, const chain_deal& theirs, const address& client_id);

} // namespace weir
