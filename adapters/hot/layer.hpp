#pragma once
// Hot layers outside of the node as the typed interface HotLayer of
// messages/actors/ffs_layers.hpp: one actor on a loop, over a backend.
//
// It keeps a claim for each instance (claims.hpp), so that one pin serves all;
// does what changes one CID in turn; tries again with back-off while the layer
// is down, until the request's time is over; looks at the layer and not at the
// books when it is asked what is there, and gives out only bytes that are what
// their CIDs say. What was pinned there before Weir came stays when Weir goes.
#include "adapters/hot/backend.hpp"
#include "adapters/hot/claims.hpp"
#include "adapters/loop/hosted.hpp"
#include "messages/actors/ffs_layers.hpp"

namespace weir::hot {

struct layer_options {
  back_off again;
  loop::milliseconds longest{24 * 3'600'000};   ///< of a request without a time of its own
  loop::milliseconds part_time{120'000};        ///< until the node gives the next part of a DAG
  std::size_t most_waiting = 4096;              ///< requests; more are errc::overloaded
  std::size_t most_running = 32;                ///< of those that move a DAG, each with 1 to 16 MiB
  std::size_t most_patient = 64;                ///< pins that wait until the layer has found blocks
  std::size_t most_readings = 64;               ///< at a time; the one that rests longest makes room
  loop::milliseconds reading_rest{10 * 60'000}; ///< after which a reading may have to
  std::function<unix_ms()> wall;
};

/// What the layers have of the node; filled in when the node has it, on the loop thread.
struct node_side {
  retriever_actor retriever; ///< gives the node's blocks
};

struct layer_parts {
  backend_ptr there;
  claim_book claims;
  std::shared_ptr<delays> later; ///< of the host's loop
  std::shared_ptr<const node_side> node;
};

ffs::hot_layer_actor spawn_hot_layer(loop::host& host, layer_parts parts, layer_options options);

} // namespace weir::hot
