#pragma once
// How much is read at once (internal to storage/import).
#include "storage/commp/kernel.hpp"
#include "storage/unixfs/profile.hpp"

#include <algorithm>

namespace weir {

/// As many whole chunks as are hashed together, within reason; bytes.
inline std::size_t import_buffer_size(const unixfs::profile& how) {
  return std::min<std::size_t>(16 << 20, commp::lanes * std::max<std::size_t>(how.chunks.most, 64 << 10));
}

} // namespace weir
