#pragma once
// Says that stored bytes are damaged, and makes them whole again.
//
// in:  damage that the block store met (its listener sends it here); good
//      copies that the retriever got for somebody's read
// out: store.damaged (the block, the content where one is known, and the file
//      of a user that is not what it was, where that is the reason);
//      ranges from providers (fetcher); store.repaired
// The store has put the damaged copy aside already. Another copy that is here
// mends it, else one of the providers that have its piece. One block after the
// other. Survives a restart: nothing; what could not be mended is met again
// when somebody reads it.
#include "actors/pieces/block_index.hpp"
#include "actors/pieces/shelf.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/fetch.hpp"

namespace weir {

/// `wake`: this block was found damaged, in this file of a user's or in the store. `commit`: this is its good copy.
using mender_actor =
    caf::typed_actor<caf::reacts_to<atom::wake, cid, std::string>, caf::reacts_to<atom::commit, cid, chunk>>;

/// Contents that the block is of, as far as records and ledger know; at most `limit`.
result<std::vector<content_id>> contents_with(const records::reader& state, const block_index& index,
                                              const block_ledger& ledger, const cid& block, std::size_t limit);

/// `fetcher` is null in a node without a network.
mender_actor spawn_mender(caf::actor_system& system, domain d, std::shared_ptr<piece_shelf> shelf,
                          fetcher_actor fetcher);

} // namespace weir
