#pragma once
// The listeners of the server.
#include "adapters/rpc/server.hpp"

#include <kj/async-io.h>
#include <kj/compat/tls.h>

namespace weir::rpc {

/// A unix socket that only its owner may connect to; what was there before is replaced.
result<kj::Own<kj::ConnectionReceiver>> listen_unix(kj::AsyncIoContext& io, const std::filesystem::path& path);
result<kj::Own<kj::ConnectionReceiver>> listen_tcp(kj::AsyncIoContext& io, const std::string& host, std::uint16_t port);
/// errc::invalid_argument names the file that is none.
result<kj::Own<kj::TlsContext>> make_tls(const server_options& o, kj::Timer& timer);

} // namespace weir::rpc
