#pragma once
// Which providers can give a piece, and what we keep of how they did.
// Plain logic over the records, shared by the retriever and the restorer.
#include "actors/support/committer.hpp"
#include "messages/actors/deals.hpp"

namespace weir {

/// Providers with an active deal of the piece (activated ones last), best record first.
result<std::vector<provider_endpoint>> sources_of(const records::reader& state, const cid& piece);

/// A retrieval went well, or did not: counted, with retrieval.done or retrieval.failed.
result<transaction_builder> count_retrieval(const records::reader& state, const address& from, const cid& piece,
                                            const error& problem);

} // namespace weir
