#pragma once
// A pack whose blocks lie in the user's own files (docs/decisions/0021-references.md,
// internal to storage/blocks): `.packs/ref-N.refs` says which bytes of which
// file each is.
//
//   weir-references 1 LF
//   varint length, 'f', path                                       a file, absolute
//   varint length, 'b', varint place of its 'f', varint offset,
//                       varint size, multihash                     a block in it
#include "messages/types/cid.hpp"
#include "storage/blocks/new_file.hpp"

#include <functional>
#include <memory>

namespace weir {

/// Where a block lies.
struct reference {
  bytes multihash;
  std::uint64_t file = 0; ///< place of its record
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
};

/// Such a file on its way. Not there before `finish`; what is not finished is deleted.
class reference_file {
public:
  /// `file` is the name that it gets.
  static result<std::unique_ptr<reference_file>> create(const std::filesystem::path& file);

  /// The blocks that follow are in this file.
  status begin(const std::filesystem::path& source);
  status append(bytes_view multihash, std::uint64_t offset, std::uint32_t size);
  /// Durable, under its name.
  status finish() { return out_.finish(); }
  const std::filesystem::path& file() const { return out_.file(); }

private:
  explicit reference_file(new_file out) : out_{std::move(out)} {}
  status take(bytes_view body);

  new_file out_;
  std::uint64_t source_ = 0; ///< place of the record of the file
};

/// Every block, with the place of its record. errc::malformed, errc::io.
status scan_references(int fd, std::uint64_t size, const std::filesystem::path& file,
                       const std::function<status(const reference&, std::uint64_t place)>& visit);
/// The record at `place`. errc::corrupt when there is none.
result<reference> reference_at(int fd, std::uint64_t place, const std::filesystem::path& file);
/// The user's file that a record names. errc::corrupt.
result<std::string> referred_file(int fd, std::uint64_t place, const std::filesystem::path& file);

/// The bytes themselves, not checked. errc::corrupt, naming the user's file, when
/// it is gone, is shorter, or is no regular file any more.
status read_reference(int fd, std::uint64_t place, const std::filesystem::path& file, bytes& out);

} // namespace weir
