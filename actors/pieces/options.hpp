#pragma once
// Sizes of pieces that the operator can set; padded bytes, powers of two.
#include <cstdint>

namespace weir {

struct piece_options {
  std::uint64_t max_piece = 32ull << 30;
  std::uint64_t min_piece = 256; ///< besides what the providers ask for
};

} // namespace weir
