#include "storage/pieces/piece_tree.hpp"

#include <algorithm>
#include <bit>

namespace weir {

namespace {

constexpr std::size_t zero_levels = 60; ///< more than 64 bits of size can ask for
constexpr std::uint64_t largest_size = std::uint64_t{1} << 63;

} // namespace

bool valid_piece_size(std::uint64_t padded) {
  return std::has_single_bit(padded) && padded >= min_piece_size && padded <= max_piece_size;
}

std::uint64_t piece_size_for(std::uint64_t payload) {
  auto quads = payload / quad_payload + (payload % quad_payload != 0 ? 1 : 0);
  auto whole = std::bit_ceil(std::max<std::uint64_t>(quads, 1));
  return std::min(whole, largest_size / quad_padded) * quad_padded;
}

piece_node hash_nodes(const piece_node& left, const piece_node& right) {
  std::array<std::uint8_t, 2 * commp::node_size> pair;
  std::copy(left.begin(), left.end(), pair.begin());
  std::copy(right.begin(), right.end(), pair.begin() + commp::node_size);
  piece_node out;
  commp::best_kernel().hash_nodes(pair.data(), out.data(), 1);
  return out;
}

const piece_node& zero_root(std::uint64_t padded) {
  static const auto roots = [] {
    std::array<piece_node, zero_levels> made{};
    for (std::size_t i = 1; i < zero_levels; ++i)
      made[i] = hash_nodes(made[i - 1], made[i - 1]);
    return made;
  }();
  return roots[static_cast<std::size_t>(std::countr_zero(padded / commp::node_size))];
}

} // namespace weir
