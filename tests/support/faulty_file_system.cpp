#include "tests/support/faulty_file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>

namespace weir::test {

namespace fs = std::filesystem;

namespace {

std::uint64_t inode_of(const fs::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

fs::path path_of(int fd) {
  return fs::read_symlink("/proc/self/fd/" + std::to_string(fd));
}

/// Each sector as it was or as it is; one that was not there is zeros.
bytes torn(const bytes& before, const bytes& after, std::mt19937& random) {
  constexpr std::size_t sector = 512;
  bytes out = after;
  for (std::size_t at = 0; at < out.size(); at += sector) {
    const auto end = std::min(at + sector, out.size());
    if (random() % 2 == 0)
      continue;
    for (auto i = at; i < end; ++i)
      out[i] = i < before.size() ? before[i] : 0;
  }
  return out;
}

bytes content_of(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

faulty_file_system::faulty_file_system(fs::path root) : root_{fs::canonical(root)} {
  durable_names_ = names_now();
  durable_data_ = data_now();
}

void faulty_file_system::fail_at(std::size_t at, int error, bool from_then_on) {
  fail_at_ = at;
  error_ = error;
  fail_on_ = from_then_on;
}

bool faulty_file_system::step() {
  ++step_;
  if (cut_ || (cut_at_ != 0 && step_ >= cut_at_)) {
    cut_ = true;
    errno = EIO;
    return false;
  }
  if (fail_at_ != 0 && (step_ == fail_at_ || (fail_on_ && step_ > fail_at_))) {
    errno = error_;
    return false;
  }
  return true;
}

faulty_file_system::names faulty_file_system::names_now() const {
  names out;
  for (const auto& entry : fs::recursive_directory_iterator{root_})
    out[entry.path()] = entry.is_directory() ? 0 : inode_of(entry.path());
  return out;
}

std::map<faulty_file_system::inode, bytes> faulty_file_system::data_now() const {
  std::map<inode, bytes> out;
  for (const auto& [path, number] : names_now())
    if (number != 0)
      out[number] = content_of(path);
  return out;
}

void faulty_file_system::sync_names_of(const fs::path& folder) {
  std::erase_if(durable_names_, [&](auto& name) { return name.first.parent_path() == folder; });
  for (const auto& [path, number] : names_now())
    if (path.parent_path() == folder)
      durable_names_[path] = number;
}

int faulty_file_system::open(const char* path, int flags, mode_t mode) {
  if ((flags & O_CREAT) != 0 && !step())
    return -1;
  if (cut_) {
    errno = EIO;
    return -1;
  }
  return file_system::open(path, flags, mode);
}

ssize_t faulty_file_system::write(int fd, const void* data, std::size_t size) {
  const bool before = cut_;
  if (step())
    return file_system::write(fd, data, size);
  if (cut_ && !before)
    (void)file_system::write(fd, data, size / 2);
  return -1;
}

ssize_t faulty_file_system::pwrite(int fd, const void* data, std::size_t size, std::uint64_t offset) {
  const bool before = cut_;
  if (step())
    return file_system::pwrite(fd, data, size, offset);
  if (cut_ && !before)
    (void)file_system::pwrite(fd, data, size / 2, offset);
  return -1;
}

int faulty_file_system::ftruncate(int fd, std::uint64_t size) {
  return step() ? file_system::ftruncate(fd, size) : -1;
}

int faulty_file_system::fdatasync(int fd) {
  if (!step())
    return -1;
  auto path = path_of(fd);
  durable_data_[inode_of(path)] = content_of(path);
  return 0;
}

int faulty_file_system::fsync(int fd) {
  if (!step())
    return -1;
  auto path = path_of(fd);
  if (fs::is_directory(path))
    sync_names_of(path);
  else
    durable_data_[inode_of(path)] = content_of(path);
  return 0;
}

int faulty_file_system::syncfs(int) {
  if (!step())
    return -1;
  durable_names_ = names_now();
  for (auto& [number, data] : data_now())
    durable_data_[number] = data;
  return 0;
}

int faulty_file_system::rename(const char* from, const char* to) {
  return step() ? file_system::rename(from, to) : -1;
}

int faulty_file_system::unlink(const char* path) {
  return step() ? file_system::unlink(path) : -1;
}

int faulty_file_system::mkdir(const char* path, mode_t mode) {
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    errno = EEXIST;
    return -1;
  }
  return step() ? file_system::mkdir(path, mode) : -1;
}

void faulty_file_system::survivors(const fs::path& to, unsigned seed, const std::string& names_to_skip) const {
  std::mt19937 random{seed};
  const auto now = names_now();
  const auto data = data_now();
  // Old contents of files that have gone are still on the disk.
  auto content = [&](inode number) -> bytes {
    auto durable = durable_data_.find(number);
    auto current = data.find(number);
    bytes before = durable == durable_data_.end() ? bytes{} : durable->second;
    if (current == data.end() || current->second == before)
      return before;
    auto after = current->second;
    switch (random() % 4) {
    case 0:
      return before;
    case 1:
      return after;
    case 2: // the size without some of the bytes
      return torn(before, after, random);
    default:
      auto [least, most] = std::minmax({before.size(), after.size()});
      auto mixed = torn(before, after, random);
      mixed.resize(least + random() % (most - least + 1));
      return mixed;
    }
  };
  std::set<fs::path> all;
  for (const auto& [path, number] : durable_names_)
    all.insert(path);
  for (const auto& [path, number] : now)
    all.insert(path);
  fs::create_directories(to);
  for (const auto& path : all) { // folders come before what is in them
    if (path.native().find("/" + names_to_skip) != std::string::npos)
      continue;
    auto durable = durable_names_.find(path), current = now.find(path);
    auto chosen = durable == durable_names_.end() ? current : durable;
    const bool has_before = durable != durable_names_.end(), has_after = current != now.end();
    if (!has_before || !has_after || durable->second != current->second) {
      const bool after = random() % 2 != 0;
      if (after ? !has_after : !has_before)
        continue;
      chosen = after ? current : durable;
    }
    auto target = to / path.lexically_relative(root_);
    if (!fs::exists(target.parent_path()))
      continue; // its folder is lost
    if (chosen->second == 0) {
      fs::create_directory(target);
    } else {
      auto bytes_left = content(chosen->second);
      std::ofstream{target, std::ios::binary}.write(reinterpret_cast<const char*>(bytes_left.data()),
                                                    static_cast<std::streamsize>(bytes_left.size()));
    }
  }
}

} // namespace weir::test
