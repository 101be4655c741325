#pragma once
// That blocks lie in a segment, at their places in its CAR. The proof shows
// the quads (127 bytes) in which the blocks lie, and the nodes of the
// segment's tree beside them; whoever has the segment's root checks all of it,
// and hashes the blocks against their CIDs. Small contents that share a
// segment are proved by it, one by one. Offsets and lengths are unpadded bytes
// from the beginning of the segment.
#include "messages/types/cid.hpp"
#include "messages/types/result.hpp"
#include "storage/pieces/piece_tree.hpp"

#include <vector>

namespace weir {

/// A block's own bytes, without the head of its frame.
struct placed_block {
  cid id;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  friend bool operator==(const placed_block&, const placed_block&) = default;
};
/// Whole quads of the segment, as they are.
struct shown_bytes {
  std::uint64_t offset = 0;
  bytes data;

  friend bool operator==(const shown_bytes&, const shown_bytes&) = default;
};
struct place_proof {
  std::vector<placed_block> blocks; ///< the root first
  std::vector<shown_bytes> shown;   ///< in their order, none next to another
  std::vector<piece_node> nodes;    ///< roots of the largest subtrees without shown bytes, from left to right

  friend bool operator==(const place_proof&, const place_proof&) = default;
};

/// What one proof may show; more is refused both ways.
inline constexpr std::uint64_t max_shown_bytes = 4 << 20;

/// `car` are the segment's bytes, which zeros fill up to `padded_size`.
/// errc::invalid_argument for blocks that do not lie in it, errc::too_large.
result<place_proof> prove_places(bytes_view car, std::uint64_t padded_size, std::vector<placed_block> blocks);

/// errc::invalid_argument when it does not hold for this segment;
/// errc::corrupt when a block is not what its CID says. True when the blocks
/// are the whole DAG below the first one, false when some of it is not shown.
result<bool> verify_places(const place_proof& proof, const piece_node& segment_root, std::uint64_t segment_size);

} // namespace weir
