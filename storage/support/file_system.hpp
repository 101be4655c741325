#pragma once
// The system calls that storage makes on files, behind one class, so that a
// test can take their place: lose what was not synced, tear a write, run out
// of space at any step. In the program there is only the class itself, which
// calls the system. (LevelDB makes its own calls.)
#include <cstddef>
#include <cstdint>

#include <sys/types.h>

namespace weir {

/// As the calls of the same names: -1 and errno on failure.
class file_system {
public:
  virtual ~file_system() = default;
  virtual int open(const char* path, int flags, mode_t mode);
  virtual ssize_t write(int fd, const void* data, std::size_t size);
  virtual ssize_t pwrite(int fd, const void* data, std::size_t size, std::uint64_t offset);
  virtual ssize_t pread(int fd, void* data, std::size_t size, std::uint64_t offset);
  virtual int ftruncate(int fd, std::uint64_t size);
  virtual int fdatasync(int fd);
  virtual int fsync(int fd);
  virtual int syncfs(int fd);
  virtual int rename(const char* from, const char* to);
  virtual int unlink(const char* path);
  virtual int mkdir(const char* path, mode_t mode);

  /// The one in use.
  static file_system& current();
};

/// Puts another in its place, for the whole process, until it ends. For tests.
class file_system_scope {
public:
  explicit file_system_scope(file_system& other);
  ~file_system_scope();
  file_system_scope(const file_system_scope&) = delete;
  file_system_scope& operator=(const file_system_scope&) = delete;

private:
  file_system* before_;
};

} // namespace weir
