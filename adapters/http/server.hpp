#pragma once
// An HTTP/1.1 server (RFC 9110, 9112) on a loop thread: keep-alive,
// pipelining, chunked both ways, Expect: 100-continue, HEAD, file ranges by
// sendfile(2), upgrades. Handlers run on the loop thread and must not block.
//
//   http::router routes;
//   routes.add("GET", "/api/v1/contents/{id}", [](http::exchange_ptr x) {
//     x->respond(http::response::json(200, lookup(x->request().capture("id"))));
//   });
//   http::server server{loop, options, routes.handler()};
//   WEIR_TRY(auto bound, server.listen());      // port 0: bound.port is the real one
//   …
//   server.stop();                               // drains, then closes; before loop.stop()
//
// What it refuses by itself: 400 malformed or ambiguous framing, 408 slow
// head or body, 413 body, 414 target, 417 unknown expectation, 431 head, 501
// unknown method or transfer coding, 503 too many connections, 505 version.
#include "adapters/http/exchange.hpp"
#include "adapters/loop/uv_loop.hpp"
#include "messages/types/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace weir::http {

struct server_options {
  std::string host = "127.0.0.1"; ///< an address, or "localhost"
  std::uint16_t port = 0;         ///< 0: any free one
  std::string name = "http";      ///< in logs

  std::size_t max_connections = 4096;
  std::size_t max_target = 16 * 1024;         ///< bytes of the request target: 414
  std::size_t max_head = 64 * 1024;           ///< bytes of request line and fields: 431
  std::uint64_t max_body = UINT64_MAX;        ///< bytes, where the handler sets no limit: 413
  std::uint64_t write_watermark = 256 * 1024; ///< `write` answers false above this

  loop::milliseconds head_timeout{15'000};  ///< from the first byte to the end of the head
  loop::milliseconds idle_timeout{75'000};  ///< between requests
  loop::milliseconds body_timeout{30'000};  ///< without a byte of a body that is being read
  loop::milliseconds write_timeout{60'000}; ///< without a byte taken by the peer
  loop::milliseconds drain_timeout{1'500};  ///< for what is running when `stop` is called

  /// The text of the Date field; without it none is sent. Asked at most once
  /// per second of the loop's clock.
  std::function<std::string()> date;
};

struct bound_address {
  std::string host;
  std::uint16_t port = 0;
  std::string text() const; ///< "127.0.0.1:3004", "[::1]:3004"
};

struct server_figures {
  std::size_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;      ///< by the server itself
  std::uint64_t bytes_queued = 0; ///< in all write queues now
};

class server {
public:
  server(loop::uv_loop& owner, server_options options, handler on_request);
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  ~server(); ///< stops

  /// From any thread. `already_exists`: the port is in use (the sentence says
  /// which); `io`: the address cannot be bound.
  result<bound_address> listen();
  /// Accepts nothing more, closes idle connections, lets what is running end
  /// within `drain_timeout`, then closes the rest. From any thread but the
  /// loop's.
  void stop();
  server_figures figures(); ///< from any thread

  struct core;

private:
  std::shared_ptr<core> core_;
};

} // namespace weir::http
