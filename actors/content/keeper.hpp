#pragma once
// Keeps the block store in order: pins, garbage, the check, figures.
//
// in:  pins of owners, and what the operator asks for (API)
// out: answers; blocks that nobody needs are removed
// Garbage are loose blocks that neither a content, nor an upload, nor a pin
// holds, and the dead part of the store's own packs: a content whose pieces
// are here has its blocks in these, which go when no content and no running
// deal needs them (dropper). Long work is done beside the actor.
// Survives a restart: pins (pins.hpp).
#include "actors/content/pins.hpp"
#include "actors/support/domain.hpp"

namespace weir {

keeper_actor spawn_keeper(caf::actor_system& system, domain d, std::shared_ptr<block_ledger> ledger);

} // namespace weir
