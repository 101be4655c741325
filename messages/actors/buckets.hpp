#pragma once
// Buckets as seed 001 has them: creator, processor, checker, GC.
#include "messages/actors/clock.hpp"
#include "messages/types/records.hpp"

namespace weir {

struct create_bucket {
  owner_id owner;
  std::string name;            ///< of a dedicated bucket; unique for its owner while one is open
  std::uint64_t threshold = 0; ///< bytes; 0: the node's default
  std::uint64_t max_count = 0;
  epoch_delta every = 0; ///< schedule, epochs
};
struct close_bucket {
  owner_id owner;
  bucket_id id; ///< or, when empty, the open one of this name
  std::string name;
};

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_buckets, WEIR_TYPE_IDS(7))
WEIR_MESSAGE(weir_buckets, (weir::create_bucket))
WEIR_MESSAGE(weir_buckets, (weir::close_bucket))
WEIR_MESSAGE(weir_buckets, (weir::bucket))
CAF_END_TYPE_ID_BLOCK(weir_buckets)

namespace weir {

/// Creates buckets, assigns unassigned contents, and marks a bucket ready
/// when any of its conditions holds.
using bucket_creator_actor =
    caf::typed_actor<caf::replies_to<create_bucket>::with<bucket>, caf::replies_to<close_bucket>::with<bucket>,
                     caf::reacts_to<tick>, caf::reacts_to<atom::wake>>;

/// Packs ready buckets into pieces and completes them.
using bucket_processor_actor = caf::typed_actor<caf::reacts_to<tick>, caf::reacts_to<atom::wake>>;
/// Looks that the contents of complete buckets keep their promised deals.
using bucket_checker_actor = caf::typed_actor<caf::reacts_to<tick>, caf::reacts_to<atom::wake>>;
/// Removes what is older than three months as the seed says.
using bucket_gc_actor = caf::typed_actor<caf::reacts_to<tick>, caf::reacts_to<atom::wake>>;

} // namespace weir
