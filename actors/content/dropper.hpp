#pragma once
// Takes the bytes away that the records say are not needed here any more.
//
// in:  content.offloaded, content.removed, content.failed, piece.retired, ends
//      of deals (log watch)
// out: loose blocks that no content holds are dropped; piece files that no
//      local content and no running deal needs are deleted: piece.offloaded
// Survives a restart: the records say what is not local; what is still there
// is dropped at the start.
#include "actors/content/ledger.hpp"
#include "actors/support/subscription.hpp"
#include "actors/support/types.hpp"

#include <filesystem>

namespace weir {

using dropper_actor =
    caf::typed_actor<follows_log, caf::reacts_to<atom::wake, content_id>, caf::reacts_to<atom::wake, cid>>;

/// All its contents are away (or removed), and no deal that still has to
/// download it is on its way.
result<bool> may_drop_file(const records::reader& state, const cid& piece);

dropper_actor spawn_dropper(caf::actor_system& system, domain d, std::shared_ptr<block_ledger> ledger,
                            std::filesystem::path pieces);

} // namespace weir
