#pragma once
// Says `job.stuck`, once, when a job that runs has had no event for a day of
// the chain: its deals neither fail nor come.
//
// in:  events of jobs, ticks
// out: job.stuck
// Survives a restart: nothing; the day begins anew.
#include "actors/support/domain.hpp"
#include "messages/types/ffs.hpp"

#include <caf/actor.hpp>

namespace weir::ffs {

using job_alarm_actor = caf::typed_actor<caf::reacts_to<tick>>;

job_alarm_actor spawn_job_alarm(caf::actor_system& system, domain d, epoch_delta after = epochs_per_day);

} // namespace weir::ffs
