#pragma once
// Seed 001's garbage collection, three months (in epochs) after.
//
// in:  ticks (looks once a day of the chain)
// out: bucket.collected: records of empty and of processed buckets go (what
//      they carried stays); content.failed: what still fails leaves the queue
//      and is reported, its bytes go only where they are held elsewhere or
//      its owner allowed it; records of removed contents go for good
// Survives a restart: ages are in the records.
#include "actors/buckets/rules.hpp"
#include "actors/support/domain.hpp"

namespace weir {

/// Empty or complete, and old enough.
bool is_collectable(const bucket& b, epoch now, const bucket_policy& policy);
/// Failing without a break for so long.
bool is_hopeless(const content& c, epoch now, const bucket_policy& policy);

result<transaction_builder> collect_bucket(const records::reader& state, const bucket_id& id, epoch now,
                                           const bucket_policy& policy);
result<transaction_builder> fail_content(const records::reader& state, const content_id& id, epoch now, unix_ms time,
                                         const bucket_policy& policy);
result<transaction_builder> forget_content(const records::reader& state, const content_id& id, epoch now,
                                           const bucket_policy& policy);

bucket_gc_actor spawn_bucket_gc(caf::actor_system& system, domain d, bucket_policy policy = {});

} // namespace weir
