#pragma once
// Takes the bytes away that the records say are not needed here any more:
// loose copies of what a piece serves, and pieces that nobody needs here.
//
// in:  piece.built, piece.restored, piece.retired, content.offloaded,
//      content.removed, content.failed, ends of deals (log watch)
// out: piece files become packs of the block store; loose blocks that no
//      content holds are dropped; piece files that no local content and no
//      running deal needs are deleted: piece.offloaded; the store's own packs
//      are made smaller when somebody has let go of blocks (`flush`)
// Survives a restart: the records say what is not local; what is still there
// is dropped at the start.
#include "actors/pieces/shelf.hpp"
#include "actors/support/subscription.hpp"
#include "actors/support/types.hpp"

namespace weir {

using dropper_actor = caf::typed_actor<follows_log, caf::reacts_to<atom::wake, content_id>,
                                       caf::reacts_to<atom::wake, cid>, caf::reacts_to<atom::flush>>;

/// All its contents are away (or removed), and no deal that still has to
/// download it is on its way.
result<bool> may_drop_file(const records::reader& state, const cid& piece);

dropper_actor spawn_dropper(caf::actor_system& system, domain d, std::shared_ptr<piece_shelf> shelf);

} // namespace weir
