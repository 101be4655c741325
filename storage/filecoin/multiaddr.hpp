#pragma once
// Multiaddresses (https://github.com/multiformats/multiaddr): how providers
// say on chain where they can be reached. Known parts: ip4, ip6, dns, dns4,
// dns6, dnsaddr, tcp, udp, tls, ws, wss, http, https, quic, quic-v1, p2p,
// p2p-circuit. One with another part is errc::unsupported: skip that address,
// not the provider.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <string>
#include <vector>

namespace weir::filecoin {

class multiaddr {
public:
  struct part {
    std::uint64_t code;
    std::string value; ///< as in the text; empty for parts without one

    friend bool operator==(const part&, const part&) = default;
  };

  static constexpr std::size_t max_size = 1024; ///< bytes or characters

  static result<multiaddr> parse(std::string_view text);
  static result<multiaddr> from_bytes(bytes_view data);

  /// "/dns/example.com/tcp/443/wss"
  std::string text() const;
  bytes data() const;
  const std::vector<part>& parts() const { return parts_; }

  /// "https://example.com:443", without a slash at the end: http and ws give
  /// http, https, wss and either behind tls give https. errc::unsupported when
  /// no HTTP is spoken there.
  result<std::string> base_url() const;

  friend bool operator==(const multiaddr&, const multiaddr&) = default;

private:
  std::vector<part> parts_;
};

/// Base58 of a multihash: "12D3Koo…", "Qm…".
std::string peer_id_text(bytes_view multihash);
/// That, or a CID of a libp2p key; gives the multihash.
result<bytes> parse_peer_id(std::string_view text);

} // namespace weir::filecoin
