#pragma once
// File descriptors that close themselves, and the few operations on files
// whose order matters for durability. Sizes in bytes. Errors: errc::disk_full
// (no space, quota, file size limit), errc::not_found, errc::io; `value` is
// the path. Signals never interrupt a call.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include <sys/types.h>

namespace weir {

/// Owns a descriptor; -1 is none.
class file_descriptor {
public:
  file_descriptor() = default;
  explicit file_descriptor(int fd) : fd_{fd} {}
  file_descriptor(file_descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  file_descriptor& operator=(file_descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~file_descriptor() { close(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void close();

private:
  int fd_ = -1;
};

/// What `errno` means in Weir's words.
error os_error(int number, std::string message, const std::filesystem::path& path);

/// open(2) with O_CLOEXEC added.
result<file_descriptor> open_file(const std::filesystem::path& path, int flags, mode_t mode = 0644);

/// All of `data`, at the descriptor's position or at `offset`.
status write_all(int fd, bytes_view data, const std::filesystem::path& path);
status write_all_at(int fd, bytes_view data, std::uint64_t offset, const std::filesystem::path& path);

/// The file ends at `size` from now on.
status cut_file(int fd, std::uint64_t size, const std::filesystem::path& path);

/// Fills `into` as far as the file reaches; returns how far.
result<std::size_t> read_at(int fd, std::span<std::uint8_t> into, std::uint64_t offset,
                            const std::filesystem::path& path);

/// Tells the kernel that these bytes are read next; nothing when they are in memory.
void fetch_soon(int fd, std::uint64_t offset, std::uint64_t size);

/// The bytes of the file, not its times, are on the disk when it returns.
status sync_file(int fd, const std::filesystem::path& path);
/// Names that were made, renamed or removed in the folder are.
status sync_folder(const std::filesystem::path& folder);

/// Everything on the file system of the descriptor is.
status sync_file_system(int fd, const std::filesystem::path& path);

/// As one step; durable with the next sync of the folder.
status rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
/// Fine when there is none; durable with the next sync of the folder.
status remove_file(const std::filesystem::path& path);

/// Replaces `path` as one step: a temporary file beside it, sync, rename, sync
/// of the folder. After a crash there is the old file or the new one. Passes
/// the crash points `file.written` and `file.renamed`.
status write_file_durably(const std::filesystem::path& path, bytes_view data, mode_t mode = 0644);

/// Whole small file; errc::too_large over `limit`.
result<std::string> read_small_file(const std::filesystem::path& path, std::size_t limit = 1 << 20);

/// Makes one folder and makes its name durable; fine when it exists.
status make_folder(const std::filesystem::path& folder, mode_t mode = 0755);

} // namespace weir
