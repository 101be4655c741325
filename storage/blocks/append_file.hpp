#pragma once
// A file that groups of bytes are added to, durable one after the other, past
// the page cache where the file system lets it (internal to storage/blocks).
#include "messages/types/bytes.hpp"
#include "storage/support/file.hpp"

namespace weir {

class append_file {
public:
  /// What direct writes are made of: addresses, offsets and sizes, bytes.
  static constexpr std::size_t page = 4096;

  static result<append_file> create(const std::filesystem::path& path);
  static result<append_file> open(const std::filesystem::path& path);

  /// Not durable before `sync`. `data` begins at a page of memory, goes to a page of
  /// the file, and has room for zeros up to the end of its last page; those
  /// may stand in the file behind it. errc::disk_full, errc::io.
  status write(std::span<std::uint8_t> data, std::uint64_t offset);
  status sync();
  /// Takes away what stands behind `size`.
  status cut(std::uint64_t size);
  /// Fills `into` from `offset`; errc::io when the file is shorter.
  status read(std::span<std::uint8_t> into, std::uint64_t offset);
  const std::filesystem::path& path() const { return path_; }

private:
  append_file(std::filesystem::path path, file_descriptor fd);

  std::filesystem::path path_;
  file_descriptor fd_;
  bool direct_ = false;
};

} // namespace weir
