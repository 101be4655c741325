#pragma once
// An HTTP/1.1 client on a loop thread (libcurl's multi interface): many calls
// at a time, bounded memory, at most 8 connections per host. http and https,
// no redirects, no proxy, no cookies. Loop thread only, but for the
// constructor, `stop` and the destructor.
//
//   http::client client{loop};
//   client.fetch({.url = base + "/info"}, [](result<http::client_response> answer) { … });
//   auto call = client.stream({.url = piece, .range = {{0, 1 << 20}}},
//                             {.head = …, .data = …, .done = …});
//   call->pause();  call->resume();  call->cancel();
//
// Errors: `unreachable` (name, connection, reset), `timeout`, `protocol` (not
// HTTP, another range than asked), `too_large`, `cancelled`.
#include "adapters/http/client_types.hpp"

#include <memory>

namespace weir::http {

struct client_options {
  std::size_t connections_per_host = 8;
  std::size_t connections = 64;
  std::size_t buffer_size = 64 * 1024; ///< bytes a connection; big downloads gain up to 256 KiB
  std::string user_agent = "weir";
  std::string ca_file;      ///< certificates to trust, in PEM; the system's if empty
  bool public_only = false; ///< `unreachable` for an address inside (adapters/http/public_address.hpp)
};

/// What a streamed call reports; each on the loop thread. `done` is called
/// exactly once and nothing after it.
struct call_events {
  std::function<void(const client_head&)> head;
  std::function<void(bytes_view)> data; ///< valid during the call
  std::function<void(status)> done;
  /// A field behind the body (RFC 9112, 7.1.2): before `done`.
  std::function<void(std::string_view name, std::string_view value)> trailer = {};
};

/// A call under way. Letting go of it does not end it.
class call {
public:
  virtual ~call() = default;
  /// Ends it with `cancelled`; `done` has been called on return, or, from
  /// inside an event of this client, is called right after it.
  virtual void cancel() = 0;
  /// Back-pressure: at most one more `data`, then none until `resume`; the
  /// socket is not read either.
  virtual void pause() = 0;
  virtual void resume() = 0;
  virtual void resume_upload() = 0; ///< after `upload_step::wait`
};
using call_ptr = std::shared_ptr<call>;

class client {
public:
  explicit client(loop::uv_loop& owner, client_options options = {});
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  ~client();

  call_ptr fetch(client_request what, std::function<void(result<client_response>)> done);
  call_ptr stream(client_request what, call_events events);
  /// Cancels all calls and closes the connections. From any thread.
  void stop();

  loop::uv_loop& loop() const;

  struct core;
  const std::shared_ptr<core>& shared_core() const { return core_; } ///< for adapters/http

private:
  std::shared_ptr<core> core_;
};

} // namespace weir::http
