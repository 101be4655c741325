#pragma once
// /health, /ready and /metrics, for machines that watch over the node.
#include "node/api/endpoints.hpp"

namespace weir::api {

/// At the root, not below /api/v1.
endpoints health_endpoints();

/// GET /metrics; metrics.cpp.
void metrics(call c);

} // namespace weir::api
