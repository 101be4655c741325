#pragma once
// Waiting for a content on its way, by the event stream.
#include "node/cli/context.hpp"
#include "node/cli/progress.hpp"

namespace weir::cli {

/// Follows the content until its state is `state` ("packed", "active") or
/// later, showing each station; the content as it is then. errc::precondition
/// when it failed or was removed. A stream that breaks is taken up again.
result<json::value> wait_for_state(context& c, progress& bar, const std::string& id, const std::string& state);

} // namespace weir::cli
