#pragma once
// A block and its CID: making one from the other, and checking that they fit.
#include "messages/types/cid.hpp"

namespace weir {

/// How CIDs are made.
struct cid_format {
  int version = 1;
  std::uint64_t codec = codec::raw;
  std::uint64_t hash = hash_code::sha2_256;
};

/// errc::invalid_argument for a version 0 that is not SHA-256 of dag-pb;
/// errc::unsupported and errc::too_large as `digest_of`.
result<cid> cid_of(const cid_format& format, bytes_view block);

/// errc::corrupt, naming the CID, when `block` is not what it names;
/// errc::unsupported when Weir cannot compute its hash.
status verify_block(const cid& id, bytes_view block);

} // namespace weir
