#pragma once
// Building pieces and hosting them for providers.
#include "messages/actors/caf.hpp"
#include "messages/types/records.hpp"

#include <memory>
#include <vector>

namespace weir {

struct build_pieces {
  bucket_id bucket;
  std::vector<content> contents;
};
/// A content that no piece can hold: why, with the size and the limit.
struct unpackable {
  content_id content;
  error why;
};
struct built_pieces {
  std::vector<unpackable> refused; ///< then nothing was built: the others are asked for again without these
  std::vector<piece> pieces;
  std::vector<placement> placements;
  /// As long as these live nobody takes the files away: until the records are committed.
  std::vector<std::shared_ptr<const void>> claims;
};
/// A provider asks for a piece at the piece host.
struct piece_access {
  weir::cid piece;
  std::string token; ///< bearer token of its deal
};
struct hosted_piece {
  std::string path; ///< of the file
  std::uint64_t size = 0;
};
struct prove_content {
  content_id content;
};
struct proof_list; ///< storage/pieces/piece_prover.hpp
using proof_list_ptr = std::shared_ptr<const proof_list>;

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_pieces, WEIR_TYPE_IDS(8))
WEIR_MESSAGE(weir_pieces, (weir::build_pieces))
WEIR_MESSAGE(weir_pieces, (weir::built_pieces))
WEIR_MESSAGE(weir_pieces, (weir::piece_access))
WEIR_MESSAGE(weir_pieces, (weir::hosted_piece))
WEIR_MESSAGE(weir_pieces, (weir::prove_content))
WEIR_MESSAGE(weir_pieces, (weir::proof_list_ptr))
CAF_END_TYPE_ID_BLOCK(weir_pieces)

namespace weir {

/// CAR and commP in one pass; the files are durable when it answers.
using piece_builder_actor = caf::typed_actor<caf::replies_to<build_pieces>::with<built_pieces>>;

/// Decides who may download which piece file. Errors: unauthenticated,
/// not_found (no such piece, or its file is not here).
using piece_host_actor = caf::typed_actor<caf::replies_to<piece_access>::with<hosted_piece>>;

/// Proves that a content lies in its pieces, one proof for each part. Errors:
/// precondition (not packed yet, or a piece's file is not here), corrupt.
using piece_prover_actor = caf::typed_actor<caf::replies_to<prove_content>::with<proof_list_ptr>>;

} // namespace weir
