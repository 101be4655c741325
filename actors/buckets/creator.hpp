#pragma once
// Puts unassigned contents in buckets, makes buckets, and finds them ready.
//
// in:  content.stored and content.requeued (log watch), users' buckets, ticks
// out: content.assigned, bucket.created, bucket.filled, bucket.ready
// Survives a restart: buckets and assignments are records; at its start it
// takes up every content that has no bucket.
#include "actors/buckets/rules.hpp"
#include "actors/support/subscription.hpp"

namespace weir {

bucket_creator_actor spawn_bucket_creator(caf::actor_system& system, domain d, bucket_policy policy = {});

} // namespace weir
