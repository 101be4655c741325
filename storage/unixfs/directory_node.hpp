#pragma once
// One folder becomes one dag-pb node, or a HAMT of them when it is too large
// for one block. https://specs.ipfs.tech/unixfs/#hamt-structure-and-parameters
#include "storage/unixfs/node_writer.hpp"

#include <string>

namespace weir::unixfs {

struct directory_entry {
  std::string name;
  child node;
};

/// `entries` have different names; they are put in order. The folder's
/// `file_size` is the sum of theirs. errc::too_large when so many names hash
/// alike that a HAMT cannot tell them apart.
result<child> put_directory(node_writer& writer, std::vector<directory_entry>& entries, const attributes& attr = {});

// --- shared with the reader

/// Hexadecimal digits before a name in a HAMT node.
std::size_t hamt_prefix_size(std::size_t fanout);

/// Which child a name belongs to, level by level.
class hamt_path {
public:
  hamt_path(std::string_view name, std::size_t fanout);
  hamt_path(std::uint64_t hash, std::size_t fanout);
  /// The next index, below `fanout`; nothing when the hash is used up.
  std::optional<std::size_t> next();

private:
  std::uint64_t hash_;
  unsigned bits_;
  unsigned left_ = 64;
};

} // namespace weir::unixfs
