#pragma once
// A stream of bytes becomes a file's DAG, each byte hashed once. Memory: one
// chunk, and the open nodes from the root down (about 100 KiB each). Chunks that
// come in one call of `write` are hashed sixteen at a time. Sixteen leaves, as
// counted from the start of the file, go to the sink before the nodes above
// them: the order of blocks does not depend on how the bytes came.
#include "storage/unixfs/file_layout.hpp"

#include <functional>

namespace weir::unixfs {

/// What an import gave.
struct imported {
  cid id;
  std::uint64_t size = 0;     ///< bytes of content
  std::uint64_t dag_size = 0; ///< bytes of all blocks, equal ones counted each time
  std::uint64_t blocks = 0;   ///< blocks, equal ones counted each time
};

/// After an error the importer is of no further use. Errors: those of
/// `check(profile)` and of the sink; errc::invalid_argument for attributes
/// with raw leaves, which have no place for them (Kubo refuses it too).
class file_importer {
public:
  /// `sink` outlives it.
  explicit file_importer(block_sink& sink, const profile& p = unixfs_v1_2025(), attributes attr = {});
  file_importer(const file_importer&) = delete;
  file_importer& operator=(const file_importer&) = delete;

  status write(bytes_view data);
  /// The next chunks of a chunker of fixed size, each whole, wherever they are:
  /// on the edge of a chunk only, without attributes, at most `together`. All
  /// are in the sink before anything that links to them.
  status write_chunks(std::span<const bytes_view> chunks);
  std::size_t together() const;
  /// The next leaf, which an earlier run made of bytes that need not be read
  /// again: on the edge of a chunk only, and without attributes.
  status add_known(const child& leaf);
  /// Sees every leaf as it is made.
  void on_leaf(std::function<void(const child&)> seen) { on_leaf_ = std::move(seen); }
  /// Bytes taken so far.
  std::uint64_t size() const { return size_; }
  /// Once, at the end of the file.
  result<imported> finish();

private:
  status put_chunk(bytes_view chunk);
  status put_held();
  status put_whole();
  status add(child leaf);
  status link();

  node_writer writer_;
  std::unique_ptr<file_layout> layout_;
  attributes attr_;
  std::function<void(const child&)> on_leaf_;
  status usable_;
  std::unique_ptr<chunker> chunker_;
  bytes chunk_;                   ///< what came and is not a leaf yet
  std::vector<bytes_view> whole_; ///< chunks out of the data of the present call
  std::vector<child> leaves_;     ///< of one call of the writer
  std::vector<child> unlinked_;   ///< in the sink, not in the layout
  std::uint64_t count_ = 0;       ///< leaves
  bool held_ = false;             ///< it is a whole chunk, and perhaps the whole file
  std::uint64_t size_ = 0;
};

} // namespace weir::unixfs
