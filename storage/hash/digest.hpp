#pragma once
// The hash functions of multihash that Weir computes: SHA-256, SHA-512,
// SHA3-256 (OpenSSL), BLAKE2b-256 (libb2) and identity, whole or streamed.
// https://github.com/multiformats/multicodec/blob/master/table.csv
//
// OpenSSL's digests are fetched once per process and its contexts reused per
// thread: an implicit fetch costs three times as much as a 64-byte hash.
#include "messages/types/bytes.hpp"
#include "messages/types/cid.hpp"

#include <array>
#include <memory>

namespace weir {

using sha256_digest = std::array<std::uint8_t, 32>;

sha256_digest sha2_256(bytes_view data);

/// Unkeyed BLAKE2b with `out.size()` of 1 to 64 bytes (Filecoin uses 4, 20, 32).
void blake2b(std::span<std::uint8_t> out, bytes_view data);

/// A digest on the stack; identity is the longest.
class hash_digest {
public:
  hash_digest() = default;
  explicit hash_digest(std::size_t size) : size_{size} {}
  bytes_view view() const { return {data_.data(), size_}; }
  std::span<std::uint8_t> span() { return {data_.data(), size_}; }

private:
  std::array<std::uint8_t, max_digest_size> data_{};
  std::size_t size_ = 0;
};

/// Can `digest_of` compute this multihash function?
bool hash_supported(std::uint64_t hash_code);

/// errc::unsupported for a function that Weir does not compute, errc::too_large
/// for an identity "hash" of more than `max_digest_size` bytes.
result<hash_digest> digest_of(std::uint64_t hash_code, bytes_view data);

/// One hash over many pieces of data. Not for identity.
class hash_stream {
public:
  static result<hash_stream> create(std::uint64_t hash_code);
  hash_stream(hash_stream&&) noexcept;
  hash_stream& operator=(hash_stream&&) noexcept;
  ~hash_stream();

  void update(bytes_view data);
  /// The digest of everything since the last `finish`; the stream starts anew.
  hash_digest finish();

private:
  struct state;
  explicit hash_stream(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

} // namespace weir
