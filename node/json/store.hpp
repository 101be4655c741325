#pragma once
// The block store's figures and what its check found, as JSON: the same from
// the API and from `weir store` on a stopped node.
#include "actors/content/store_report.hpp"
#include "node/json/writer.hpp"

namespace weir::json {

std::string to_json(const store_stat& s);
std::string to_json(const store_report& r);

} // namespace weir::json
