#include "node/runtime/tree_settings.hpp"

#include "node/config/schedulers.hpp"

namespace weir {

tree_options tree_settings(const node_options& o) {
  tree_options t;
  t.api = o.role != node_role::core;
  t.core = o.role != node_role::api;
  if (o.bucket_size > 0)
    t.buckets.threshold = o.bucket_size;
  if (o.max_piece > 0)
    t.pieces.max_piece = o.max_piece;
  if (!o.max_price.zero())
    t.limits.max_price = t.limits.max_verified_price = o.max_price;
  t.ffs.schedulers = schedulers_of(o.schedulers, o.hot_layer);
  t.ffs.history = o.history;
  if (o.devnet) // its providers answer at once, or not at all
    t.deals.patience = std::chrono::seconds{6};
  return t;
}

} // namespace weir
