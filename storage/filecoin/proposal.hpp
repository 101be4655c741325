#pragma once
// Proposals of storage deals, as client and provider sign them and the market
// actor f05 stores them: go-state-types, market.DealProposal.
#include "messages/types/cid.hpp"
#include "messages/types/ids.hpp"
#include "storage/filecoin/signature.hpp"

namespace weir::filecoin {

/// Text or bytes: two different encodings with two different CIDs.
struct deal_label {
  static constexpr std::size_t max_size = 256;
  std::string data;
  bool is_text = true;

  friend bool operator==(const deal_label&, const deal_label&) = default;
};

struct deal_proposal {
  cid piece; ///< piece CID version 1
  std::uint64_t padded_size = 0;
  bool verified = false;
  address client;
  address provider;
  deal_label label;
  epoch start;
  epoch end;
  token_amount price_per_epoch; ///< attoFIL for the whole piece
  token_amount provider_collateral;
  token_amount client_collateral;

  friend bool operator==(const deal_proposal&, const deal_proposal&) = default;
};

struct client_deal_proposal {
  deal_proposal proposal;
  signature client_signature;

  friend bool operator==(const client_deal_proposal&, const client_deal_proposal&) = default;
};

void encode(cbor_writer& out, const deal_proposal& p);
void encode(cbor_writer& out, const client_deal_proposal& p);
void decode(cbor_reader& in, deal_proposal& p);
void decode(cbor_reader& in, client_deal_proposal& p);

/// What the client signs.
bytes encode(const deal_proposal& p);
bytes encode(const client_deal_proposal& p);
result<deal_proposal> decode_proposal(bytes_view data);
result<client_deal_proposal> decode_client_proposal(bytes_view data);

/// BLAKE2b CID of the proposal. The chain's own one is made after client and
/// provider were replaced by their f0 addresses.
cid proposal_cid(const deal_proposal& p);
/// SHA-256 CID of proposal and signature: how Boost and Curio name a deal.
cid signed_proposal_cid(const client_deal_proposal& p);

/// What the client has to have in escrow: price of all epochs and collateral.
token_amount client_funds(const deal_proposal& p);

} // namespace weir::filecoin
