#pragma once
// One request and its answer. Handlers get it as a shared pointer, keep it as
// long as they work on it, and answer on the loop thread. An exchange that is
// let go without an answer becomes a 500; one whose client has left ignores
// what is written to it.
//
//   whole body in:    x->read_all(1 << 20, [x](result<std::string> body) { … });
//   streamed in:      x->read({.data = …, .end = …});  x->pause();  x->resume();
//   whole answer:     x->respond(response::json(200, text));
//   streamed out:     x->begin({.status = 200, …});
//                     if (!x->write(chunk)) x->on_drain([x] { … go on … });
//                     x->end();
//   a file's range:   x->send_file(head, std::move(fd), offset, length);
#include "adapters/http/message.hpp"
#include "adapters/loop/tcp_stream.hpp"
#include "messages/types/result.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace weir::http {

class connection;
class upgraded;

/// Hears the body of a request. `end` is called exactly once: success, or
/// `too_large`, `timeout`, `unreachable` (the client left), `malformed`.
struct body_reader {
  std::function<void(bytes_view)> data; ///< valid during the call
  std::function<void(status)> end;
};

class exchange : public std::enable_shared_from_this<exchange> {
public:
  exchange(connection& where, http::request what);
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;
  ~exchange();

  const http::request& request() const { return request_; }
  http::request& request() { return request_; }

  /// Starts to read the body (and sends 100 Continue if the client waits for
  /// it). A body over `limit` bytes ends with `too_large`.
  void read(body_reader reader, std::uint64_t limit = UINT64_MAX);
  void read_all(std::uint64_t limit, std::function<void(result<std::string>)> done);
  /// Back-pressure: no `data` between them; the socket is not read either.
  void pause();
  void resume();

  void respond(response answer);
  /// Begins a streamed answer. Without `length` it is chunked.
  void begin(head what);
  /// False: the queue is over the watermark; go on at `on_drain`. What ignores
  /// that and runs eight times over it loses its connection.
  bool write(owned_bytes data);
  /// A streamed answer with `length` whose bytes were not all written is cut
  /// off, so that the client sees it.
  void end();
  /// Cuts the connection: the only way to say that a begun answer failed.
  void abort();
  void send_file(head what, loop::owned_fd file, std::uint64_t offset, std::uint64_t length);

  /// Called once, when the queue is empty again (at once if it is now).
  void on_drain(std::function<void()> what);
  /// Called once, if the client leaves before the answer has ended.
  void on_close(std::function<void()> what);
  /// For endless answers: the client's end of sending counts as leaving.
  void close_on_eof();

  bool open() const { return connection_ != nullptr; } ///< the client is there and not yet answered
  bool begun() const { return begun_; }
  std::uint64_t queued() const; ///< bytes in the write queue

  /// Answers 101 with these fields and hands the connection over: what comes
  /// next belongs to the protocol. False: the client has left or was answered.
  bool upgrade(headers fields, std::shared_ptr<upgraded> protocol);

private:
  friend class connection;
  connection* connection_; // null once answered or gone
  /// As `connection_ != nullptr`, for whoever lets go of it on another thread.
  std::atomic<bool> attached_{true};
  http::request request_;
  bool begun_ = false;
};

using exchange_ptr = std::shared_ptr<exchange>;
using handler = std::function<void(exchange_ptr)>;

/// The bytes of a connection after an upgrade, for the protocol that took it
/// over. Loop thread only.
class byte_pipe {
public:
  virtual ~byte_pipe() = default;
  virtual void write(owned_bytes data) = 0;
  virtual std::uint64_t queued() const = 0;
  virtual void pause_reading(bool on) = 0;
  virtual void shutdown_write() = 0; ///< after the queue
  virtual void close() = 0;          ///< at once; `on_closed` follows no more
};

/// A protocol that lives on a `byte_pipe`.
class upgraded {
public:
  virtual ~upgraded() = default;
  virtual void on_open(std::shared_ptr<byte_pipe> pipe) = 0;
  virtual void on_data(bytes_view data) = 0;
  virtual void on_drained() = 0;
  virtual void on_closed() = 0;   ///< the peer ended or broke the connection
  virtual void on_stopping() = 0; ///< our side is about to end: say goodbye
};

} // namespace weir::http
