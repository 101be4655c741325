#pragma once
// Bytes of pieces from providers over HTTP (`GET /piece/{cid}` with ranges).
// Implemented by adapters/retrieval.
#include "messages/actors/content.hpp"
#include "messages/actors/deals.hpp"

namespace weir {

/// A range of a piece from one provider; exactly `length` bytes or an error.
struct fetch_range {
  provider_endpoint from;
  cid piece;
  std::uint64_t offset = 0; ///< in the unpadded piece
  std::uint32_t length = 0; ///< at most 4 MiB
};
/// A whole piece into a file: parallel ranges, resumed where an earlier try stopped.
struct fetch_piece {
  provider_endpoint from;
  cid piece;
  std::uint64_t size = 0; ///< unpadded bytes
  std::string into;       ///< path of the file; `into + ".part"` while unfinished
};

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_fetch, WEIR_TYPE_IDS(6))
WEIR_MESSAGE(weir_fetch, (weir::fetch_range))
WEIR_MESSAGE(weir_fetch, (weir::fetch_piece))
CAF_END_TYPE_ID_BLOCK(weir_fetch)

namespace weir {

/// Errors: unreachable, timeout, protocol (wrong status or length), not_found, io, disk_full.
using fetcher_actor =
    caf::typed_actor<caf::replies_to<fetch_range>::with<chunk>, caf::replies_to<fetch_piece>::with<nothing>>;

} // namespace weir
