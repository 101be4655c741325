#include "storage/filecoin/multiaddr.hpp"

#include "messages/types/cid.hpp"
#include "messages/types/varint.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace weir::filecoin {

namespace {

constexpr std::uint64_t ip4 = 0x04, tcp = 0x06, ip6 = 0x29, dns = 0x35, dns4 = 0x36, dns6 = 0x37, dnsaddr = 0x38,
                        udp = 0x0111, p2p_circuit = 0x0122, p2p = 0x01a5, https = 0x01bb, tls = 0x01c0, quic = 0x01cc,
                        quic_v1 = 0x01cd, ws = 0x01dd, wss = 0x01de, http = 0x01e0;

/// What follows a part's code.
enum class kind { nothing, v4, v6, port, host, peer };

struct protocol {
  std::uint64_t code;
  std::string_view name;
  kind value;
};

constexpr std::array protocols{
    protocol{ip4, "ip4", kind::v4},
    protocol{ip6, "ip6", kind::v6},
    protocol{dns, "dns", kind::host},
    protocol{dns4, "dns4", kind::host},
    protocol{dns6, "dns6", kind::host},
    protocol{dnsaddr, "dnsaddr", kind::host},
    protocol{tcp, "tcp", kind::port},
    protocol{udp, "udp", kind::port},
    protocol{tls, "tls", kind::nothing},
    protocol{ws, "ws", kind::nothing},
    protocol{wss, "wss", kind::nothing},
    protocol{http, "http", kind::nothing},
    protocol{https, "https", kind::nothing},
    protocol{quic, "quic", kind::nothing},
    protocol{quic_v1, "quic-v1", kind::nothing},
    protocol{p2p_circuit, "p2p-circuit", kind::nothing},
    protocol{p2p, "p2p", kind::peer},
};

template <class Match>
const protocol* find(Match match) {
  auto found = std::find_if(protocols.begin(), protocols.end(), match);
  return found == protocols.end() ? nullptr : &*found;
}
const protocol* by_code(std::uint64_t code) {
  return find([code](const protocol& p) { return p.code == code; });
}
const protocol* by_name(std::string_view name) {
  return find([name](const protocol& p) { return p.name == name || (p.code == p2p && name == "ipfs"); });
}

/// Host names end up in URLs, so nothing but letters, digits, '-', '_' and '.'.
bool valid_host(std::string_view name) {
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'
           || c == '.';
  });
}

result<bytes> ip_bytes(int family, std::size_t size, const std::string& text) {
  bytes out(size);
  if (inet_pton(family, text.c_str(), out.data()) != 1)
    return fail(errc::malformed, "not an IP address", text);
  return out;
}

std::string ip_text(int family, bytes_view data) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  return inet_ntop(family, data.data(), out.data(), out.size());
}

result<bytes> port_bytes(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (code != std::errc{} || end != text.data() + text.size())
    return fail(errc::malformed, "not a port number", std::string{text});
  return bytes{static_cast<std::uint8_t>(port >> 8), static_cast<std::uint8_t>(port)};
}

bytes with_length(bytes_view data) {
  bytes out;
  put_varint(out, data.size());
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

/// The bytes that follow the code.
result<bytes> encode_value(kind what, const std::string& text) {
  switch (what) {
  case kind::nothing:
    break;
  case kind::v4:
    return ip_bytes(AF_INET, 4, text);
  case kind::v6:
    return ip_bytes(AF_INET6, 16, text);
  case kind::port:
    return port_bytes(text);
  case kind::host:
    if (!valid_host(text))
      return fail(errc::malformed, "not a host name", text);
    return with_length(as_bytes(text));
  case kind::peer: {
    WEIR_TRY(auto hash, parse_peer_id(text));
    return with_length(hash);
  }
  }
  return bytes{};
}

/// The text of a value whose bytes are all of `data`.
result<std::string> decode_value(kind what, bytes_view data) {
  switch (what) {
  case kind::nothing:
    break;
  case kind::v4:
    return ip_text(AF_INET, data);
  case kind::v6:
    return ip_text(AF_INET6, data);
  case kind::port:
    return std::to_string(data[0] << 8 | data[1]);
  case kind::host:
    if (!valid_host(as_text(data)))
      return fail(errc::malformed, "a host name has characters that are not allowed", to_hex(data));
    return std::string{as_text(data)};
  case kind::peer: {
    auto text = peer_id_text(data);
    WEIR_TRY(auto checked, parse_peer_id(text));
    return text;
  }
  }
  return std::string{};
}

error cut_short() {
  return fail(errc::malformed, "a multiaddress ends too early");
}

std::optional<std::size_t> value_size(kind what, bytes_view& in) {
  switch (what) {
  case kind::nothing:
    return 0;
  case kind::v4:
    return 4;
  case kind::v6:
    return 16;
  case kind::port:
    return 2;
  default:
    return take_varint(in, multiformats_varint_max);
  }
}

error too_large(std::size_t size) {
  return fail(errc::too_large, "a multiaddress is too long", std::to_string(size), std::to_string(multiaddr::max_size));
}

} // namespace

