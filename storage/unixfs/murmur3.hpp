#pragma once
// MurmurHash3 x64 128 (Austin Appleby, public domain), seed 0, first 64 bits:
// the hash of HAMT directories. Not a cryptographic hash.
#include "messages/types/bytes.hpp"

namespace weir::unixfs {

std::uint64_t murmur3_64(bytes_view data);

} // namespace weir::unixfs
