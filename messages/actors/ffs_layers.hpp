#pragma once
// Seed 000's HotLayer and ColdLayer as typed interfaces. A scheduler knows
// only these; which actors stand behind them comes from the configuration.
// Every request can come again after a crash: what is done already is done.
#include "messages/actors/chain.hpp" // token_amount
#include "messages/actors/content.hpp"
#include "messages/types/ffs.hpp"

namespace weir::ffs {

/// Add: the node has every block of the DAG. A layer of its own reads them at
/// the retriever (`open_read{.root = cid}`, then `read_dag`), keeps and pins them.
struct hot_add {
  instance_id instance;
  weir::cid cid;
  std::uint64_t timeout = 0; ///< seconds for all of it; 0: none
};
/// Pin: the layer has the blocks, or finds them where it finds blocks.
struct hot_pin {
  instance_id instance;
  weir::cid cid;
  std::uint64_t timeout = 0; ///< seconds that finding the blocks may take; 0: none
};
/// Has: whether this instance has it pinned and every block is there and
/// right. Looks at the layer, not at the books.
struct hot_check {
  instance_id instance;
  weir::cid cid;
};
/// Lets go for this instance; others that pinned the CID keep it. Fine when it is not pinned.
struct hot_remove {
  instance_id instance;
  weir::cid cid;
};
/// Get: the DAG as a CAR, for a node that lacks its blocks. A layer that keeps
/// them in the node's own store answers errc::unsupported.
struct hot_get {
  weir::cid cid;
  std::uint64_t timeout = 0; ///< seconds until the first bytes; 0: none
};
struct hot_reading {
  std::uint64_t read = 0; ///< for `hot_next` and `hot_close`
};
struct hot_next {
  std::uint64_t read = 0;
};
struct hot_part {
  chunk car;         ///< the next bytes, at most max_chunk; empty only with `done`
  bool done = false; ///< nothing comes after it; the reading is closed
};
struct hot_close {
  std::uint64_t read = 0;
};

/// Bring a CID to its promised deals, for one job. Asked again after a crash
/// it goes on where it was: what was proposed is not proposed again.
struct cold_store {
  instance_id instance;
  weir::cid cid;
  job_id job;
  cold_config config;
  epoch started = no_epoch; ///< of the job: its timeout counts from here
};
struct cold_answer {
  err_cause err; ///< what kept it from its deals; the rest is true all the same
  cold_info info;
  std::vector<deal_error> errors; ///< deals of this job that came to nothing
  epoch renew_at = no_epoch;      ///< when the first of its deals comes near its end; -1: never
};
/// No new deals from now on; those that were made go on.
struct cold_stop {
  instance_id instance;
  weir::cid cid;
};
/// Bring the blocks back from a provider, for at most `max_price`.
struct cold_fetch {
  instance_id instance;
  weir::cid cid;
  job_id job;
  token_amount max_price; ///< attoFIL for all of it; 0: only what is free
};

} // namespace weir::ffs

CAF_BEGIN_TYPE_ID_BLOCK(weir_ffs_layers, WEIR_TYPE_IDS(20))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_add))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_pin))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_check))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_remove))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_get))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_reading))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_next))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_part))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_close))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::hot_info))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::cold_store))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::cold_answer))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::cold_stop))
WEIR_MESSAGE(weir_ffs_layers, (weir::ffs::cold_fetch))
CAF_END_TYPE_ID_BLOCK(weir_ffs_layers)

namespace weir::ffs {

/// Errors: not_found (a block of it is nowhere to be found; names it), timeout,
/// overloaded, unreachable (the layer does not answer; the job waits and tries
/// again for a while), corrupt (a block is not what its CID says), disk_full.
/// `hot_info::enabled` says of `hot_check` whether it is so.
using hot_layer_actor =
    caf::typed_actor<caf::replies_to<hot_add>::with<hot_info>, caf::replies_to<hot_pin>::with<hot_info>,
                     caf::replies_to<hot_check>::with<hot_info>, caf::replies_to<hot_remove>::with<nothing>,
                     caf::replies_to<hot_get>::with<hot_reading>, caf::replies_to<hot_next>::with<hot_part>,
                     caf::reacts_to<hot_close>>;

/// Seed 000: ColdLayer.Store, and what the scenarios need besides. Why deals
/// were not made is in the answer: no_providers (with each one's reason),
/// insufficient_funds, deal_rejected, timeout, too_large. Errors: not_found (its
/// blocks are not here), no_network; `cancelled` when a later `cold_store` or a
/// `cold_stop` of the same (instance, CID) took its place.
using cold_layer_actor =
    caf::typed_actor<caf::replies_to<cold_store>::with<cold_answer>, caf::replies_to<cold_stop>::with<nothing>,
                     // The price that was paid.
                     caf::replies_to<cold_fetch>::with<token_amount>>;

} // namespace weir::ffs
