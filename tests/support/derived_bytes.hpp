#pragma once
// The generator of the published vectors: SHA-512 chained, each digest of the
// one before it, the first of nothing.
#include "storage/hash/digest.hpp"

namespace weir::test {

inline bytes derived_bytes(std::size_t size) {
  bytes out;
  for (hash_digest last{0}; out.size() < size;) {
    last = *digest_of(hash_code::sha2_512, last.view());
    out.insert(out.end(), last.view().begin(), last.view().end());
  }
  out.resize(size);
  return out;
}

} // namespace weir::test
