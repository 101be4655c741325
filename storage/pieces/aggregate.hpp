#pragma once
// Data segment aggregates, FRC-0058: pieces that hold other pieces ("segments")
// and, at their end, an index of them. A segment lies at a multiple of its own
// padded size, so that its commitment is a node of the aggregate's tree and
// its inclusion can be proved. All offsets and sizes here are padded bytes.
// https://github.com/filecoin-project/FIPs/blob/master/FRCs/frc-0058.md
#include "messages/types/result.hpp"
#include "storage/pieces/commp.hpp"

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace weir {

struct data_segment {
  piece_node root{};
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  friend bool operator==(const data_segment&, const data_segment&) = default;
};

inline constexpr std::uint64_t index_entry_size = 64;
/// Entries that the index of an aggregate of this size has room for.
std::uint64_t index_capacity(std::uint64_t padded_size);
/// Where the index begins.
std::uint64_t index_offset(std::uint64_t padded_size);

/// The index entry of a segment: two nodes, the second ends with a checksum.
std::array<std::uint8_t, index_entry_size> index_entry(const data_segment& s);
/// Nothing when the checksum does not match or the segment is not aligned.
std::optional<data_segment> parse_index_entry(std::span<const std::uint8_t, index_entry_size> entry);
/// The valid segments of an index whose unpadded bytes these are, as providers
/// find them; entries that are empty or damaged are left out.
std::vector<data_segment> parse_index(bytes_view unpadded_index, std::uint64_t padded_size);

/// Where segments of these padded sizes go, largest first, and how large the
/// whole becomes.
struct aggregate_layout {
  std::uint64_t padded_size = 0;
  std::vector<std::uint64_t> offsets; ///< in the order of the given sizes
};
/// `least` and `most` bound the aggregate. errc::too_large when they do not
/// fit into `most`, errc::invalid_argument for a size that no piece can have.
result<aggregate_layout> lay_out_aggregate(std::span<const std::uint64_t> sizes, std::uint64_t least = min_piece_size,
                                           std::uint64_t most = max_piece_size);

/// Siblings from a node up to the root, and the node's number in its level.
struct tree_proof {
  std::uint64_t index = 0;
  std::vector<piece_node> path;

  friend bool operator==(const tree_proof&, const tree_proof&) = default;
};
/// That a segment lies in the aggregate, and that its index says so.
struct inclusion_proof {
  tree_proof subtree;
  tree_proof entry;

  friend bool operator==(const inclusion_proof&, const inclusion_proof&) = default;
};

class aggregate {
public:
  /// errc::invalid_argument when segments overlap each other or the index, are
  /// not aligned, or are too many for the index.
  static result<aggregate> create(std::uint64_t padded_size, std::vector<data_segment> segments);

  /// Needs no data: everything besides segments and index is zeros.
  piece_node root() const;
  std::uint64_t padded_size() const { return padded_size_; }
  /// In the order of their offsets, which is that of the index.
  const std::vector<data_segment>& segments() const { return segments_; }
  /// Unpadded bytes of the used part of the index; what follows is zeros.
  bytes index_bytes() const;
  /// Of `segments()[number]`.
  inclusion_proof prove(std::size_t number) const;

private:
  aggregate() = default;
  struct leaf {
    std::uint64_t offset, size;
    piece_node root;
  };
  std::span<const leaf> leaves_in(std::uint64_t offset, std::uint64_t size) const;
  piece_node subtree(std::uint64_t offset, std::uint64_t size) const;
  piece_node remember(std::uint64_t offset, std::uint64_t size);
  tree_proof prove_node(std::uint64_t offset, std::uint64_t size) const;

  std::uint64_t padded_size_ = 0;
  std::vector<data_segment> segments_;
  std::vector<leaf> leaves_; ///< known nodes, by offset: segments, then index entries
  /// Of subtrees with many leaves, so that a proof costs the depth of the tree only.
  std::unordered_map<std::uint64_t, piece_node> known_;
};

/// What a proof proves.
struct proved_aggregate {
  piece_node root;
  std::uint64_t padded_size = 0;
};
/// errc::invalid_argument when the proof does not hold for the segment.
result<proved_aggregate> verify_inclusion(const inclusion_proof& proof, const piece_node& segment_root,
                                          std::uint64_t segment_size);

} // namespace weir
