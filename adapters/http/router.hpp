#pragma once
// Which handler answers which path. A pattern's segments are literal, {name}
// (one segment, decoded) or, at the end, {name*} (the rest, decoded, possibly
// empty, without its leading "/"). Literal beats {name} beats {name*}.
//
//   router routes;
//   routes.add("GET", "/api/v1/contents/{id}/data/{path*}", serve_data);
//   server s{loop, options, routes.handler()};
//
// HEAD is answered by GET's handler (the server drops the body). A path that
// exists under other methods gets 405 with Allow; OPTIONS gets 204 with Allow.
#include "adapters/http/exchange.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::http {

class router {
public:
  router();
  ~router();
  /// Refuses (by assertion at start-up) a pattern that is malformed or taken.
  void add(std::string_view verb, std::string_view pattern, handler what);
  /// Answers what no pattern matches; 404 as a problem by default.
  void fallback(handler what);
  /// What was added: verb and pattern, in that order.
  const std::vector<std::pair<std::string, std::string>>& routes() const;
  /// Shares the table: add everything first.
  http::handler handler() const;

  struct table;

private:
  std::shared_ptr<table> table_;
};

} // namespace weir::http
