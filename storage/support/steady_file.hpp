#pragma once
// A file that is read once from its start to its end, and must stay meanwhile
// what it was when that began. For one thread at a time.
#include "storage/support/file.hpp"

#include <sys/stat.h>

namespace weir {

class steady_file {
public:
  /// A regular file that lies under this very name: errc::invalid_argument for
  /// everything else, and where a link is on the way to it (the descriptor is
  /// asked, so that nobody can put one there in between). errc::forbidden when
  /// it may not be read, errc::not_found, errc::io.
  static result<steady_file> open_itself(const std::filesystem::path& path);
  /// Whatever the name leads to.
  static result<steady_file> open(const std::filesystem::path& path);

  std::uint64_t size() const { return static_cast<std::uint64_t>(before_.st_size); }
  /// Of what was read.
  std::uint64_t position() const { return at_; }
  /// The next bytes; 0 at the end. errc::changed when the file ends earlier than it did.
  result<std::size_t> read(std::span<std::uint8_t> into);
  /// errc::changed when size or time of the last change are others.
  status unchanged() const;

private:
  static result<steady_file> open(const std::filesystem::path& path, int flags);
  error changed() const;

  file_descriptor fd_;
  std::filesystem::path path_;
  std::uint64_t at_ = 0;
  struct stat before_ {};
};

} // namespace weir
