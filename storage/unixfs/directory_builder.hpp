#pragma once
// Files that were imported one by one become a tree of folders. Memory: about
// 200 bytes for each entry of the tree.
//
// Paths are relative, with '/' between names, without empty names, "." or
// "..". A name may have any character but '/' and NUL, newlines too; it must
// be UTF-8, because the links of dag-pb are. Errors: errc::invalid_path (the
// path is the value), errc::already_exists for a name that is taken,
// errc::too_large.
#include "storage/unixfs/file_importer.hpp"

namespace weir::unixfs {

struct directory_limits {
  std::size_t depth = 256;          ///< names in a path
  std::size_t name_size = 1024;     ///< bytes
  std::size_t entries = 10'000'000; ///< of the whole tree
  std::size_t target_size = 4096;   ///< bytes of a symlink's target
};

class directory_builder {
public:
  /// `sink` outlives it.
  explicit directory_builder(block_sink& sink, const profile& p = unixfs_v1_2025(),
                             const directory_limits& limits = {});
  ~directory_builder();
  directory_builder(const directory_builder&) = delete;
  directory_builder& operator=(const directory_builder&) = delete;

  /// A file, or any DAG that is already there. Folders above it are made.
  status add(std::string_view path, const imported& node);
  /// Made at once: its blocks count as `add`'s do.
  status add_symlink(std::string_view path, std::string_view target, attributes attr = {});
  /// A folder, empty so far; fine when it exists. The empty path is the root,
  /// to give it attributes.
  status add_directory(std::string_view path, attributes attr = {});

  /// The root folder, empty or not. Once.
  result<imported> finish();

private:
  struct folder;
  struct entry;
  struct place {
    folder* parent = nullptr;
    std::string name;
  };
  result<place> find_place(std::string_view path);
  result<folder*> enter(folder& parent, const std::string& name, std::string_view path);
  status insert(std::string_view path, child node);
  result<child> write(folder& f);
  status count_entry(std::string_view path);

  node_writer writer_;
  directory_limits limits_;
  std::unique_ptr<folder> root_;
  std::size_t entries_ = 0;
  std::uint64_t blocks_below_ = 0;
  status usable_;
};

} // namespace weir::unixfs
