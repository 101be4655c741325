#pragma once
// The API's routes on their listener: the dashboard at "/", /api/v1, and the
// three words for machines (/health, /ready, /metrics).
#include "adapters/http/router.hpp"
#include "node/api/services.hpp"

namespace weir::api {

http::router api_routes(services& node);
/// Everything that the API listener answers. `node` outlives the server.
http::handler api_handler(services& node);

} // namespace weir::api
