#pragma once
// commP, the commitment to a piece: the root of the Merkle tree over its
// fr32-padded bytes, filled with zeros to a power of two. Streaming, in flat
// memory (128 KiB). Source:
// https://spec.filecoin.io/systems/filecoin_files/piece/.
#include "storage/pieces/piece_tree.hpp"

namespace weir {

struct commitment {
  piece_node root{};
  std::uint64_t padded_size = 0;  ///< smallest piece that holds the payload
  std::uint64_t payload_size = 0; ///< bytes that were given

  friend bool operator==(const commitment&, const commitment&) = default;
};

/// The same payload in a piece of `padded_size`, which is not smaller.
commitment extended_to(commitment c, std::uint64_t padded_size);

/// Takes any amount of payload; whether the result is a piece that Filecoin
/// can have, `valid_piece_size` says.
class commp_stream {
public:
  void update(bytes_view payload);
  /// A power of two of whole chunks whose root was computed elsewhere
  /// (`commp_of_chunks`). What came before is a multiple of as many chunks.
  void push_chunks(const piece_node& root, std::size_t count);
  /// The commitment to everything since the last `finish`; starts anew.
  /// Nothing at all is the smallest piece of zeros.
  commitment finish();
  /// Other bytes in the place of the first ones: for a header that is known
  /// last. Before any byte `keep_front` is called; `front` is no longer than a
  /// chunk and than what was given. Costs one chunk and the path above it.
  void keep_front();
  void replace_front(bytes_view front);
  /// Bytes so far.
  std::uint64_t size() const { return size_; }

private:
  static constexpr std::size_t levels = 48; ///< above chunks: enough for 64 bits of size

  void push_chunk(const std::uint8_t* payload);
  void push(const piece_node& node, std::size_t level = 0);

  std::uint64_t size_ = 0;
  std::uint64_t chunks_ = 0;               ///< hashed; its bits say which levels are pending
  std::array<piece_node, levels> pending_; ///< a complete left subtree of 2^level chunks each
  bytes partial_;                          ///< less than a chunk
  bool keep_front_ = false;
  bytes front_;                                   ///< the first chunk, if it is kept
  std::array<piece_node, levels> right_of_front_; ///< siblings on its way up, as far as it is merged
};

/// Root of a power of two of whole chunks (`commp::chunk_size` each), at most 64.
piece_node commp_of_chunks(bytes_view payload);

commitment commp_of(bytes_view payload);

} // namespace weir
