#pragma once
// What the operator sets of FFS.
#include "messages/types/ffs.hpp"

#include <string>
#include <vector>

namespace weir::ffs {

/// The hot layer inside the node.
inline constexpr const char* own_layer = "store";

/// Seed 000: a Scheduler with its miner selector; its layers are wired by name.
struct scheduler_options {
  std::string name = "default";
  std::string hot = own_layer; ///< its hot layer: the node's own, or of `tree_parts::hot_layers`
  std::vector<address> miners; ///< FixedMiners; empty: whoever is known
  bool by_reputation = false;  ///< ReputationSorted; else the cheapest first
  std::size_t parallel = 100;  ///< jobs that run at once
  epoch_delta repair_every = epochs_per_day;
  // Of its cold layer:
  token_amount max_price;       ///< attoFIL per GiB and epoch, whatever a config says; 0: that of the node
  std::uint64_t least_size = 0; ///< bytes of a DAG that it makes deals for
};

/// What is kept of what is over (history.hpp); 0 is no limit.
struct history_options {
  std::size_t jobs = 100;                 ///< the newest of each CID of an instance
  epoch_delta age = 365 * epochs_per_day; ///< of a final job that is not the newest of its CID
  std::size_t lines = 1'000;              ///< of the log of each CID of an instance
  epoch_delta every = epochs_per_day;     ///< how often it is looked at
};

struct ffs_options {
  std::vector<scheduler_options> schedulers{scheduler_options{}};
  config_limits limits;
  epoch_delta stuck_after = epochs_per_day; ///< without an event of a running job: `job.stuck`
  history_options history;
};

} // namespace weir::ffs
