#pragma once
// What the operator sets of FFS.
#include "messages/types/ffs.hpp"

namespace weir::ffs {

/// Seed 000: a Scheduler with its miner selector; its layers are wired by name.
struct scheduler_options {
  std::string name = "default";
  std::string hot;             ///< its hot layer, of `tree_parts::hot_layers`; else the built-in one
  std::vector<address> miners; ///< FixedMiners; empty: whoever is known
  bool by_reputation = false;  ///< ReputationSorted; else the cheapest first
  std::size_t parallel = 100;  ///< jobs that run at once
  epoch_delta repair_every = epochs_per_day;
};

struct ffs_options {
  scheduler_options scheduler;
  config_limits limits;
};

} // namespace weir::ffs
