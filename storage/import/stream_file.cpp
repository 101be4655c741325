#include "storage/import/stream_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>

namespace weir {

namespace {

constexpr std::size_t page = 4096;
constexpr unsigned most_workers = 16;
/// Behind the last buffer: a leaf of a megabyte that begins in it is read in
/// one part, and only what is beyond its end goes to the first one.
constexpr std::size_t overhang = (1 << 20) + page;

} // namespace

result<std::unique_ptr<stream_file>> stream_file::create(const std::filesystem::path& path, on_buffer each,
                                                         unsigned workers) {
  WEIR_TRY(auto fd, open_file(path, O_RDWR | O_CREAT | O_TRUNC));
  return std::unique_ptr<stream_file>{
      new stream_file{path, std::move(fd), std::move(each), std::clamp(workers, 1U, most_workers)}};
}

stream_file::stream_file(std::filesystem::path path, file_descriptor fd, on_buffer each, unsigned workers)
    : path_{std::move(path)}, fd_{std::move(fd)}, each_{std::move(each)} {
  direct_ = ::fcntl(fd_.get(), F_SETFL, O_DIRECT) == 0; // not every file system can
  const auto count = 1 + 2 * std::size_t{workers};
  memory_.resize(count * buffer_size + overhang);
  all_.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    all_[i].data = memory_.data() + i * buffer_size;
  filling_ = all_.data();
  threads_.emplace_back([this] { write_all_buffers(); });
  for (unsigned i = 1; i < workers; ++i)
    threads_.emplace_back([this] { help(); });
}

stream_file::~stream_file() {
  {
    std::lock_guard held{mutex_};
    stop_ = true;
    to_write_.clear();
    to_compute_.clear();
  }
  changed_.notify_all();
  for (auto& t : threads_)
    t.join();
}

/// With the lock held.
void stream_file::leave(buffer* b) {
  --b->users;
  changed_.notify_all();
}

void stream_file::write(const buffer& b, bool go_on) {
  auto at = written_;
  written_ += b.size;
  if (!go_on)
    return;
  if (direct_ && b.size % page != 0) { // the end of the file
    ::fcntl(fd_.get(), F_SETFL, 0);
    direct_ = false;
  }
  auto done = write_all_at(fd_.get(), {b.data, b.size}, at, path_);
  std::lock_guard held{mutex_};
  if (!done)
    failed_ = done;
}

void stream_file::write_all_buffers() {
  lock held{mutex_};
  for (;;) {
    changed_.wait(held, [&] { return stop_ || !to_write_.empty(); });
    if (to_write_.empty())
      return;
    auto* b = to_write_.front();
    to_write_.pop_front();
    const bool go_on = failed_.ok();
    held.unlock();
    write(*b, go_on);
    held.lock();
    leave(b);
  }
}

/// Releases the lock meanwhile; false when there is nothing to compute.
bool stream_file::compute_one(lock& held) {
  if (to_compute_.empty())
    return false;
  auto* b = to_compute_.front();
  to_compute_.pop_front();
  held.unlock();
  each_(b->number, {b->data, b->size});
  held.lock();
  leave(b);
  return true;
}

void stream_file::help() {
  lock held{mutex_};
  while (!stop_)
    if (!compute_one(held))
      changed_.wait(held, [&] { return stop_ || !to_compute_.empty(); });
}

std::span<std::uint8_t> stream_file::room(std::size_t enough) {
  auto left = buffer_size - filling_->size;
  lock held{mutex_};
  auto* next = after_filling();
  if (next < filling_)
    left += overhang;
  else {
    while (left < enough && next->users > 0 && compute_one(held))
      ;
    if (next->users == 0)
      left += buffer_size;
  }
  return {filling_->data + filling_->size, left};
}

/// Rather than wait, the caller computes.
status stream_file::await_free() {
  lock held{mutex_};
  auto* next = after_filling();
  while (next->users > 0)
    if (!compute_one(held))
      changed_.wait(held, [&] { return next->users == 0 || !to_compute_.empty(); });
  filling_ = next;
  filling_->size = 0;
  return failed_;
}

void stream_file::hand_over() {
  lock held{mutex_};
  filling_->users = 2;
  filling_->number = handed_over_++;
  to_write_.push_back(filling_);
  to_compute_.push_back(filling_);
  changed_.notify_all();
  if (threads_.size() == 1) // nobody else does it
    compute_one(held);
}

status stream_file::append(bytes_view data) {
  size_ += data.size();
  while (!data.empty()) {
    auto part = data.first(std::min(data.size(), buffer_size - filling_->size));
    if (auto* to = filling_->data + filling_->size; to != part.data())
      std::memmove(to, part.data(), part.size());
    filling_->size += part.size();
    data = data.subspan(part.size());
    if (filling_->size == buffer_size) {
      hand_over();
      WEIR_CHECK(await_free());
    }
  }
  return {};
}

status stream_file::await_all() {
  lock held{mutex_};
  auto all_done = [&] { return std::ranges::all_of(all_, [](const buffer& b) { return b.users == 0; }); };
  while (!all_done())
    if (!compute_one(held))
      changed_.wait(held, [&] { return all_done() || !to_compute_.empty(); });
  return failed_;
}

status stream_file::finish(bytes_view front) {
  if (filling_->size > 0) {
    hand_over();
    WEIR_CHECK(await_free());
  }
  WEIR_CHECK(await_all());
  if (!front.empty()) {
    ::fcntl(fd_.get(), F_SETFL, 0); // not whole pages
    WEIR_CHECK(write_all_at(fd_.get(), front, 0, path_));
  }
  return sync_file(fd_.get(), path_);
}

} // namespace weir
