#pragma once
// Chain messages and their CIDs: https://spec.filecoin.io/systems/filecoin_vm/message/.
#include "messages/types/cid.hpp"
#include "storage/filecoin/signature.hpp"

namespace weir::filecoin {

struct message {
  std::uint64_t version = 0; ///< always 0
  address to;
  address from;
  std::uint64_t nonce = 0;
  token_amount value;
  std::int64_t gas_limit = 0;
  token_amount gas_fee_cap;
  token_amount gas_premium;
  std::uint64_t method = 0; ///< 0 is a plain transfer
  bytes params;             ///< CBOR, or empty

  friend bool operator==(const message&, const message&) = default;
};

struct signed_message {
  message msg;
  signature sig;

  friend bool operator==(const signed_message&, const signed_message&) = default;
};

void encode(cbor_writer& out, const message& m);
void encode(cbor_writer& out, const signed_message& m);
void decode(cbor_reader& in, message& m);
void decode(cbor_reader& in, signed_message& m);

bytes encode(const message& m);
bytes encode(const signed_message& m);
result<message> decode_message(bytes_view data);
result<signed_message> decode_signed_message(bytes_view data);

/// The bytes that are signed are those of this CID.
cid message_cid(const message& m);
/// What the chain knows it by: with a BLS signature that of the bare message.
cid signed_message_cid(const signed_message& m);

/// The most that the message can cost its sender.
token_amount max_cost(const message& m);

} // namespace weir::filecoin
