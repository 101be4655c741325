#pragma once
// Files and folders of this machine into a sink of blocks, each byte read
// once. Folders in the order of their names; symlinks are stored, not
// followed; sockets, devices and pipes are refused.
//
// A file that changes while it is read is errc::changed, with its path: never
// half of the old and half of the new. Memory: sixteen chunks, and the folders
// (`directory_builder`).
#include "storage/import/car_builder.hpp"
#include "storage/unixfs/directory_builder.hpp"

#include <functional>

namespace weir {

struct import_progress {
  std::uint64_t files = 0, bytes = 0;
};

struct tree_import_options {
  unixfs::profile how = unixfs::unixfs_v1_2025();
  bool hidden = false; ///< names that begin with a dot, below the source itself
  bool keep_mode = false, keep_mtime = false;
  unixfs::directory_limits limits;
  /// Asked after every file and every few MiB; its error stops and is returned.
  std::function<status(const import_progress&)> go_on;
};

/// `source` is a file, a folder or a symlink. errc::not_found, errc::io,
/// errc::changed, errc::unsupported, those of UnixFS and of the sink.
result<unixfs::imported> import_tree(const std::filesystem::path& source, block_sink& sink,
                                     const tree_import_options& options = {});

/// The same into a new CAR with its commP, in one pass. See `car_builder`.
result<built_car> import_to_car(const std::filesystem::path& source, const std::filesystem::path& car,
                                const tree_import_options& options = {});

} // namespace weir
