#pragma once
// A UnixFS tree of anyone onto this disk. Nothing outside of the target is
// touched whatever the tree says: names are single names, folders are entered
// without following links, links are made last and never written through. A
// file has its name when it is whole, and takes no other's place unless that
// was asked for. Permissions and times are kept, but no set-id bits.
#include "storage/unixfs/tree_reader.hpp"

#include <filesystem>

namespace weir::cli {

struct written_tree {
  cid root;
  std::filesystem::path at; ///< where it stands
  std::uint64_t files = 0, bytes = 0;
};

/// Into `out`, or under `name` in it when it is a folder and `node` is none.
/// errc::already_exists, errc::invalid_path (a name that cannot be one here),
/// errc::disk_full before a file that cannot fit, those of UnixFS.
result<written_tree> write_tree(block_source& blocks, const unixfs::node_info& node, const std::string& name,
                                const std::filesystem::path& out, bool force);

} // namespace weir::cli
