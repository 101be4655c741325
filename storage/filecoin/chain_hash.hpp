#pragma once
// The hash that the chain names and signs things by: BLAKE2b-256.
#include "messages/types/cid.hpp"
#include "storage/hash/digest.hpp"

namespace weir::filecoin {

using digest256 = std::array<std::uint8_t, 32>;

inline digest256 blake2b_256(bytes_view data) {
  digest256 out;
  blake2b(out, data);
  return out;
}

/// The CID of a chain object: version 1, dag-cbor, BLAKE2b-256.
inline cid chain_cid(bytes_view cbor) {
  return cid::v1(codec::dag_cbor, hash_code::blake2b_256, blake2b_256(cbor));
}

} // namespace weir::filecoin
