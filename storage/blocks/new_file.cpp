#include "storage/blocks/new_file.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include <fcntl.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t page = 4096;

} // namespace

new_file::new_file(fs::path file, std::size_t buffered)
    : file_{std::move(file)}, unfinished_{file_.string() + ".tmp"}, buffered_{buffered},
      buffer_{static_cast<std::uint8_t*>(std::aligned_alloc(page, buffered)), std::free} {
  if (!buffer_)
    throw std::bad_alloc{};
}

new_file::~new_file() {
  if (fd_)
    (void)remove_file(unfinished_);
}

result<new_file> new_file::create(fs::path file, std::size_t buffered) {
  new_file made{std::move(file), buffered};
  WEIR_TRY(made.fd_, open_file(made.unfinished_, O_WRONLY | O_CREAT | O_TRUNC));
  return made;
}

status new_file::append(bytes_view data) {
  while (!data.empty()) {
    const auto part = data.first(std::min(data.size(), buffered_ - filled_));
    std::memcpy(buffer_.get() + filled_, part.data(), part.size());
    filled_ += part.size();
    data = data.subspan(part.size());
    if (filled_ == buffered_)
      WEIR_CHECK(flush_full());
  }
  return {};
}

status new_file::flush_full() {
  if (written_ == 0)
    direct_ = ::fcntl(fd_.get(), F_SETFL, O_DIRECT) == 0; // not every file system can
  WEIR_CHECK(write_all_at(fd_.get(), {buffer_.get(), filled_}, written_, unfinished_));
  written_ += filled_;
  filled_ = 0;
  return {};
}

status new_file::finish() {
  if (direct_) // the rest is not whole pages
    ::fcntl(fd_.get(), F_SETFL, 0);
  WEIR_CHECK(write_all_at(fd_.get(), {buffer_.get(), filled_}, written_, unfinished_));
  WEIR_CHECK(sync_file(fd_.get(), unfinished_));
  WEIR_CHECK(rename_file(unfinished_, file_));
  fd_.close();
  return sync_folder(file_.parent_path());
}

} // namespace weir
