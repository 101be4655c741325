#pragma once
// Keeps foreign web pages from driving a listener: a page's requests carry
// the page's Origin, and one that tricks DNS (rebinding) carries its own Host.
//
//   http::server s{loop, options, http::guarded({.hosts = {"localhost"}}, routes.handler())};
#include "adapters/http/exchange.hpp"

#include <string>
#include <vector>

namespace weir::http {

struct guard_rules {
  /// Names that the Host field may have, without port; IP addresses of
  /// loopback and "localhost" always may. Empty and `any_host` false: only those.
  std::vector<std::string> hosts;
  bool any_host = false;
  /// Whole origins ("https://weir.example") besides the listener's own.
  std::vector<std::string> origins;
  /// Requests that change something, and every request that carries an Origin
  /// or Sec-Fetch-Site, must come from the same origin, one of `origins`, or
  /// no web page at all.
  bool same_origin = true;
};

/// Why the request is refused, as a `forbidden` error; success if it is not.
status check_guard(const guard_rules& rules, const request& what);
/// Answers 403 to what the rules refuse, hands the rest on.
handler guarded(guard_rules rules, handler next);

} // namespace weir::http
