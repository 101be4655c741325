#include "storage/records/table_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace weir::records {

namespace {

leveldb::Status problem(const std::string& path) {
  auto text = std::strerror(errno);
  return errno == ENOENT ? leveldb::Status::NotFound(path, text) : leveldb::Status::IOError(path, text);
}

/// Open as long as LevelDB's cache of tables has it (`max_open_files`).
class table_file final : public leveldb::RandomAccessFile {
public:
  table_file(std::string path, int fd) : path_{std::move(path)}, fd_{fd} {}
  ~table_file() override { ::close(fd_); }

  leveldb::Status Read(std::uint64_t offset, std::size_t n, leveldb::Slice* result, char* scratch) const override {
    std::size_t have = 0;
    while (have < n) {
      auto got = ::pread(fd_, scratch + have, n - have, static_cast<off_t>(offset + have));
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return problem(path_);
      if (got == 0)
        break; // LevelDB tells a short table by its length
      have += static_cast<std::size_t>(got);
    }
    *result = leveldb::Slice{scratch, have};
    return {};
  }

private:
  std::string path_;
  int fd_;
};

class environment final : public leveldb::EnvWrapper {
public:
  environment() : EnvWrapper{leveldb::Env::Default()} {}

  leveldb::Status NewRandomAccessFile(const std::string& path, leveldb::RandomAccessFile** made) override {
    *made = nullptr;
    auto fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
      return problem(path);
    *made = new table_file{path, fd};
    return {};
  }
};

} // namespace

leveldb::Env* table_files() {
  static environment only;
  return &only;
}

} // namespace weir::records
