#pragma once
// How contents become pieces: which blocks go into which segment (one CAR
// each), and which segments travel together. Pure arithmetic over the blocks'
// sizes; all sizes in bytes, pieces in padded bytes.
//
//   content ≥ 128 KiB          a segment of its own
//   smaller contents           share segments (the index has one entry per 128 KiB)
//   content over the largest   split in the order of its blocks over several
//   piece                      pieces, each part a CAR of its own
#include "actors/pieces/options.hpp"
#include "messages/actors/pieces.hpp"
#include "messages/types/records.hpp"
#include "messages/types/result.hpp"

#include <vector>

namespace weir {

struct planned_block {
  cid id;
  std::uint64_t size = 0;
};

/// A content with its blocks, a parent before its children, each once.
struct content_blocks {
  content_id content;
  cid root;
  std::vector<planned_block> blocks;
};

struct planned_part {
  content_id content;
  std::uint32_t part = 0, parts = 1;
  cid root; ///< first block of the part
};

struct planned_segment {
  std::vector<planned_part> contents;
  std::vector<planned_block> blocks; ///< in the CAR's order, each once
  std::uint64_t car_size = 0;
  std::vector<cid> roots() const;
};

using planned_piece = std::vector<planned_segment>;

/// Below this, contents share segments: what one index entry stands for.
inline constexpr std::uint64_t shared_below = 128 << 10;

/// Those of which one block alone does not fit into the largest piece.
std::vector<unpackable> too_large_of(const std::vector<content_blocks>& contents, const piece_options& options);

/// errc::too_large when one block alone does not fit into the largest piece.
result<std::vector<planned_piece>> plan_pieces(std::vector<content_blocks> contents, const piece_options& options);

} // namespace weir
