#include "actors/buckets/rules.hpp"

#include <algorithm>

namespace weir {

namespace {

/// The next time of the schedule after `now`.
epoch next_run(const bucket& b, epoch now) {
  auto passed = std::max<epoch_delta>(now - b.created_at, 0) / b.every;
  return b.created_at + (passed + 1) * b.every;
}

} // namespace

bucket new_bucket(const create_bucket& spec, const bucket_policy& policy, bucket_id id, epoch now, unix_ms time) {
  bucket b;
  b.id = std::move(id);
  b.owner = spec.owner;
  b.name = spec.name;
  b.threshold = spec.threshold != 0 ? spec.threshold : policy.threshold;
  b.max_count = spec.max_count != 0 ? std::min(spec.max_count, policy.max_count) : policy.max_count;
  b.every = spec.every;
  b.created_at = now;
  b.created = time;
  return b;
}

create_bucket successor_of(const bucket& b) {
  return {b.owner, b.name, b.threshold, b.max_count, b.every};
}

void fill(bucket& b, const content& c, const bucket_policy& policy, epoch now) {
  if (b.count == 0) {
    b.due_at = now + policy.max_age;
    if (b.every > 0)
      b.due_at = std::min(b.due_at, next_run(b, now));
  }
  b.size += c.dag_size;
  ++b.count;
}

void drain(bucket& b, const content& c) {
  b.size -= std::min(b.size, c.dag_size);
  b.count -= std::min<std::uint64_t>(b.count, 1);
  if (b.count == 0)
    b.due_at = no_epoch;
}

bucket_ready why_ready(const bucket& b, epoch now) {
  if (b.ready != bucket_ready::open)
    return b.ready;
  if (b.size > b.threshold)
    return bucket_ready::size;
  if (b.max_count != 0 && b.count >= b.max_count)
    return bucket_ready::count;
  if (b.count == 0 || b.due_at == no_epoch || now < b.due_at)
    return bucket_ready::open;
  bool scheduled = b.every > 0 && (b.due_at - b.created_at) % b.every == 0;
  return scheduled ? bucket_ready::schedule : bucket_ready::age;
}

void make_ready(bucket& b, bucket_ready why, epoch now) {
  b.ready = why;
  b.ready_at = now;
}

} // namespace weir
