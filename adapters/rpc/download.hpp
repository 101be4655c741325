#pragma once
// Bytes of a file going out: one chunk after the other, the next only when the
// sink has room (Cap'n Proto's own flow control of streams).
#include "adapters/rpc/core.hpp"

namespace weir::rpc {

using download_call = capnp::CallContext<wire::Reading::DownloadParams, wire::Reading::DownloadResults>;
using hot_download_call =
    capnp::CallContext<wire::InstanceReading::DownloadParams, wire::InstanceReading::DownloadResults>;

/// What is named by `wanted`, in the range of the call. Resolves when the sink has taken and closed everything.
kj::Promise<void> send_file(session_ptr s, open_read wanted, download_call c);
kj::Promise<void> send_file(session_ptr s, open_read wanted, hot_download_call c);

} // namespace weir::rpc
