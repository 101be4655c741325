#pragma once
// Seed 000's Scheduler: takes configs as jobs and runs them, a bounded number
// at once, fair among instances, one of each (instance, CID).
//
// in:  enqueue, cancel_job, remove_cid, drop_instance; job_ended and the DOWN
//      of job actors; ticks; deals that were slashed, instances that were
//      moved, ends of jobs that another scheduler had begun
// out: jobs (records), one actor for each that runs
// Survives a restart: the jobs that have not ended, and the due epochs of
// renewals and repairs. Those that ran begin again at the front.
#include "actors/ffs/job_actor.hpp"

namespace weir::ffs {

struct scheduler_parts {
  hot_layer_set layers;
  cold_layer_actor cold;
  content_actor contents;
  std::vector<std::string> known; ///< schedulers that run, itself among them
};

scheduler_actor spawn_scheduler(caf::actor_system& system, domain d, scheduler_parts parts, scheduler_options options);

/// Sorts by time, and by the order within a millisecond. UUID version 7;
/// `last` is the state of the generator.
job_id next_job_id(std::uint64_t& last, unix_ms now, const std::string& random_uuid);

} // namespace weir::ffs
