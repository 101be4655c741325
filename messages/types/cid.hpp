#pragma once
// Content identifiers, https://github.com/multiformats/cid.
#include "messages/types/bytes.hpp"
#include "messages/types/multibase.hpp"
#include "messages/types/result.hpp"

#include <compare>
#include <functional>
#include <string>

namespace weir {

/// Multicodec numbers that Weir meets.
namespace codec {
inline constexpr std::uint64_t raw = 0x55;
inline constexpr std::uint64_t dag_pb = 0x70;
inline constexpr std::uint64_t dag_cbor = 0x71;
inline constexpr std::uint64_t dag_json = 0x0129;
inline constexpr std::uint64_t libp2p_key = 0x72;
inline constexpr std::uint64_t fil_commitment_unsealed = 0xf101;
inline constexpr std::uint64_t fil_commitment_sealed = 0xf102;
} // namespace codec

/// Multihash function codes.
namespace hash_code {
inline constexpr std::uint64_t identity = 0x00;
inline constexpr std::uint64_t sha2_256 = 0x12;
inline constexpr std::uint64_t sha2_512 = 0x13;
inline constexpr std::uint64_t sha3_256 = 0x16;
inline constexpr std::uint64_t blake2b_256 = 0xb220;
inline constexpr std::uint64_t fr32_sha256_trunc254_padbintree = 0x1011;
inline constexpr std::uint64_t sha2_256_trunc254_padded = 0x1012;
} // namespace hash_code

/// A valid CID, or `empty()`. Holds the binary form: for version 0 the bare
/// multihash, for version 1 `01 codec multihash`. Ordered and equal by bytes.
class cid {
public:
  cid() = default;

  /// `multihash` must be a whole valid one (code, length, digest).
  static cid v0(bytes_view sha2_256_digest);
  static cid v1(std::uint64_t codec, bytes_view multihash);
  static cid v1(std::uint64_t codec, std::uint64_t hash_code, bytes_view digest);

  /// The whole of `data`, or errc::invalid_cid.
  static result<cid> from_bytes(bytes_view data);
  /// Reads a CID off the front of `in` and removes it (CAR frames, links).
  static result<cid> take(bytes_view& in);
  /// Any multibase that `multibase.hpp` knows, or a version 0 `Qm…`.
  static result<cid> parse(std::string_view text);

  bool empty() const { return data_.empty(); }
  int version() const;
  std::uint64_t codec() const;
  std::uint64_t hash_code() const;
  /// Code, length and digest: the key of a block, whatever codec names it.
  bytes_view multihash() const;
  bytes_view digest() const;
  bytes_view data() const { return as_bytes(data_); }

  /// Version 0 as `Qm…`, version 1 in `base`.
  std::string text(multibase base = multibase::base32) const;

  friend bool operator==(const cid&, const cid&) = default;
  friend auto operator<=>(const cid&, const cid&) = default;

private:
  friend struct std::hash<cid>;
  std::string data_;
};

/// Same as `text()`.
std::string to_string(const cid& c);

/// Largest digest that is accepted, in bytes (identity hashes of inlined
/// blocks are the only long ones; Kubo's limit).
inline constexpr std::size_t max_digest_size = 128;

} // namespace weir

template <>
struct std::hash<weir::cid> {
  std::size_t operator()(const weir::cid& c) const { return std::hash<std::string>{}(c.data_); }
};
