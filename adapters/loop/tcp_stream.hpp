#pragma once
// One TCP connection on a loop: reading with back-pressure, a queue of bytes
// and file ranges to write, and word to its owner. Loop thread only.
//
// Writing goes straight to the socket; what it does not take stays queued, by
// reference, until the socket is writable again. File ranges go by
// sendfile(2), at most 1 MiB a turn so that one download cannot hold the loop.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

struct uv_stream_s;

namespace weir::loop {

class uv_loop;

/// Who owns a stream hears of it here. Nothing is called after `close`.
class stream_events {
public:
  /// Valid during the call only.
  virtual void on_data(bytes_view data) = 0;
  /// The peer will send nothing more; it may still read.
  virtual void on_eof() = 0;
  /// Reset, broken pipe, a file that became shorter. Close the stream.
  virtual void on_broken(const error& why) = 0;
  /// The queue became empty after it was not.
  virtual void on_drained() = 0;
  /// A `connect` succeeded.
  virtual void on_connected() {}

protected:
  ~stream_events() = default;
};

/// A file descriptor that is closed at the end.
class owned_fd {
public:
  explicit owned_fd(int fd = -1) : fd_{fd} {}
  owned_fd(owned_fd&& other) noexcept : fd_{other.release()} {}
  owned_fd& operator=(owned_fd&& other) noexcept;
  ~owned_fd();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

private:
  int fd_;
};

class tcp_stream {
public:
  tcp_stream(uv_loop& owner, stream_events& events);
  tcp_stream(const tcp_stream&) = delete;
  tcp_stream& operator=(const tcp_stream&) = delete;
  ~tcp_stream(); ///< closes

  status accept(uv_stream_s* listener);
  /// Numeric addresses only; the end comes by `on_connected` or `on_broken`.
  status connect(const std::string& ip, std::uint16_t port);

  void read_start();
  void read_stop();
  bool reading() const;

  /// Queues the bytes; `keep` holds them alive. More than one part saves a
  /// system call: they leave together.
  struct part {
    std::shared_ptr<const void> keep;
    bytes_view view;
  };
  void write(part first, part second = {}, part third = {});
  void write_copy(std::string text);
  void send_file(owned_fd file, std::uint64_t offset, std::uint64_t length);

  /// Bytes and file ranges that the socket has not taken yet.
  std::uint64_t queued() const;
  /// All bytes that the socket has taken so far: how a watcher sees progress.
  std::uint64_t written() const;

  /// Ends our direction once the queue is empty.
  void shutdown_write();
  /// At once; what is queued is lost. `reset`: the peer gets RST.
  void close(bool reset = false);
  bool closed() const;

  std::string peer() const; ///< "127.0.0.1:50312", "[::1]:1"

private:
  struct impl;
  impl* impl_; // outlives this object until libuv has closed the handles
};

} // namespace weir::loop
