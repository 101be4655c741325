#pragma once
// Folders of a UnixFS DAG: what a path leads to, what a folder holds, and the
// walk over a whole tree. Works over anyone's DAG: in a HAMT every name must
// hash to the place where it stands, which leaves no way to make a small DAG
// look endless.
#include "storage/blocks/block_io.hpp"
#include "storage/unixfs/data.hpp"

#include <functional>

namespace weir::unixfs {

enum class node_kind : std::uint8_t { file, directory, symlink };

struct node_info {
  cid id;
  node_kind kind = node_kind::file;
  std::uint64_t size = 0; ///< bytes of content of a file
  std::string target;     ///< of a symlink
  attributes attr;
};

struct directory_link {
  std::string name;
  cid id;
  std::uint64_t dag_size = 0; ///< as the link says, which may be wrong
};

struct tree_limits {
  std::size_t depth = 256;            ///< folders in folders, names in a path
  std::uint64_t entries = 10'000'000; ///< of all folders together
  std::size_t open_links = 1 << 20;   ///< of the folders from the root down, about 100 bytes each
};

/// For one thread at a time. Errors of all: errc::malformed (the CID is the value), errc::unsupported
/// (a codec that is not UnixFS), errc::too_large, those of the source.
class tree_reader {
public:
  explicit tree_reader(block_source& source, const tree_limits& limits = {}) : source_{source}, limits_{limits} {}

  result<node_info> stat(const cid& id);

  /// `path` is "a/b/c" from `root` on; empty names in it do not count.
  /// Symlinks are reported, not followed. errc::not_found for a name that is
  /// not there, errc::invalid_path when the way leads through what is no folder.
  result<node_info> resolve(const cid& root, std::string_view path);

  /// errc::not_found; errc::precondition when `folder` is none.
  result<directory_link> find(const cid& folder, std::string_view name);

  /// Flat folders in their order (by name), sharded ones in no order.
  status list(const cid& folder, const std::function<status(const directory_link&)>& visit);

  /// Everything below `root`, folders before what is in them; paths relative
  /// to it, that of `root` empty.
  status walk(const cid& root, const std::function<status(const std::string& path, const node_info&)>& visit);

private:
  struct shard_place;
  status list(const cid& id, const shard_place* above, const std::function<status(const directory_link&)>& visit);
  status walk(const std::string& path, const cid& id, std::size_t depth, std::uint64_t& entries,
              const std::function<status(const std::string&, const node_info&)>& visit);

  block_source& source_;
  tree_limits limits_;
  std::size_t open_links_ = 0;
};

/// Can a file be made under this name without leaving its folder? Names out of
/// a DAG are anyone's.
bool is_safe_name(std::string_view name);

} // namespace weir::unixfs
