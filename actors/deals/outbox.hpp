#pragma once
// Chain messages of the wallet, intent before effect: a message is signed
// with its nonce and committed before it is pushed; after a crash the same
// bytes are pushed again, which the chain knows to be the same message.
// One message of an address is under way at a time, so no nonce is skipped.
// Plain logic of records: the wallet actor does the talking.
#include "actors/support/committer.hpp"
#include "messages/actors/deals.hpp"
#include "storage/filecoin/keystore.hpp"

namespace weir {

/// What is to be sent.
struct message_order {
  std::string purpose; ///< "add-escrow"
  address from;
  address to;
  token_amount value;
  std::uint64_t method = 0;
  bytes params;
};

/// The record with the signed bytes; `call` has nonce and gas.
chain_message sign_order(const message_order& order, const chain_call& call, const filecoin::secret_key& key,
                         std::string id, epoch now);

result<transaction_builder> intend(const records::reader& state, const chain_message& m);
result<transaction_builder> mark_sent(const records::reader& state, const std::string& id);
result<transaction_builder> mark_landed(const records::reader& state, const std::string& id,
                                        const message_receipt& receipt);
/// It can never land: another message took its nonce.
result<transaction_builder> mark_lost(const records::reader& state, const std::string& id, const std::string& why);

/// Messages that are not known to have landed or failed.
result<std::vector<chain_message>> open_messages(const records::reader& state);

message_order escrow_order(const address& wallet, const token_amount& amount);

} // namespace weir
