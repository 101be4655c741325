#pragma once
// The one place where the node looks at the wall clock.
#include "messages/types/ids.hpp"

namespace weir {

unix_ms wall_clock();

/// The epoch of the wall clock, for a node without a chain: counted from the
/// genesis of Filecoin's main network.
inline constexpr std::int64_t mainnet_genesis = 1598306400; ///< seconds since 1970
epoch wall_epoch();

} // namespace weir
