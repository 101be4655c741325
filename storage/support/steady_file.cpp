#include "storage/support/steady_file.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

error unreadable(int number, const fs::path& path) {
  if (number == EACCES || number == EPERM)
    return fail(errc::forbidden, "This file may not be read.", path.string());
  if (number == ELOOP)
    return fail(errc::invalid_argument, "This is a symbolic link; name the file itself.", path.string());
  return os_error(number, "This file cannot be read", path);
}

/// The name under which the descriptor's file was opened, without links.
fs::path name_of(int fd) {
  std::error_code code;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(fd), code);
}

} // namespace

result<steady_file> steady_file::open(const fs::path& path, int flags) {
  steady_file out;
  // Not to wait for a pipe; nothing to regular files.
  out.fd_ = file_descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags)};
  if (!out.fd_ || ::fstat(out.fd_.get(), &out.before_) != 0)
    return unreadable(errno, path);
  if (!S_ISREG(out.before_.st_mode))
    return fail(errc::invalid_argument, "This is no regular file.", path.string());
  out.path_ = path;
  return out;
}

result<steady_file> steady_file::open(const fs::path& path) {
  return open(path, 0);
}

result<steady_file> steady_file::open_itself(const fs::path& path) {
  WEIR_TRY(auto out, open(path, O_NOFOLLOW));
  if (name_of(out.fd_.get()) != path)
    return fail(errc::invalid_argument, "There is a symbolic link on the way to this file.", path.string());
  return out;
}

result<std::size_t> steady_file::read(std::span<std::uint8_t> into) {
  const auto wanted = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size() - at_)));
  WEIR_TRY(auto got, read_at(fd_.get(), wanted, at_, path_));
  if (got < wanted.size())
    return changed();
  at_ += got;
  return got;
}

status steady_file::unchanged() const {
  struct stat now {};
  if (::fstat(fd_.get(), &now) != 0)
    return unreadable(errno, path_);
  const bool same = now.st_size == before_.st_size && now.st_mtim.tv_sec == before_.st_mtim.tv_sec
                    && now.st_mtim.tv_nsec == before_.st_mtim.tv_nsec;
  return same ? status{} : status{changed()};
}

error steady_file::changed() const {
  return fail(errc::changed, "The file changed while it was read; nothing was added. Add it again.", path_.string());
}

} // namespace weir
