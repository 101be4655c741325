#include "node/api/health.hpp"

namespace weir::api {

namespace {

void health(call c) {
  c.json(200, std::string{R"({"status":"ok"})"});
}

/// Ready is: the records can be read, and the chain (if there is one) answers.
void ready(call c) {
  auto f = c.node->figures();
  auto readable = c.node->newest()->find<content>(content_id{"none"});
  if (!readable)
    return c.fail(readable.error());
  if (f.chain_problem.code != errc::none && f.chain_problem.code != errc::no_network)
    return c.fail(fail(errc::out_of_sync, f.chain_problem.message));
  c.json(200, std::string{R"({"status":"ready"})"});
}

} // namespace

endpoints health_endpoints() {
  return {
      {"GET", "/health", access::open, "The process runs.", "", "", 200, health},
      {"GET", "/ready", access::open, "The node can do its work.", "", "", 200, ready},
      {"GET", "/metrics", access::user, "Figures in Prometheus' text format.", "", "", 200, metrics},
  };
}

} // namespace weir::api
