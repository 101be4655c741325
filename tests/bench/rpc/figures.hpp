#pragma once
// How the benchmarks of the remote API tell their figures: a line of JSON each.
#include <chrono>
#include <cstdio>

namespace weir::bench {

using steady = std::chrono::steady_clock;

inline double seconds_since(steady::time_point start) {
  return std::chrono::duration<double>(steady::now() - start).count();
}

inline void tell(const char* name, double value, const char* unit) {
  std::printf("{\"name\":\"%s\",\"value\":%.4g,\"unit\":\"%s\"}\n", name, value, unit);
  std::fflush(stdout);
}

} // namespace weir::bench
