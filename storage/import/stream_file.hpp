#pragma once
// A file that is written from its start to its end by a thread of its own,
// past the page cache where the file system lets it, while the next buffer is
// filled; what is to be computed of each buffer is shared among workers, of
// which the caller is one. (Buffered writes cost ten times the processor time, performance of
// the rest of the machine, and a burst at the sync.)
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"
#include "storage/support/file.hpp"
#include "storage/support/page_buffer.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace weir {

class stream_file {
public:
  /// Bytes of a buffer: whole pages, and whole chunks of commP.
  static constexpr std::size_t buffer_size = 8 * 127 * 4096;

  /// Sees every buffer (the last may be shorter) once, with its number from 0.
  using on_buffer = std::function<void(std::uint64_t number, bytes_view)>;

  /// With one worker `each` is called in order on the thread of the caller;
  /// with more on any of their threads, at the same time and in any order.
  static result<std::unique_ptr<stream_file>> create(const std::filesystem::path& path, on_buffer each,
                                                     unsigned workers = 1);
  ~stream_file();

  /// errc::disk_full, errc::io: what the thread met, then or before.
  status append(bytes_view data);
  /// Where the next bytes go, as far as the memory behind it is free: what is
  /// put there and then appended is not copied. The caller computes rather
  /// than have less than `enough`.
  std::span<std::uint8_t> room(std::size_t enough = 0);
  /// The rest, then `front` in the place of the first bytes, and a sync.
  /// Nothing can be appended after it.
  status finish(bytes_view front = {});
  std::uint64_t size() const { return size_; }

private:
  struct buffer {
    std::uint8_t* data = nullptr;
    std::size_t size = 0;
    std::uint64_t number = 0;
    int users = 0; ///< who still reads it: the writer, `each`; none: it can be filled
  };
  using lock = std::unique_lock<std::mutex>;

  stream_file(std::filesystem::path path, file_descriptor fd, on_buffer each, unsigned workers);
  void hand_over();
  status await_free();
  status await_all();
  buffer* after_filling() { return &all_[(static_cast<std::size_t>(filling_ - all_.data()) + 1) % all_.size()]; }
  void write_all_buffers();
  void write(const buffer& b, bool go_on);
  void help();
  bool compute_one(lock& held);
  void leave(buffer* b);

  std::filesystem::path path_;
  file_descriptor fd_;
  bool direct_ = false;
  on_buffer each_;
  page_buffer memory_;      ///< of all buffers, one behind the other
  std::vector<buffer> all_; ///< filled in turns
  buffer* filling_ = nullptr;
  std::uint64_t size_ = 0, handed_over_ = 0;

  std::mutex mutex_; ///< of all below
  std::condition_variable changed_;
  std::deque<buffer*> to_write_, to_compute_;
  std::uint64_t written_ = 0;
  bool stop_ = false;
  status failed_;
  std::vector<std::thread> threads_; ///< last: they use the rest
};

} // namespace weir
