#pragma once
// Which providers can give a piece, and what we keep of how they did.
// Plain logic over the records, shared by the retriever and the restorer.
#include "actors/pieces/block_index.hpp"
#include "actors/support/committer.hpp"
#include "messages/actors/deals.hpp"
#include "messages/actors/fetch.hpp"

#include <set>

namespace weir {

/// Providers with an active deal of the piece (activated ones last), best record first.
result<std::vector<provider_endpoint>> sources_of(const records::reader& state, const cid& piece);

/// Where providers have a block: a range of a piece for each place and provider, but for those in `avoid`.
result<std::vector<fetch_range>> ranges_of(const records::reader& state, const block_index& index, const cid& block,
                                           const std::set<address>& avoid = {});

/// A retrieval went well, or did not: counted, with retrieval.done or retrieval.failed.
result<transaction_builder> count_retrieval(const records::reader& state, const address& from, const cid& piece,
                                            const error& problem);

} // namespace weir
