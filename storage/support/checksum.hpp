#pragma once
// CRC-32C (Castagnoli, RFC 3720 appendix B.4): finds every flipped byte and
// every burst of up to 32 bits. Not for adversaries.
#include "messages/types/bytes.hpp"

#include <cstdint>

namespace weir {

/// `before` is the checksum of what came before `data`, 0 at the start.
std::uint32_t crc32c(bytes_view data, std::uint32_t before = 0);

} // namespace weir
