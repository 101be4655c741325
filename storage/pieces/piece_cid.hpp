#pragma once
// Piece CIDs. Version 1 (fil-commitment-unsealed) names a root; version 2
// (FRC-0069) also says how large piece and payload are. CIDs of both are
// CIDv1; the versions are Filecoin's.
#include "messages/types/cid.hpp"
#include "storage/pieces/commp.hpp"

namespace weir {

/// baga6ea4sea…
cid piece_cid_v1(const piece_node& root);
/// bafkzci… ; the piece may be larger than the payload needs.
cid piece_cid_v2(const commitment& c);

bool is_piece_cid_v1(const cid& c);
bool is_piece_cid_v2(const cid& c);

/// Root out of either; errc::invalid_cid for any other CID.
result<piece_node> piece_root(const cid& c);
/// Everything that a version 2 says; errc::invalid_cid.
result<commitment> parse_piece_cid_v2(const cid& c);
/// Version 1 of either.
result<cid> to_piece_cid_v1(const cid& c);

} // namespace weir
