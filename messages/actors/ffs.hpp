#pragma once
// FFS (seed 000) as its faces see it: `manager`, one `powergate` for each
// instance, `scheduler`s by name. The face has looked at the caller's token and
// scopes; what is sent here names the instance. Reading needs no actor: jobs,
// configs and logs are records whose keys begin with the instance.
#include "messages/actors/clock.hpp"
#include "messages/types/ffs.hpp"

#include <optional>
#include <string>
#include <vector>

namespace weir::ffs {

/// Wanted state of a CID. Errors: invalid_argument (a rule of the config),
/// precondition (it has another config, and this does not override it).
struct push_config {
  instance_id instance;
  weir::cid cid;
  std::optional<cid_config> config; ///< none: the instance's default
  bool override_config = false;
  bool no_exec = false; ///< only store the wish
  /// Active deals on the chain that hold the CID, whoever made them: adopted before the job. Each
  /// that is known already is skipped. Errors: not_found, precondition (slashed, not active, at its
  /// end), invalid_argument (another piece, another CID).
  std::vector<deal_id> imports = {};
};
struct push_answer {
  job_id job; ///< empty with no_exec
};
/// `to` takes the config and the place of `from`, which is let go when the job succeeds.
struct replace_cid {
  instance_id instance;
  weir::cid from, to;
};
/// Errors: precondition while hot or cold is wanted, or a job of it is not final.
struct remove_cid {
  instance_id instance;
  weir::cid cid;
};
/// errc::precondition when it is final already.
struct cancel_job {
  instance_id instance;
  job_id job;
};
/// Powergate: StageCid. Its blocks come from where the instance's hot layer finds
/// blocks, and are held like what was uploaded. Errors: unsupported (the layer
/// is the node's own store, which finds nothing elsewhere), timeout, not_found.
struct stage_cid {
  instance_id instance;
  weir::cid cid;
  std::uint64_t timeout = 0; ///< seconds until the first bytes; 0: those of the layer
};
/// The node gets the blocks of what is kept hot in a layer outside; nothing happens when it has them.
struct bring_hot {
  instance_id instance;
  weir::cid cid;
};
struct open_instance {
  instance_id id;
};
/// Cancels everything of it and lets go of what it keeps; nothing of it begins any more.
struct drop_instance {
  instance_id id;
};

/// Seed 000: Scheduler.Enqueue. The wish and its job in one transaction.
struct enqueue {
  instance_id instance;
  weir::cid cid;
  cid_config config;
  job_cause why = job_cause::push;
  weir::cid replaces;
  bool override_config = false;
  bool no_exec = false;
};
/// The actor of a job ended; its record says how.
struct job_ended {
  instance_id instance;
  job_id job;
};

} // namespace weir::ffs

CAF_BEGIN_TYPE_ID_BLOCK(weir_ffs, WEIR_TYPE_IDS(21))
WEIR_MESSAGE(weir_ffs, (weir::ffs::push_config))
WEIR_MESSAGE(weir_ffs, (weir::ffs::push_answer))
WEIR_MESSAGE(weir_ffs, (weir::ffs::replace_cid))
WEIR_MESSAGE(weir_ffs, (weir::ffs::remove_cid))
WEIR_MESSAGE(weir_ffs, (weir::ffs::cancel_job))
WEIR_MESSAGE(weir_ffs, (weir::ffs::open_instance))
WEIR_MESSAGE(weir_ffs, (weir::ffs::drop_instance))
WEIR_MESSAGE(weir_ffs, (weir::ffs::enqueue))
WEIR_MESSAGE(weir_ffs, (weir::ffs::job_ended))
WEIR_MESSAGE(weir_ffs, (weir::ffs::job_id))
WEIR_MESSAGE(weir_ffs, (weir::ffs::job))
WEIR_MESSAGE(weir_ffs, (weir::ffs::stage_cid))
WEIR_MESSAGE(weir_ffs, (weir::ffs::bring_hot))
CAF_END_TYPE_ID_BLOCK(weir_ffs)

namespace weir::ffs {

/// Errors: not_found, precondition, overloaded (quota of jobs).
using powergate_actor =
    caf::typed_actor<caf::replies_to<push_config>::with<push_answer>, caf::replies_to<replace_cid>::with<push_answer>,
                     caf::replies_to<remove_cid>::with<nothing>, caf::replies_to<cancel_job>::with<job>,
                     caf::replies_to<stage_cid>::with<content>, caf::replies_to<bring_hot>::with<nothing>>;

/// `GetJob`, `Watch` and `GetFromHot` are reads of the same records.
using scheduler_actor =
    caf::typed_actor<caf::replies_to<enqueue>::with<push_answer>, caf::replies_to<cancel_job>::with<job>,
                     caf::replies_to<remove_cid>::with<nothing>, caf::replies_to<drop_instance>::with<nothing>,
                     caf::reacts_to<job_ended>, caf::reacts_to<tick>>;

} // namespace weir::ffs

CAF_BEGIN_TYPE_ID_BLOCK(weir_ffs_handles, WEIR_TYPE_IDS(22))
WEIR_MESSAGE(weir_ffs_handles, (weir::ffs::powergate_actor))
CAF_END_TYPE_ID_BLOCK(weir_ffs_handles)

namespace weir::ffs {

using manager_actor = caf::typed_actor<caf::replies_to<open_instance>::with<powergate_actor>,
                                       caf::replies_to<drop_instance>::with<nothing>>;

} // namespace weir::ffs
