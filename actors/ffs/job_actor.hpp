#pragma once
// One running job: hot, then cold, then letting go of what is not wanted.
//
// in:  answers of the layers; an exit when the job was cancelled
// out: the job's steps, log lines and end (records); `job_ended`
// Survives a restart: nothing but the records. It begins at the front, and
// each step finds done what is done.
#include "actors/ffs/jobs.hpp"
#include "actors/ffs/layers.hpp"
#include "actors/ffs/options.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/ffs_layers.hpp"

namespace weir::ffs {

struct job_parts {
  hot_layer_set layers;
  cold_layer_actor cold;
  content_actor contents;
  scheduler_actor scheduler;
  scheduler_options options;
};

using job_actor = caf::typed_actor<caf::reacts_to<atom::start>>;

caf::actor spawn_job(caf::actor_system& system, domain d, job_parts parts, job what);

} // namespace weir::ffs
