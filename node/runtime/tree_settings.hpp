#pragma once
// The operator's settings as the domain's options.
#include "actors/tree.hpp"
#include "node/config/options.hpp"

namespace weir {

tree_options tree_settings(const node_options& o);

} // namespace weir
