#pragma once
// State watches of a remote client (jobs, logs): a hosted actor that the hub
// sends batches to, and a window of records that the client has not answered.
// The next batch is asked for when all of the last one has left. A client that
// does not answer costs one window and one batch, and gets the newest state of
// each record when it goes on.
#include "adapters/rpc/core.hpp"

namespace weir::rpc {

/// The window is 1 to 256; errc::overloaded when the connection has too many watches.
status check_window(const session& s, std::uint32_t window);

/// Begins it; the subscription ends it when it is dropped. `from` 0: what there is, then every change.
kj::Promise<wire::Subscription::Client> watch_jobs(session_ptr s, const instance_id& of, ffs::job_filter filter,
                                                   std::uint64_t from, std::uint32_t window,
                                                   wire::JobWatcher::Client watcher);
/// Of one job, or of all with an empty one.
kj::Promise<wire::Subscription::Client> watch_log(session_ptr s, const instance_id& of, const cid& id, std::string job,
                                                  std::uint64_t from, std::uint32_t window,
                                                  wire::LogWatcher::Client watcher);

} // namespace weir::rpc
