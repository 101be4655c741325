#pragma once
// The client of the command line: one call at a time, on the caller's thread,
// connections kept between calls. Same rules as `client` (HTTP/1.1, ranges
// checked, bounded memory).
//
//   http::blocking_client api;
//   WEIR_TRY(auto answer, api.fetch({.url = base + "/api/v1/contents"}));
//   api.stream({.url = base + "/api/v1/watch?from=0", .stall_timeout = 60s},
//              {.head = check, .data = [&](bytes_view data) { return events.feed(data).ok(); }});
#include "adapters/http/client.hpp"

#include <memory>

namespace weir::http {

struct blocking_sink {
  std::function<void(const client_head&)> head;
  std::function<bool(bytes_view)> data; ///< false ends the call with `cancelled`
};

class blocking_client {
public:
  explicit blocking_client(client_options options = {});
  blocking_client(const blocking_client&) = delete;
  blocking_client& operator=(const blocking_client&) = delete;
  ~blocking_client();

  result<client_response> fetch(client_request what);
  /// A source of an upload must not answer `wait` here.
  status stream(client_request what, blocking_sink sink);
  /// Ends the running call and every later one with `cancelled`. From any thread.
  void cancel();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace weir::http
