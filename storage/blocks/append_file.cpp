#include "storage/blocks/append_file.hpp"

#include <cstring>

#include <fcntl.h>

namespace weir {

append_file::append_file(std::filesystem::path path, file_descriptor fd) : path_{std::move(path)}, fd_{std::move(fd)} {
  direct_ = ::fcntl(fd_.get(), F_SETFL, O_DIRECT) == 0; // not every file system can
}

result<append_file> append_file::create(const std::filesystem::path& path) {
  WEIR_TRY(auto fd, open_file(path, O_RDWR | O_CREAT | O_TRUNC));
  return append_file{path, std::move(fd)};
}

result<append_file> append_file::open(const std::filesystem::path& path) {
  WEIR_TRY(auto fd, open_file(path, O_RDWR));
  return append_file{path, std::move(fd)};
}

status append_file::write(std::span<std::uint8_t> data, std::uint64_t offset) {
  if (!direct_)
    return write_all_at(fd_.get(), data, offset, path_);
  const auto whole = (data.size() + page - 1) / page * page;
  std::memset(data.data() + data.size(), 0, whole - data.size());
  return write_all_at(fd_.get(), {data.data(), whole}, offset, path_);
}

status append_file::sync() {
  return sync_file(fd_.get(), path_);
}

status append_file::cut(std::uint64_t size) {
  return cut_file(fd_.get(), size, path_);
}

/// Only whole pages can be read past the cache: not worth it here.
status append_file::read(std::span<std::uint8_t> into, std::uint64_t offset) {
  if (direct_)
    ::fcntl(fd_.get(), F_SETFL, 0);
  auto got = read_at(fd_.get(), into, offset, path_);
  if (direct_)
    direct_ = ::fcntl(fd_.get(), F_SETFL, O_DIRECT) == 0;
  WEIR_CHECK(got);
  return *got == into.size() ? status{} : status{fail(errc::io, "a pack is shorter than it was", path_.string())};
}

} // namespace weir
