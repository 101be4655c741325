#include "messages/types/address.hpp"

namespace weir {

namespace {

constexpr std::size_t hash_size = 20; ///< BLAKE2b-160 of a key or an actor's creation
constexpr std::size_t bls_key_size = 48;
constexpr std::size_t max_subaddress = 54;

/// An id is an int64 in the reference implementation: 9 bytes of varint.
bool valid_id(bytes_view payload) {
  auto id = take_varint(payload, multiformats_varint_max);
  return id && payload.empty();
}

bool valid_delegated(bytes_view payload) {
  auto space = take_varint(payload, multiformats_varint_max);
  return space && payload.size() <= max_subaddress;
}

bool valid(std::uint8_t protocol, bytes_view payload) {
  switch (static_cast<address::protocol>(protocol)) {
  case address::protocol::id:
    return valid_id(payload);
  case address::protocol::secp256k1:
  case address::protocol::actor:
    return payload.size() == hash_size;
  case address::protocol::bls:
    return payload.size() == bls_key_size;
  case address::protocol::delegated:
    return valid_delegated(payload);
  }
  return false;
}

} // namespace

result<address> address::from_bytes(bytes_view data) {
  if (data.empty() || !valid(data[0], data.subspan(1)))
    return fail(errc::malformed, "not a Filecoin address: wrong protocol or length", to_hex(data));
  address a;
  a.data_.assign(as_text(data));
  return a;
}

} // namespace weir
