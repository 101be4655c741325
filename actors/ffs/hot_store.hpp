#pragma once
// The built-in HotLayer: pins in the node's own block store.
//
// in:  hot_add, hot_pin, hot_check, hot_remove
// out: pins at the keeper
// Survives a restart: the pins. Those of an instance have its owner; how many
// owners pinned a CID is its reference count.
#include "actors/content/ledger.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/ffs_layers.hpp"

namespace weir::ffs {

hot_layer_actor spawn_hot_store(caf::actor_system& system, domain d, std::shared_ptr<block_ledger> ledger,
                                keeper_actor keeper);

} // namespace weir::ffs
