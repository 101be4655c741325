#pragma once
// Times as text for people: UTC, ISO 8601.
#include "messages/types/ids.hpp"

#include <string>

namespace weir::cli {

/// "2026-11-21T10:00:00Z"
std::string time_text(std::int64_t seconds_since_1970);
/// Of an epoch on a chain that began then; empty when there is no epoch.
std::string epoch_time_text(epoch at, std::int64_t genesis_seconds);

} // namespace weir::cli
