#pragma once
// One log watch of a remote client: a hosted actor that the hub sends batches
// to, and a window of calls to the client that it has not answered. The next
// batch is asked for when all of the last one has left, so a client that does
// not answer costs one window and one batch, and reads on from the journal.
#include "adapters/rpc/core.hpp"

namespace weir::rpc {

struct watch_wish {
  log_filter filter;
  bool records = false;
  revision after;
  std::uint32_t window = 32;
};

result<watch_wish> watch_wish_of(const session& s, wire::Reading::WatchParams::Reader p);

/// Begins it; the subscription ends it when it is dropped.
kj::Promise<wire::Subscription::Client> open_watch(session_ptr s, watch_wish wish, wire::Watcher::Client watcher);

} // namespace weir::rpc
