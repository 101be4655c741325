#pragma once
// Schedulers of FFS, as the configuration file names them (seed 000: several,
// each with its own layers and miner selector; an instance is wired to one):
//
//   [schedulers.archive]                  # JSON: {"schedulers":{"archive":{…}}}
//   hot = "store"                         # or one of [hot-layers.NAME]
//   selector = "fixed"                    # cheapest | reputation | fixed
//   miners = "f01000 f01001"              # of the selector fixed: these and no others
//   parallel = 20                         # jobs that run at once
//   repair-every = "1d"                   # how often what is repairable is looked at
//   max-price = "0.0000000002FIL"         # for each GiB and epoch, whatever a config says
//   least-size = "1MiB"                   # smaller DAGs are not stored cold
//
// One is always there: `default`, what new instances are wired to.
#include "actors/ffs/options.hpp"
#include "messages/types/result.hpp"

#include <map>
#include <set>
#include <string>

namespace weir {

struct scheduler_settings {
  ffs::scheduler_options how;
  std::string selector = "cheapest";
  std::set<std::string> given; ///< keys that the file names
};
using scheduler_map = std::map<std::string, scheduler_settings>;

inline constexpr std::string_view default_scheduler = "default";
inline constexpr std::string_view schedulers_section = "schedulers";

/// `path`: "NAME.KEY". errc::usage for a key that there is not.
status apply_scheduler(scheduler_map& into, std::string_view path, const std::string& value);
/// `layers`: names of the hot layers outside of the node.
status check_schedulers(const scheduler_map& schedulers, const std::set<std::string>& layers);
/// "schedulers.NAME.KEY" and what is in force.
std::map<std::string, std::string> schedulers_in_force(const scheduler_map& schedulers);

/// All that run, the default one first; `hot` is its layer where its section names none.
std::vector<ffs::scheduler_options> schedulers_of(const scheduler_map& schedulers, const std::string& hot);

} // namespace weir
