#pragma once
// The clock of a node without a chain: epochs of the wall clock, one tick each.
#include "messages/actors/clock.hpp"

#include <memory>

namespace weir {

class wall_ticks {
public:
  explicit wall_ticks(ticker_actor to);
  ~wall_ticks();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace weir
