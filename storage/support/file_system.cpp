#include "storage/support/file_system.hpp"

#include <atomic>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

namespace {

file_system system_calls;
std::atomic<file_system*> in_use{&system_calls};

} // namespace

int file_system::open(const char* path, int flags, mode_t mode) {
  return ::open(path, flags, mode);
}

ssize_t file_system::write(int fd, const void* data, std::size_t size) {
  return ::write(fd, data, size);
}

ssize_t file_system::pwrite(int fd, const void* data, std::size_t size, std::uint64_t offset) {
  return ::pwrite(fd, data, size, static_cast<off_t>(offset));
}

ssize_t file_system::pread(int fd, void* data, std::size_t size, std::uint64_t offset) {
  return ::pread(fd, data, size, static_cast<off_t>(offset));
}

int file_system::ftruncate(int fd, std::uint64_t size) {
  return ::ftruncate(fd, static_cast<off_t>(size));
}

int file_system::fdatasync(int fd) {
  return ::fdatasync(fd);
}

int file_system::fsync(int fd) {
  return ::fsync(fd);
}

int file_system::syncfs(int fd) {
  return ::syncfs(fd);
}

int file_system::rename(const char* from, const char* to) {
  return ::rename(from, to);
}

int file_system::unlink(const char* path) {
  return ::unlink(path);
}

int file_system::mkdir(const char* path, mode_t mode) {
  return ::mkdir(path, mode);
}

file_system& file_system::current() {
  return *in_use.load(std::memory_order_acquire);
}

file_system_scope::file_system_scope(file_system& other) : before_{in_use.exchange(&other)} {}

file_system_scope::~file_system_scope() {
  in_use = before_;
}

} // namespace weir
