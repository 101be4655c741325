#pragma once
// A file that is there under its name as a whole and durably, or not at all
// (internal to storage/blocks): packs of the store's own, lists of references.
// Written to NAME.tmp from its start to its end; what is not finished is
// deleted. What is longer than the buffer goes past the page cache where the
// file system lets it: copying it there takes four times as long as the disk
// needs, and drives out what others read. Memory: `buffered` bytes. For one
// thread at a time.
#include "messages/types/bytes.hpp"
#include "storage/support/file.hpp"

#include <cstdlib>
#include <memory>

namespace weir {

class new_file {
public:
  /// `file` is the name that it gets. `buffered`: whole pages.
  static result<new_file> create(std::filesystem::path file, std::size_t buffered = 1 << 20);
  new_file(new_file&& other) noexcept = default;
  new_file& operator=(new_file&&) = delete;
  ~new_file();

  /// errc::disk_full, errc::io.
  status append(bytes_view data);
  /// What was appended so far.
  std::uint64_t size() const { return written_ + filled_; }
  /// Durable, under its name. Nothing can be appended after it.
  status finish();
  const std::filesystem::path& file() const { return file_; }

private:
  new_file(std::filesystem::path file, std::size_t buffered);
  status flush_full();

  std::filesystem::path file_, unfinished_;
  file_descriptor fd_; ///< none: it is finished, or has moved
  std::size_t buffered_;
  std::unique_ptr<std::uint8_t[], decltype(&std::free)> buffer_; ///< begins at a page
  std::size_t filled_ = 0;
  std::uint64_t written_ = 0;
  bool direct_ = false;
};

} // namespace weir
