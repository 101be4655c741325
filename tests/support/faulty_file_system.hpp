#pragma once
// A file system that fails on purpose, over a real folder. At a chosen step
// (calls that change something, counted from 1) it
//   - answers with an error number, once or from then on, or
//   - loses power: that write is torn, and nothing after it has any effect.
// `survivors` then makes the folder that a disk would show afterwards: of
// data, names and removals that were not synced each is there, is not, or (data)
// is there in part, as a seed says: any of its sectors, and any length between.
// What was synced is there. Stricter than real file systems, which keep some
// order among unsynced changes.
#include "messages/types/bytes.hpp"
#include "storage/support/file_system.hpp"

#include <filesystem>
#include <map>
#include <random>

namespace weir::test {

class faulty_file_system : public file_system {
public:
  /// What is in `root` now is durable.
  explicit faulty_file_system(std::filesystem::path root);

  void lose_power_at(std::size_t step) { cut_at_ = step; }
  void fail_at(std::size_t step, int error, bool from_then_on = false);
  void heal() { fail_at_ = 0; }
  std::size_t steps() const { return step_; }
  bool power_lost() const { return cut_; }

  /// `names_to_skip`: folders of this name are left out.
  void survivors(const std::filesystem::path& to, unsigned seed, const std::string& names_to_skip) const;

  int open(const char* path, int flags, mode_t mode) override;
  ssize_t write(int fd, const void* data, std::size_t size) override;
  ssize_t pwrite(int fd, const void* data, std::size_t size, std::uint64_t offset) override;
  int ftruncate(int fd, std::uint64_t size) override;
  int fdatasync(int fd) override;
  int fsync(int fd) override;
  int syncfs(int fd) override;
  int rename(const char* from, const char* to) override;
  int unlink(const char* path) override;
  int mkdir(const char* path, mode_t mode) override;

private:
  using inode = std::uint64_t;
  using names = std::map<std::filesystem::path, inode>; ///< by path; folders have 0

  bool step(); ///< false: errno is set and the call has no effect
  names names_now() const;
  std::map<inode, bytes> data_now() const;
  void sync_names_of(const std::filesystem::path& folder);

  std::filesystem::path root_;
  std::size_t step_ = 0, cut_at_ = 0, fail_at_ = 0;
  int error_ = 0;
  bool fail_on_ = false, cut_ = false;
  names durable_names_;
  std::map<inode, bytes> durable_data_;
};

} // namespace weir::test
