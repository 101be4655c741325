#pragma once
// Server-sent events (WHATWG HTML, section 9.2): the writer for handlers and
// the reader for clients.
//
//   auto events = http::sse_stream::open(x, loop);
//   events->on_close([…] { … the watcher left … });
//   if (!events->send({.id = "7", .event = "deal.active", .data = json}))
//     events->on_drain([…] { … grant credit again … });
#include "adapters/http/exchange.hpp"
#include "adapters/loop/uv_loop.hpp"

#include <functional>
#include <memory>
#include <string>

namespace weir::http {

struct sse_event {
  std::string id;
  std::string event;
  std::string data; ///< may hold line breaks
};

/// The event as it goes over the wire, with its empty line.
std::string sse_text(const sse_event& what);

/// One watcher. Loop thread only. Lives as long as somebody holds it; a
/// comment goes out each `heartbeat`, so that dead connections show.
class sse_stream : public std::enable_shared_from_this<sse_stream> {
public:
  static std::shared_ptr<sse_stream> open(exchange_ptr x, loop::uv_loop& owner, headers more = {},
                                          loop::milliseconds heartbeat = loop::milliseconds{15'000});
  sse_stream(exchange_ptr x, loop::uv_loop& owner);
  ~sse_stream(); ///< ends the answer

  /// False: the write queue is over the watermark; send no more before
  /// `on_drain`. (What does is cut off: see `exchange::write`.)
  bool send(const sse_event& what);
  void on_drain(std::function<void()> what) { exchange_->on_drain(std::move(what)); }
  void on_close(std::function<void()> what) { exchange_->on_close(std::move(what)); }
  bool is_open() const { return exchange_->open(); }
  void close() { exchange_->end(); }

private:
  exchange_ptr exchange_;
  loop::timer timer_;
};

/// Takes a stream of events apart, however it is cut.
class sse_reader {
public:
  /// An event over `max_event` bytes is an error (`too_large`).
  explicit sse_reader(std::function<void(sse_event)> each, std::size_t max_event = 8 << 20)
      : each_{std::move(each)}, max_event_{max_event} {}
  status feed(bytes_view data);
  const std::string& last_id() const { return last_id_; }

private:
  void line(std::string_view text);
  std::function<void(sse_event)> each_;
  std::size_t max_event_;
  std::string line_;
  bool after_cr_ = false;
  bool has_data_ = false;
  sse_event event_;
  std::string last_id_;
};

} // namespace weir::http
