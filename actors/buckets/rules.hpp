#pragma once
// When a bucket is ready, and what a new one looks like: seed 001's rules as
// pure functions. Sizes in bytes of blocks, times in chain epochs.
#include "messages/actors/buckets.hpp"
#include "messages/types/records.hpp"

namespace weir {

struct bucket_policy {
  /// A global or dedicated bucket over this is ready. Leaves a 32 GiB piece well filled.
  std::uint64_t threshold = 16ull << 30;
  /// Contents in one bucket, so that one transaction can complete it.
  std::uint64_t max_count = 2048;
  epoch_delta max_age = bucket_max_age;
  epoch_delta collect_after = weir::collect_after;
  /// After a failed packing a content waits so long for the next bucket.
  epoch_delta requeue_after = epochs_per_day;
};

/// An open bucket: the global one when `spec.name` is empty.
bucket new_bucket(const create_bucket& spec, const bucket_policy& policy, bucket_id id, epoch now, unix_ms time);
/// What takes the place of one that no longer takes contents.
create_bucket successor_of(const bucket& b);

/// The content is in the bucket from now on. The age counts from the first
/// one; a schedule comes at multiples of `every` after the creation.
void fill(bucket& b, const content& c, const bucket_policy& policy, epoch now);
/// The content left it.
void drain(bucket& b, const content& c);

/// The first condition that holds; `open` when none does. An empty bucket is never ready by time.
bucket_ready why_ready(const bucket& b, epoch now);
/// Marks it; it takes no more contents.
void make_ready(bucket& b, bucket_ready why, epoch now);

} // namespace weir
