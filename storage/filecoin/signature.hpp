#pragma once
// Signatures as the chain has them: a type and its bytes. Source:
// https://spec.filecoin.io/algorithms/crypto/signatures/.
#include "messages/types/bytes.hpp"
#include "storage/filecoin/cbor.hpp"

namespace weir::filecoin {

struct signature {
  enum class type : std::uint8_t { secp256k1 = 1, bls = 2, delegated = 3 };
  static constexpr std::size_t max_size = 200; ///< with the type

  type kind = type::secp256k1;
  bytes data; ///< secp256k1: r, s and the recovery id, 65 bytes; BLS: 96 bytes

  friend bool operator==(const signature&, const signature&) = default;
};

/// Type byte and data: the content of the byte string in CBOR.
bytes signature_bytes(const signature& s);
result<signature> signature_from_bytes(bytes_view data);

void encode(cbor_writer& out, const signature& s);
void decode(cbor_reader& in, signature& s);

} // namespace weir::filecoin
