#pragma once
// Files and folders as a set of pieces in a folder: CARs of at most one piece's
// payload each, named `<piece CID>.car`, written in one pass over the source.
// A block is in one of them. The root of a piece is its first block; that of
// the last piece is the root of the whole.
//
// A run that was interrupted goes on: what was finished is in `unfinished.log`
// beside the pieces (they are durable before it names them), with the leaves
// of every file. Files that did not change meanwhile are not read again as far
// as their blocks are in finished pieces. At most one piece's work is lost.
//
// Memory: 12 MiB of buffers, and about 150 bytes for each different block.
#include "storage/import/tree_import.hpp"

namespace weir {

struct set_piece {
  cid id; ///< piece CID, version 1
  built_car car;
  friend bool operator==(const set_piece& a, const set_piece& b) { return a.id == b.id; }
};

struct piece_set_options {
  tree_import_options import;
  std::uint64_t piece_size = max_piece_size / 2; ///< padded bytes, 32 GiB
  /// Names what makes the bytes besides `import.how`: a run goes on only after
  /// one with the same profile fields, source, and this text.
  std::string fingerprint;
  std::function<void(const set_piece&)> finished; ///< each new piece, once it has its name
};

struct piece_set {
  unixfs::imported whole;
  std::vector<set_piece> pieces; ///< in their order, those of earlier runs too
  std::uint64_t resumed = 0;     ///< pieces that were there
};

/// errc::too_large when a block does not fit into a piece; errc::invalid_argument
/// for a size that no piece has; those of `import_tree` and `car_builder`.
/// Passes the crash points `piece.written`, `piece.named`.
result<piece_set> import_to_pieces(const std::filesystem::path& source, const std::filesystem::path& folder,
                                   const piece_set_options& options = {});

/// The text of all that decides which blocks a profile makes.
std::string profile_text(const tree_import_options& options);

} // namespace weir
