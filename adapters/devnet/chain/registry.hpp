#pragma once
// Parameters of the verified registry actor f06 (builtin-actors v15).
#include "storage/filecoin/cbor.hpp"

#include "messages/types/address.hpp"
#include "messages/types/token_amount.hpp"

namespace weir::devnet {

/// AddVerifiedClient (4).
struct verified_client {
  address client;
  token_amount allowance; ///< bytes
};
bytes encode(const verified_client& c);
result<verified_client> decode_verified_client(bytes_view params);

} // namespace weir::devnet
