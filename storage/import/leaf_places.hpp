#pragma once
// Leaves read to where they stay: the bytes of a large file go from the kernel
// into the buffers of the CAR that is being written, are hashed there, and only
// the frames' heads are filled in. Without it every byte would be copied once
// more, a tenth of what an import costs.
#include "storage/support/page_buffer.hpp"
#include "storage/unixfs/file_importer.hpp"

#include <filesystem>

namespace weir {

/// A sink that has such places.
class leaf_places {
public:
  virtual ~leaf_places() = default;
  /// Where the bytes of the next raw leaves (SHA-256, of `size` bytes each)
  /// will be, as many as it has at once and `out` holds; returns how many.
  /// Leaves are then put from there in this order, and nothing else is put
  /// before the last of them: what was read there would be overwritten. One
  /// that is not kept (a duplicate) moves those after it.
  virtual std::size_t places(std::size_t size, std::span<std::uint8_t*> out) = 0;
};

/// Reads files chunk by chunk into such places.
class placed_reader {
public:
  /// `places` may be null: nothing is read then.
  placed_reader(leaf_places* places, const unixfs::profile& how);

  /// The next whole chunks of a file of `size` bytes, from `importer.size()`
  /// on. Returns how many bytes; 0 where this is not the way to read them.
  /// errc::changed when the file has become shorter; those of the importer.
  result<std::uint64_t> read(int fd, std::uint64_t size, unixfs::file_importer& importer,
                             const std::filesystem::path& path);

private:
  void read_ahead(int fd, std::uint64_t at, std::uint64_t size);

  leaf_places* places_;
  std::size_t chunk_ = 0;
  std::uint64_t ahead_ = 0; ///< of the present file, which begins at 0
  page_buffer crossing_;    ///< a leaf for which the buffer has only a part of the room
};

} // namespace weir
