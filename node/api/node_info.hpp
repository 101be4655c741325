#pragma once
// What GET /node answers; the watch sends it too when it changed.
#include "node/api/services.hpp"

namespace weir::api {

std::string node_json(const services& node, bool with_config);

} // namespace weir::api
