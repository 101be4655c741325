#pragma once
// Benchmarks: each measures its figures and what they are compared with in
// one run, so that a slow machine slows both. A file in this folder registers
// its own with WEIR_BENCH.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weir::bench {

struct figure {
  std::string name;
  double value = 0;
  std::string unit; ///< "k/s", "ms", "MiB", "x" for a ratio
  std::optional<double> at_least;
  std::optional<double> at_most;

  bool good() const { return (!at_least || value >= *at_least) && (!at_most || value <= *at_most); }
};

class report {
public:
  void add(std::string name, double value, std::string unit) { figures_.push_back({name, value, unit, {}, {}}); }
  void at_least(std::string name, double value, std::string unit, double limit) {
    figures_.push_back({name, value, unit, limit, {}});
  }
  void at_most(std::string name, double value, std::string unit, double limit) {
    figures_.push_back({name, value, unit, {}, limit});
  }
  const std::vector<figure>& figures() const { return figures_; }

private:
  std::vector<figure> figures_;
};

struct benchmark {
  std::string name;
  std::string what;
  std::function<void(report&)> run;
};

/// All that are linked in.
std::vector<benchmark>& all();
bool add(benchmark b);

/// Seconds on the steady clock.
double now();
/// Resident memory of this process, MiB.
double resident_mib();

} // namespace weir::bench

/// `WEIR_BENCH(records_groups, "many writers, one sync") { report.add(…); }`
#define WEIR_BENCH(name, what)                                                                                         \
  static void bench_##name(weir::bench::report&);                                                                      \
  [[maybe_unused]] static const bool bench_added_##name = weir::bench::add({#name, what, bench_##name});               \
  static void bench_##name(weir::bench::report& report)
