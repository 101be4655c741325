#pragma once
// Nodes of the Merkle tree over a padded piece (SHA-256 of two nodes with the
// two top bits of the last byte cleared), and the sizes that pieces have:
// 127 bytes of payload are 128 padded ones.
#include "messages/types/bytes.hpp"
#include "storage/commp/kernel.hpp"

#include <array>

namespace weir {

using piece_node = std::array<std::uint8_t, commp::node_size>;

inline constexpr std::uint64_t quad_payload = commp::quad_size;
inline constexpr std::uint64_t quad_padded = 128;

/// No piece of Filecoin is larger (sectors of 64 GiB), padded bytes.
inline constexpr std::uint64_t max_piece_size = std::uint64_t{64} << 30;
/// The smallest: one quad.
inline constexpr std::uint64_t min_piece_size = quad_padded;

/// Sizes that are whole quads.
inline constexpr std::uint64_t padded_size_of(std::uint64_t payload) {
  return payload / quad_payload * quad_padded;
}
inline constexpr std::uint64_t unpadded_size_of(std::uint64_t padded) {
  return padded / quad_padded * quad_payload;
}

/// A padded size that a piece can have: a power of two between the two above.
bool valid_piece_size(std::uint64_t padded);
/// The smallest power of two that holds so many bytes of payload, padded; 2^63
/// where none of 64 bits does.
std::uint64_t piece_size_for(std::uint64_t payload);

piece_node hash_nodes(const piece_node& left, const piece_node& right);

/// Root of a tree of zeros over `padded` bytes: 32 times a power of two.
const piece_node& zero_root(std::uint64_t padded);

} // namespace weir
