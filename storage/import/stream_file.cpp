#include "storage/import/stream_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>

namespace weir {

namespace {

constexpr std::size_t page = 4096;

} // namespace

result<std::unique_ptr<stream_file>> stream_file::create(const std::filesystem::path& path,
                                                         std::function<void(bytes_view)> each) {
  WEIR_TRY(auto fd, open_file(path, O_RDWR | O_CREAT | O_TRUNC));
  return std::unique_ptr<stream_file>{new stream_file{path, std::move(fd), std::move(each)}};
}

stream_file::stream_file(std::filesystem::path path, file_descriptor fd, std::function<void(bytes_view)> each)
    : path_{std::move(path)}, fd_{std::move(fd)}, each_{std::move(each)} {
  direct_ = ::fcntl(fd_.get(), F_SETFL, O_DIRECT) == 0; // not every file system can
  for (std::size_t i = 0; i < buffers; ++i) {
    buffer b;
    b.data = {static_cast<std::uint8_t*>(std::aligned_alloc(page, buffer_size)), std::free};
    if (!b.data)
      std::abort();
    ::madvise(b.data.get(), buffer_size, MADV_HUGEPAGE);
    free_.push_back(std::move(b));
  }
  filling_ = std::move(free_.front());
  free_.pop_front();
  thread_ = std::thread{[this] { write_all_buffers(); }};
}

stream_file::~stream_file() {
  {
    std::lock_guard lock{mutex_};
    stop_ = true;
    full_.clear();
  }
  changed_.notify_all();
  thread_.join();
}

void stream_file::write_all_buffers() {
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [&] { return stop_ || !full_.empty(); });
    if (full_.empty())
      return;
    auto b = std::move(full_.front());
    full_.pop_front();
    busy_ = true;
    auto at = written_;
    written_ += b.size;
    const bool go_on = failed_.ok();
    lock.unlock();
    status done;
    if (go_on) {
      if (direct_ && b.size % page != 0) { // the end of the file
        ::fcntl(fd_.get(), F_SETFL, 0);
        direct_ = false;
      }
      done = write_all_at(fd_.get(), {b.data.get(), b.size}, at, path_);
    }
    lock.lock();
    if (failed_ && !done)
      failed_ = done;
    b.size = 0;
    free_.push_back(std::move(b));
    busy_ = false;
    changed_.notify_all();
  }
}

status stream_file::await_free() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return !free_.empty(); });
  filling_ = std::move(free_.front());
  free_.pop_front();
  return failed_;
}

status stream_file::hand_over() {
  each_({filling_.data.get(), filling_.size});
  {
    std::lock_guard lock{mutex_};
    full_.push_back(std::move(filling_));
  }
  changed_.notify_all();
  return await_free();
}

status stream_file::append(bytes_view data) {
  size_ += data.size();
  while (!data.empty()) {
    auto part = data.first(std::min(data.size(), buffer_size - filling_.size));
    std::memcpy(filling_.data.get() + filling_.size, part.data(), part.size());
    filling_.size += part.size();
    data = data.subspan(part.size());
    if (filling_.size == buffer_size)
      WEIR_CHECK(hand_over());
  }
  return {};
}

status stream_file::finish() {
  if (filling_.size > 0)
    WEIR_CHECK(hand_over());
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return full_.empty() && !busy_; });
  WEIR_CHECK(failed_);
  return sync_file(fd_.get(), path_);
}

status stream_file::overwrite(std::uint64_t offset, bytes_view data) {
  ::fcntl(fd_.get(), F_SETFL, 0);
  WEIR_CHECK(write_all_at(fd_.get(), data, offset, path_));
  return sync_file(fd_.get(), path_);
}

} // namespace weir
