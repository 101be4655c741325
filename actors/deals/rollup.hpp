#pragma once
// Keeps the stations of pieces and contents in step with the deals.
//
// in:  events of deals, pieces and contents (log watch)
// out: transactions that move pieces and contents along their life lines, with
//      content.proposed … content.active, piece.placed, piece.degraded
// Survives a restart: nothing of its own; at its start it looks at every piece
// that somebody still needs.
#include "actors/support/subscription.hpp"
#include "actors/support/types.hpp"

namespace weir {

using rollup_actor = caf::typed_actor<follows_log, caf::reacts_to<atom::wake, cid>>;

/// One transaction for one piece and those of its contents that moved, at most
/// `limit` of them; `more` tells that some are left. Plain logic.
result<transaction_builder> roll_up(const records::reader& state, const cid& piece, epoch now, unix_ms time,
                                    std::size_t limit, bool& more);

rollup_actor spawn_rollup(caf::actor_system& system, domain d);

} // namespace weir
