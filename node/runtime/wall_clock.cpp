#include "node/runtime/wall_clock.hpp"

#include <chrono>

namespace weir {

unix_ms wall_clock() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return unix_ms{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

epoch wall_epoch() {
  return epoch{(wall_clock().value / 1000 - mainnet_genesis) / epoch_seconds};
}

} // namespace weir
