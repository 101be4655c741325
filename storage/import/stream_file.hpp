#pragma once
// A file that is written from its start to its end by a thread of its own,
// past the page cache where the file system lets it, while the next buffer is
// filled. (Buffered writes cost ten times the processor time, performance of
// the rest of the machine, and a burst at the sync.)
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"
#include "storage/support/file.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace weir {

class stream_file {
public:
  /// Bytes of a buffer: whole pages, and whole chunks of commP.
  static constexpr std::size_t buffer_size = 8 * 127 * 4096;

  /// `each` sees every buffer (the last is shorter) in order, on the thread of
  /// the caller, before it is written.
  static result<std::unique_ptr<stream_file>> create(const std::filesystem::path& path,
                                                     std::function<void(bytes_view)> each);
  ~stream_file();

  /// errc::disk_full, errc::io: what the thread met, then or before.
  status append(bytes_view data);
  /// The rest, and a sync. Nothing can be appended after it.
  status finish();
  /// Once finished: other bytes in the place of those at `offset`, durable.
  status overwrite(std::uint64_t offset, bytes_view data);
  std::uint64_t size() const { return size_; }

private:
  struct buffer {
    std::unique_ptr<std::uint8_t, void (*)(void*)> data{nullptr, nullptr};
    std::size_t size = 0;
  };
  stream_file(std::filesystem::path path, file_descriptor fd, std::function<void(bytes_view)> each);
  status hand_over();
  status await_free();
  void write_all_buffers();

  static constexpr std::size_t buffers = 3;

  std::filesystem::path path_;
  file_descriptor fd_;
  bool direct_ = false;
  std::function<void(bytes_view)> each_;
  buffer filling_;
  std::uint64_t size_ = 0;

  std::mutex mutex_; ///< of all below
  std::condition_variable changed_;
  std::deque<buffer> full_, free_;
  std::uint64_t written_ = 0;
  bool stop_ = false, busy_ = false;
  status failed_;
  std::thread thread_; ///< last: it uses the rest
};

} // namespace weir
