#pragma once
// ColdFil: seed 000's ColdLayer on the node's own deal engine.
//
// in:  cold_store, cold_stop, cold_fetch from job actors; events of deals and
//      contents; ticks
// out: terms and contents (records), from which bucket, piece and deals follow;
//      lines of the job's log
// Survives a restart: the terms. A job asks again and is answered from the
// records; what was proposed is not proposed again.
#include "actors/content/ledger.hpp"
#include "actors/ffs/cold_rules.hpp"
#include "actors/support/domain.hpp"
#include "messages/actors/content.hpp"

namespace weir::ffs {

struct cold_fil_parts {
  std::shared_ptr<block_ledger> ledger;
  content_actor contents;
  bool makes_deals = true; ///< false: errc::no_network
};

cold_layer_actor spawn_cold_fil(caf::actor_system& system, domain d, cold_fil_parts parts, scheduler_options options);

} // namespace weir::ffs
