#pragma once
// Seed 000's Powergate: one actor for each instance. It turns what the owner
// asks into jobs of the scheduler that the instance is wired to.
//
// in:  push_config, replace_cid, remove_cid, cancel_job, stage_cid, bring_hot
// out: enqueue and the rest, to the instance's scheduler
// Survives a restart: nothing; configs and defaults are records.
#include "actors/ffs/layers.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/chain.hpp"
#include "messages/actors/ffs.hpp"

namespace weir::ffs {

/// A scheduler that an instance can be wired to.
struct wiring {
  scheduler_actor scheduler;
  hot_layer_set layers;
};
using schedulers = std::map<std::string, wiring>;

struct gate_parts {
  schedulers known;
  content_actor contents;
  config_limits limits;
  chain_actor chain; ///< null without a network
};

/// Names of those that there are: "default, fast".
std::string names_of(const schedulers& known);

/// The three levels: the instance's default, else the node's, else the built-in one.
result<cid_config> default_config(const records::reader& state, const instance_id& of);
/// Before an instance has its own.
result<cid_config> node_default(const records::reader& state);

/// Whether the instance may push it: the rules of configs, and that nobody pays with somebody else's money.
status check_push(const records::reader& state, const instance_id& of, const cid_config& config,
                  const config_limits& limits);

powergate_actor spawn_powergate(caf::actor_system& system, domain d, instance_id of, gate_parts parts);

/// Gives the powergate of an instance; starts it when it is first asked for.
manager_actor spawn_manager(caf::actor_system& system, domain d, gate_parts parts);

} // namespace weir::ffs
