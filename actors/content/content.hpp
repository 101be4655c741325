#pragma once
// Contents: takes uploads in, and carries out what their owners ask for.
//
// in:  uploads (each goes on to an actor of its own), changes of name and
//      copies, offload, restore, remove
// out: content.stored, content.changed, content.offloaded, content.removed
// Survives a restart: contents are records. What an unfinished upload wrote is
// taken back when the actor starts. The bytes of removed and offloaded
// contents are dropped by the dropper, which finds them in the records.
#include "actors/content/ledger.hpp"
#include "actors/content/options.hpp"
#include "actors/pieces/restorer.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/content.hpp"

namespace weir {

/// `restorer` is null in a node without a network.
content_actor spawn_content(caf::actor_system& system, domain d, std::shared_ptr<block_ledger> ledger,
                            restorer_actor restorer, content_options options = {});

/// What the owner asked for as one transaction each; plain logic. The changed
/// record goes to `out`. errc::not_found also for somebody else's content;
/// errc::precondition for one that FFS keeps.
result<transaction_builder> change(const records::reader& state, const change_content& wanted,
                                   const content_options& limits, content& out);
/// A new content whose bytes are here; nothing when it was made before.
result<transaction_builder> create(const records::reader& state, const content& made);
result<transaction_builder> offload(const records::reader& state, const offload_content& wanted, content& out);
result<transaction_builder> remove(const records::reader& state, const remove_content& wanted, epoch now, unix_ms time,
                                   content& out);

} // namespace weir
