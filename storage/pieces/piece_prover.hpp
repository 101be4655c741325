#pragma once
// Proofs for what lies in a piece file: that a segment is in the piece
// (FRC-0058, by the index at its end), and where in the segment's CAR the
// blocks of one content are. Whoever checks them needs the proof and the
// piece CID, nothing else.
#include "storage/pieces/aggregate.hpp"
#include "storage/pieces/place_proof.hpp"

#include <filesystem>
#include <memory>

namespace weir {

/// For one content, or one part of it. All of it is checked by `verify`.
struct content_proof {
  cid piece; ///< version 1
  std::uint64_t piece_size = 0;
  data_segment segment;
  tree_proof subtree;
  /// Nothing when the piece has no index: the segment is the whole piece then.
  std::optional<tree_proof> entry;
  cid root; ///< of the content's DAG, or of its part
  /// Nothing when the segment is too large to be read for one proof.
  std::optional<place_proof> place;
};

/// Of all parts of a content.
struct proof_list {
  std::vector<content_proof> parts;
};

struct proved_content {
  cid piece;           ///< version 1
  bool placed = false; ///< the root's block was found in the segment
  bool whole = false;  ///< and so was everything below it
};
/// errc::invalid_argument, errc::corrupt when it does not hold.
result<proved_content> verify(const content_proof& proof);

/// Larger segments are proved without the places in them.
inline constexpr std::uint64_t max_searched_segment = 32 << 20;
/// A content of no more bytes is shown whole, a larger one by its root's block.
inline constexpr std::uint64_t shown_whole_below = 256 << 10;

class piece_prover {
public:
  /// Reads the index. errc::not_found without the file; errc::corrupt when the
  /// index does not lead to `piece`.
  static result<piece_prover> open(std::filesystem::path file, const cid& piece, std::uint64_t padded_size,
                                   std::uint32_t segments);

  /// Of what has this root in the CAR of `length` bytes at `offset` of the
  /// file. errc::corrupt when it is not there.
  result<content_proof> prove(std::uint64_t offset, std::uint64_t length, const cid& root) const;

  const cid& piece() const { return piece_; }

private:
  piece_prover() = default;
  status prove_segment(std::uint64_t offset, content_proof& out) const;

  std::filesystem::path file_;
  cid piece_;
  std::uint64_t padded_size_ = 0;
  std::shared_ptr<const aggregate> whole_; ///< null for a piece without an index
};

} // namespace weir