result<multiaddr> multiaddr::parse(std::string_view text) {
  if (text.size() > max_size)
    return too_large(text.size());
  auto rest = text;
  auto next = [&]() -> std::optional<std::string> {
    if (!rest.starts_with('/'))
      return std::nullopt;
    rest.remove_prefix(1);
    auto word = rest.substr(0, rest.find('/'));
    rest.remove_prefix(word.size());
    return std::string{word};
  };
  multiaddr out;
  while (!rest.empty()) {
    auto name = next();
    auto known = name ? by_name(*name) : nullptr;
    if (!name || name->empty())
      return fail(errc::malformed, "not a multiaddress", std::string{text});
    if (!known)
      return fail(errc::unsupported, "a multiaddress has an unknown part", *name);
    part p{known->code, {}};
    if (known->value != kind::nothing) {
      auto value = next();
      if (!value)
        return cut_short();
      WEIR_TRY(auto data, encode_value(known->value, *value));
      auto view = bytes_view{data};
      auto size = value_size(known->value, view).value_or(0);
      WEIR_TRY(p.value, decode_value(known->value, view.first(size))); // the one form of it
    }
    out.parts_.push_back(std::move(p));
  }
  if (out.parts_.empty())
    return fail(errc::malformed, "a multiaddress is empty");
  return out;
}

result<multiaddr> multiaddr::from_bytes(bytes_view data) {
  if (data.size() > max_size)
    return too_large(data.size());
  multiaddr out;
  for (auto rest = data; !rest.empty();) {
    auto code = take_varint(rest, multiformats_varint_max);
    if (!code)
      return fail(errc::malformed, "not a multiaddress", to_hex(data));
    auto known = by_code(*code);
    if (!known)
      return fail(errc::unsupported, "a multiaddress has an unknown part", std::to_string(*code));
    auto size = value_size(known->value, rest);
    if (!size || *size > rest.size())
      return cut_short();
    WEIR_TRY(auto value, decode_value(known->value, rest.first(*size)));
    rest = rest.subspan(*size);
    out.parts_.push_back({*code, std::move(value)});
  }
  if (out.parts_.empty())
    return fail(errc::malformed, "a multiaddress is empty");
  return out;
}

std::string multiaddr::text() const {
  std::string out;
  for (auto& p : parts_) {
    auto known = by_code(p.code);
    out.append("/").append(known->name);
    if (known->value != kind::nothing)
      out.append("/").append(p.value);
  }
  return out;
}

bytes multiaddr::data() const {
  bytes out;
  for (auto& p : parts_) {
    put_varint(out, p.code);
    auto value = encode_value(by_code(p.code)->value, p.value);
    out.insert(out.end(), value->begin(), value->end());
  }
  return out;
}

result<std::string> multiaddr::base_url() const {
  auto refused = [&] { return fail(errc::unsupported, "no HTTP is spoken at the address", text()); };
  auto at = [&](std::size_t i) { return i < parts_.size() ? parts_[i].code : 0; };
  bool named = at(0) == dns || at(0) == dns4 || at(0) == dns6;
  if ((!named && at(0) != ip4 && at(0) != ip6) || at(1) != tcp)
    return refused();
  bool secure = at(2) == tls;
  std::size_t i = secure ? 3 : 2;
  if (at(i) == https || at(i) == wss)
    secure = true;
  else if (at(i) != http && at(i) != ws)
    return refused();
  if (i + 1 < parts_.size() && (at(i + 1) != p2p || i + 2 < parts_.size()))
    return refused();
  auto host = at(0) == ip6 ? "[" + parts_[0].value + "]" : parts_[0].value;
  return (secure ? "https://" : "http://") + host + ":" + parts_[1].value;
}

std::string peer_id_text(bytes_view multihash) {
  return base_encode(multibase::base58btc, multihash);
}

result<bytes> parse_peer_id(std::string_view text) {
  auto refused = [&] { return fail(errc::malformed, "not a peer id", std::string{text.substr(0, 128)}); };
  if (text.empty() || text.size() > 128)
    return refused();
  if (text[0] != 'Q' && text[0] != '1') {
    auto key = cid::parse(text);
    if (!key || key->codec() != codec::libp2p_key)
      return refused();
    return to_bytes(key->multihash());
  }
  auto hash = base_decode(multibase::base58btc, text);
  if (!hash)
    return refused();
  bytes as_cid{0x01, static_cast<std::uint8_t>(codec::libp2p_key)};
  as_cid.insert(as_cid.end(), hash->begin(), hash->end());
  if (!cid::from_bytes(as_cid))
    return refused();
  return *hash;
}

} // namespace weir::filecoin
