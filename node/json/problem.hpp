#pragma once
// An error of the API (application/problem+json, RFC 9457) as the command
// line reads it; `http::response::problem` writes it.
#include "messages/types/error.hpp"

#include <string>

namespace weir::json {

/// errc::protocol when the body is not one of Weir's.
error read_problem(int status, const std::string& body);

} // namespace weir::json
