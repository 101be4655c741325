#pragma once
// Inclusion proofs as JSON, as `weir piece prove` prints them and `weir piece
// verify` reads them: CIDs as text, nodes in hex, shown bytes in multibase.
#include "node/json/value.hpp"
#include "node/json/writer.hpp"
#include "storage/pieces/piece_prover.hpp"

namespace weir::json {

/// The members of an object that the caller opens and closes.
void proof_members(writer& w, const content_proof& proof);
/// errc::malformed, errc::invalid_cid.
result<content_proof> read_proof(const value& v);

} // namespace weir::json
