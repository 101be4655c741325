#include "storage/support/file.hpp"

#include "storage/support/crash_point.hpp"
#include "storage/support/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

/// Calls again when a signal came between.
template <class F>
auto uninterrupted(F call) {
  auto answer = call();
  while (answer < 0 && errno == EINTR)
    answer = call();
  return answer;
}

file_system& calls() {
  return file_system::current();
}

fs::path folder_of(const fs::path& path) {
  auto parent = path.parent_path();
  return parent.empty() ? fs::path{"."} : parent;
}

} // namespace

void file_descriptor::close() {
  if (fd_ >= 0)
    ::close(std::exchange(fd_, -1)); // Linux frees the descriptor even on EINTR
}

error os_error(int number, std::string message, const fs::path& path) {
  message += ": ";
  message += std::strerror(number);
  switch (number) {
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return fail(errc::disk_full, std::move(message), path.string());
  case ENOENT:
    return fail(errc::not_found, std::move(message), path.string());
  default:
    return fail(errc::io, std::move(message), path.string());
  }
}

result<file_descriptor> open_file(const fs::path& path, int flags, mode_t mode) {
  int fd = uninterrupted([&] { return calls().open(path.c_str(), flags | O_CLOEXEC, mode); });
  if (fd < 0)
    return os_error(errno, "the file could not be opened", path);
  return file_descriptor{fd};
}

status write_all(int fd, bytes_view data, const fs::path& path) {
  while (!data.empty()) {
    auto n = uninterrupted([&] { return calls().write(fd, data.data(), data.size()); });
    if (n < 0)
      return os_error(errno, "the file could not be written", path);
    data = data.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

status write_all_at(int fd, bytes_view data, std::uint64_t offset, const fs::path& path) {
  while (!data.empty()) {
    auto n = uninterrupted([&] { return calls().pwrite(fd, data.data(), data.size(), offset); });
    if (n < 0)
      return os_error(errno, "the file could not be written", path);
    data = data.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

status cut_file(int fd, std::uint64_t size, const fs::path& path) {
  if (uninterrupted([&] { return calls().ftruncate(fd, size); }) < 0)
    return os_error(errno, "the file could not be cut", path);
  return {};
}

result<std::size_t> read_at(int fd, std::span<std::uint8_t> into, std::uint64_t offset, const fs::path& path) {
  std::size_t done = 0;
  while (done < into.size()) {
    auto n = uninterrupted([&] { return calls().pread(fd, into.data() + done, into.size() - done, offset + done); });
    if (n < 0)
      return os_error(errno, "the file could not be read", path);
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

namespace {

bool in_memory(int fd, std::uint64_t at) {
  std::uint8_t byte;
  const iovec one{&byte, 1};
  return ::preadv2(fd, &one, 1, static_cast<off_t>(at), RWF_NOWAIT) >= 0 || errno != EAGAIN;
}

} // namespace

/// What is in memory would be looked for page by page; its last byte stands for it.
void fetch_soon(int fd, std::uint64_t offset, std::uint64_t size) {
  if (size > 0 && !in_memory(fd, offset + size - 1))
    ::posix_fadvise(fd, static_cast<off_t>(offset), static_cast<off_t>(size), POSIX_FADV_WILLNEED);
}

status sync_file(int fd, const fs::path& path) {
  if (uninterrupted([&] { return calls().fdatasync(fd); }) < 0)
    return os_error(errno, "the file could not be synced", path);
  return {};
}

status sync_folder(const fs::path& folder) {
  WEIR_TRY(auto fd, open_file(folder, O_RDONLY | O_DIRECTORY));
  if (uninterrupted([&] { return calls().fsync(fd.get()); }) < 0)
    return os_error(errno, "the folder could not be synced", folder);
  return {};
}

status sync_file_system(int fd, const fs::path& path) {
  if (uninterrupted([&] { return calls().syncfs(fd); }) < 0)
    return os_error(errno, "the file system could not be synced", path);
  return {};
}

status rename_file(const fs::path& from, const fs::path& to) {
  if (calls().rename(from.c_str(), to.c_str()) < 0)
    return os_error(errno, "the file could not be renamed", to);
  return {};
}

status remove_file(const fs::path& path) {
  if (calls().unlink(path.c_str()) < 0 && errno != ENOENT)
    return os_error(errno, "the file could not be removed", path);
  return {};
}

namespace {

status write_new(const fs::path& path, bytes_view data, mode_t mode) {
  WEIR_TRY(auto fd, open_file(path, O_WRONLY | O_CREAT | O_TRUNC, mode));
  WEIR_CHECK(write_all(fd.get(), data, path));
  if (uninterrupted([&] { return calls().fsync(fd.get()); }) < 0)
    return os_error(errno, "the file could not be synced", path);
  return {};
}

} // namespace

status write_file_durably(const fs::path& path, bytes_view data, mode_t mode) {
  auto temporary = path;
  temporary += ".tmp";
  if (auto written = write_new(temporary, data, mode); !written) {
    calls().unlink(temporary.c_str());
    return written;
  }
  crash_point("file.written");
  WEIR_CHECK(rename_file(temporary, path));
  crash_point("file.renamed");
  return sync_folder(folder_of(path));
}

result<std::string> read_small_file(const fs::path& path, std::size_t limit) {
  WEIR_TRY(auto fd, open_file(path, O_RDONLY));
  // The limit is often far above what the file has: memory follows the file.
  std::string text;
  for (std::size_t size = 0, next = 4096;; next *= 4) {
    text.resize(std::min(next, limit + 1));
    std::span<std::uint8_t> into{reinterpret_cast<std::uint8_t*>(text.data()) + size, text.size() - size};
    WEIR_TRY(auto got, read_at(fd.get(), into, size, path));
    size += got;
    if (size > limit)
      return fail(errc::too_large, "the file is larger than expected", path.string(), std::to_string(limit));
    if (got < into.size()) {
      text.resize(size);
      return text;
    }
  }
}

status make_folder(const fs::path& folder, mode_t mode) {
  if (calls().mkdir(folder.c_str(), mode) == 0)
    return sync_folder(folder_of(folder));
  int number = errno;
  struct stat found {};
  if (number == EEXIST && ::stat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode))
    return {};
  return os_error(number, "the folder could not be made", folder);
}

} // namespace weir
