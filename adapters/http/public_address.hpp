#pragma once
// Which addresses are of the public internet: a URL that a stranger gave must
// not lead into the operator's network, or back to this machine.
struct sockaddr;

namespace weir::http {

/// Not loopback, private, link-local, shared, reserved, documentation or
/// multicast (IANA's special-purpose registries, RFC 6890). IPv6 that carries
/// an IPv4 address (mapped, 6to4, NAT64) is judged by that.
bool is_public(const sockaddr& address);

} // namespace weir::http
