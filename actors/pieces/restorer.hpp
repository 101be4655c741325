#pragma once
// Brings bytes back from surviving providers.
//
// in:  "this piece must be here" (to be hosted for a new deal), "this content
//      must be here" (its owner wants the local copy again)
// out: downloads (fetcher), piece.restored, content.restored, retrieval.failed
// A piece is downloaded whole from one provider after the other until its
// commitment is right, and is a pack of the block store from then on.
// Survives a restart: what was downloaded stays and is resumed; the records
// change only when everything is here.
#include "actors/pieces/shelf.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/content.hpp"
#include "messages/actors/fetch.hpp"

namespace weir {

using restorer_actor =
    caf::typed_actor<caf::replies_to<atom::start, cid>::with<nothing>, caf::replies_to<restore_content>::with<content>>;

restorer_actor spawn_restorer(caf::actor_system& system, domain d, std::shared_ptr<piece_shelf> shelf,
                              fetcher_actor fetcher);

} // namespace weir
