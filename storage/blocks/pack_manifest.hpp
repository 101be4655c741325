#pragma once
// Which packs a block store has: one small text file for each, in the folder
// `.packs` of the store. They and the packs themselves are all that is needed
// to make the index again.
//
//   weir-pack 1
//   id 7
//   file ../pieces/baga6ea4sea….piece
//   segment 0 1048576                  offset and bytes; one line for each CAR in the file
//   growing                            only while blocks are added at the end of its one segment
//   references                         the file says where its blocks lie (reference_file.hpp)
//   end
#include "messages/types/result.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace weir {

/// A CAR inside a pack's file, bytes.
struct pack_segment {
  std::uint64_t offset = 0, size = 0;
  friend bool operator==(const pack_segment&, const pack_segment&) = default;
};

struct pack_manifest {
  std::uint32_t id = 0;       ///< never used twice in a store
  std::filesystem::path file; ///< relative to the store's folder where it is near
  std::vector<pack_segment> segments;
  bool growing = false;    ///< what follows the one segment may be whole blocks, too
  bool references = false; ///< its blocks lie in files of the user

  friend bool operator==(const pack_manifest&, const pack_manifest&) = default;
};

/// errc::invalid_path for a file whose name has line breaks.
result<std::string> encode(const pack_manifest& m);
/// errc::malformed.
result<pack_manifest> decode_pack_manifest(std::string_view text);

/// The CARs in a file: those that the index of an aggregate lists, else the
/// whole file is one, of either version. errc::malformed when it is none.
result<std::vector<pack_segment>> find_pack_segments(const std::filesystem::path& file);

} // namespace weir
