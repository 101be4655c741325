#pragma once
// Making access tokens, also at the first start of a node.
#include "actors/support/committer.hpp"

namespace weir::api {

/// A transaction for `committer`: errc::already_exists when the name is taken.
build_transaction add_token(access_token made);

} // namespace weir::api
