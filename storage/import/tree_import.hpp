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

#include <sys/stat.h>

namespace weir {

struct import_progress {
  std::uint64_t files = 0, bytes = 0;
};

/// What an interrupted import knew of a file, and what this one learns: leaves
/// that need not be read and hashed again. Called on the thread of the import.
class leaf_memory {
public:
  virtual ~leaf_memory() = default;
  /// The first leaves of this file, as far as they are known, in their order.
  virtual std::span<const unixfs::child> begin(const std::filesystem::path& file, const struct stat& info) = 0;
  /// The next leaf of the file that was begun last.
  virtual void learn(const unixfs::child& leaf) = 0;
};

struct tree_import_options {
  unixfs::profile how = unixfs::unixfs_v1_2025();
  bool hidden = false; ///< names that begin with a dot, below the source itself
  bool keep_mode = false, keep_mtime = false;
  unixfs::directory_limits limits;
  /// Threads that compute the commitment of a CAR; 0: one for each processor.
  unsigned workers = 0;
  /// Asked after every file and every few MiB; its error stops and is returned.
  std::function<status(const import_progress&)> go_on;
  leaf_memory* memory = nullptr; ///< outlives the import
  leaf_places* places = nullptr; ///< of the sink, if it has any
};

/// `source` is a file, a folder or a symlink. errc::not_found, errc::io,
/// errc::changed, errc::unsupported, those of UnixFS and of the sink.
result<unixfs::imported> import_tree(const std::filesystem::path& source, block_sink& sink,
                                     const tree_import_options& options = {});

/// One file out of a pipe or a socket, as it comes.
result<unixfs::imported> import_stream(int fd, block_sink& sink, const tree_import_options& options = {});

/// The same into a new CAR with its commP, in one pass. See `car_builder`.
result<built_car> import_to_car(const std::filesystem::path& source, const std::filesystem::path& car,
                                const tree_import_options& options = {});

} // namespace weir
