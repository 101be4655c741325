#pragma once
// Bit fields of the chain, run-length encoded as RLE+:
// https://spec.filecoin.io/appendix/data_structures/#rle-bitset-encoding.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <vector>

namespace weir::filecoin {

/// The numbers of the set bits must be rising and below 2^63.
bytes encode_rle_plus(const std::vector<std::uint64_t>& set_bits);

/// Rising numbers of the set bits; errc::too_large for more than `max_set`.
result<std::vector<std::uint64_t>> decode_rle_plus(bytes_view data, std::size_t max_set);

} // namespace weir::filecoin
