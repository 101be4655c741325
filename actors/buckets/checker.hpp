#pragma once
// Looks that what complete buckets carried keeps its promised deals; the
// promise outlives the bucket, so it looks at the pieces.
//
// in:  deals that failed, were refused, slashed or expired, promises that
//      changed, pieces that were degraded (log watch), ticks
// out: wakes of the deal maker for pieces with too few good deals
// Survives a restart: nothing; every piece that is not placed is looked at
// then, and all of them once a day.
#include "actors/support/subscription.hpp"
#include "messages/actors/buckets.hpp"
#include "messages/actors/deals.hpp"

namespace weir {

/// Good deals on distinct providers are fewer than promised.
result<bool> lacks_deals(const records::reader& state, const cid& piece);

bucket_checker_actor spawn_bucket_checker(caf::actor_system& system, domain d, deal_maker_actor maker);

} // namespace weir
