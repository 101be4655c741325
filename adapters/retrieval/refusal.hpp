#pragma once
// What an HTTP status other than 206 means for whoever asked for a range.
#include "messages/types/error.hpp"

#include <cstdint>

namespace weir::retrieval {

/// Bytes of an answer that is an error; the range itself limits the others.
inline constexpr std::uint64_t error_text_limit = 64 << 10;

/// not_found (404, 410), unauthenticated (401, 403), unreachable (429, 5xx: it
/// may answer later), protocol (everything else, a 200 too).
error refused_range(int http_status, const std::string& url);

} // namespace weir::retrieval
