#pragma once
// What GET /node answers; the watch sends it too when it changed.
#include "node/api/services.hpp"

namespace weir::api {

std::string node_json(const services& node, bool with_config);
/// What changes of it while the node runs, without the uptime: the same text means that nothing did.
std::string live_node_json(const services& node);

} // namespace weir::api
