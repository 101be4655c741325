#pragma once
// Reads a UnixFS file out of any source of blocks, from any offset on, leaf by
// leaf. Memory: one leaf, and the nodes from the root down.
//
// The DAG may be anyone's, so nothing in it is believed: a child must have
// just the size that its parent says, depth is limited, and empty children are
// never opened, so that every block read gives at least one byte.
#include "storage/blocks/block_io.hpp"
#include "storage/unixfs/data.hpp"

#include <functional>
#include <memory>

namespace weir::unixfs {

inline constexpr std::size_t max_file_depth = 64; ///< nodes from the root to a leaf

/// Errors of all: errc::malformed (the CID is the value), errc::too_large (too
/// deep), those of the source.
class file_reader {
public:
  /// Reads the root. errc::precondition when it is a folder or a symlink.
  static result<std::unique_ptr<file_reader>> open(block_source& source, const cid& root);
  ~file_reader();

  std::uint64_t size() const;
  const attributes& attr() const;
  std::uint64_t position() const { return position_; }

  /// The next byte will be this one; errc::invalid_range behind the end.
  status seek(std::uint64_t offset);

  /// The next bytes, at least one and at most `max`, valid until the next call;
  /// empty at the end.
  result<bytes_view> next(std::size_t max);

private:
  struct node;
  struct level {
    std::shared_ptr<const node> parent;
    std::size_t next_child = 0;
  };
  explicit file_reader(block_source& source);
  result<std::shared_ptr<const node>> load(const cid& id);
  void enter(std::shared_ptr<const node> n);
  status to_next_leaf();

  block_source& source_;
  std::shared_ptr<const node> root_;
  std::vector<level> way_; ///< open nodes from the root down
  bytes block_;            ///< the block that was read last
  bytes_view leaf_;        ///< what is left of the present leaf
  std::shared_ptr<const node> leaf_owner_;
  std::uint64_t skip_ = 0; ///< bytes to pass over before the next one
  std::uint64_t position_ = 0;
};

/// `length` bytes from `offset` on, less when the file ends before. Stops at
/// the first error of `sink`.
status read_file(block_source& source, const cid& root, std::uint64_t offset, std::uint64_t length,
                 const std::function<status(bytes_view)>& sink);

} // namespace weir::unixfs
