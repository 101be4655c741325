#pragma once
// Packs ready buckets into pieces and completes them.
//
// in:  bucket.ready (log watch), ticks
// out: orders to the piece builder; one transaction that puts the pieces, the
//      places of the contents in them, and completes the bucket
// A content that cannot be packed goes back to the unassigned ones with its
// problem; the others are packed without it. A full disk keeps the bucket as
// it is, with the problem shown, and is tried again.
// Survives a restart: a bucket is `init` until it is `complete`; every ready
// one is taken up again.
#include "actors/buckets/rules.hpp"
#include "actors/support/subscription.hpp"
#include "messages/actors/pieces.hpp"

namespace weir {

bucket_processor_actor spawn_bucket_processor(caf::actor_system& system, domain d, piece_builder_actor builder);

/// The contents that wait in the bucket.
result<std::vector<content>> contents_of_bucket(const records::reader& state, const bucket_id& id);

/// The transaction that completes a bucket. Contents that left it meanwhile are not placed.
result<transaction_builder> complete_bucket(const records::reader& state, const bucket_id& id,
                                            const built_pieces& built, epoch now, unix_ms time);

/// The content leaves the bucket with its problem and becomes unassigned.
result<transaction_builder> requeue(const records::reader& state, const content_id& id, const error& why, epoch now,
                                    unix_ms time);

} // namespace weir
