#pragma once
// Making and following storage deals. The carrier is implemented by
// adapters/deals (mk12 over HTTP first); the rest by actors/deals.
#include "messages/actors/chain.hpp"
#include "messages/actors/clock.hpp"
#include "messages/types/records.hpp"

#include <vector>

namespace weir {

/// What a provider charges and takes (signed storage ask).
struct storage_ask {
  token_amount price; ///< attoFIL per GiB and epoch
  token_amount verified_price;
  std::uint64_t min_piece = 0; ///< padded bytes
  std::uint64_t max_piece = 0;
  epoch expiry = no_epoch;
};

/// Where a provider can be talked to.
struct provider_endpoint {
  address provider;
  std::vector<std::string> multiaddrs; ///< text
};

/// Everything that a proposal needs besides the record.
struct proposal_parcel {
  provider_endpoint to;
  deal record;
  bytes signature;                 ///< type byte and data, over the CBOR of the proposal
  cid payload_root;                ///< "deal data root"
  std::string transfer_url;        ///< of the piece host
  std::string transfer_token;      ///< sent by the provider as a bearer token
  std::uint64_t transfer_size = 0; ///< bytes that it downloads
};

/// What the provider answered to a proposal that did arrive.
struct proposal_answer {
  bool accepted = false;
  std::string message; ///< its own words
};

/// What the provider says of a deal; hints only, the chain decides.
struct provider_deal_status {
  bool known = false;
  bool failed = false; ///< it will never become active
  std::string status;
  std::string message;
  cid publish_message;
  deal_id id;
};

struct selection_request {
  cid piece;
  std::uint64_t padded_size = 0;
  std::uint32_t wanted = 0;
  std::vector<address> exclude; ///< hold a good deal of this piece already, or just refused it
  bool verified = false;
  deal_terms terms; ///< of the content, if it has its own
};

/// The chosen providers with their asks, and why the others are not.
struct selection_answer {
  std::vector<provider> chosen;
  std::vector<rejection> rejections;
};

struct wallet_balance {
  wallet_address wallet;
  token_amount balance;
  market_balance market;
};

struct signature_request {
  address signer;
  bytes message;
};
struct escrow_request {
  address wallet;
  token_amount amount; ///< to add
};
/// Make sure that this much more is (or soon will be) available in escrow.
struct escrow_need {
  address wallet;
  token_amount amount;
  /// What it is for. Committed after the answer and before the next need, or never:
  /// the next one sees them as reserved, whether or not their events were heard.
  std::vector<deal_uuid> deals = {};
};
struct import_key {
  std::string name;
  std::string secret; ///< hex of the private key, or Lotus's exported form; never logged
};
struct get_ask {
  provider_endpoint of;
};
struct get_deal_status {
  provider_endpoint at;
  deal record;
  bytes signature; ///< over the UUID's 16 bytes
};

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_deals, WEIR_TYPE_IDS(4))
WEIR_MESSAGE(weir_deals, (weir::storage_ask))
WEIR_MESSAGE(weir_deals, (weir::proposal_parcel))
WEIR_MESSAGE(weir_deals, (weir::proposal_answer))
WEIR_MESSAGE(weir_deals, (weir::provider_deal_status))
WEIR_MESSAGE(weir_deals, (weir::selection_request))
WEIR_MESSAGE(weir_deals, (weir::selection_answer))
WEIR_MESSAGE(weir_deals, (weir::wallet_balance))
WEIR_MESSAGE(weir_deals, (std::vector<weir::wallet_balance>))
WEIR_MESSAGE(weir_deals, (weir::wallet_address))
WEIR_MESSAGE(weir_deals, (weir::signature_request))
WEIR_MESSAGE(weir_deals, (weir::escrow_request))
WEIR_MESSAGE(weir_deals, (weir::escrow_need))
WEIR_MESSAGE(weir_deals, (weir::import_key))
WEIR_MESSAGE(weir_deals, (weir::get_ask))
WEIR_MESSAGE(weir_deals, (weir::get_deal_status))
WEIR_MESSAGE(weir_deals, (weir::bytes))
CAF_END_TYPE_ID_BLOCK(weir_deals)

namespace weir {

/// A way to talk to providers. Errors: unreachable (it surely did not
/// arrive), outcome_unknown (it may have: ask for the status before sending
/// again), protocol (garbage), timeout, unsupported (no address that it speaks).
using deal_carrier_actor = caf::typed_actor<caf::replies_to<get_ask>::with<storage_ask>,
                                            caf::replies_to<proposal_parcel>::with<proposal_answer>,
                                            caf::replies_to<get_deal_status>::with<provider_deal_status>>;

/// Chooses providers; every provider that is not chosen is listed with its reason.
using miner_selector_actor = caf::typed_actor<caf::replies_to<selection_request>::with<selection_answer>>;

/// Holds keys, signs, knows balances, and sends chain messages (intent first).
using wallet_actor = caf::typed_actor<
    // The default address; errc::not_found when there is none.
    caf::replies_to<atom::get>::with<address>, caf::replies_to<atom::list>::with<std::vector<wallet_balance>>,
    caf::replies_to<atom::create, std::string>::with<wallet_address>, caf::replies_to<import_key>::with<wallet_address>,
    // Type byte and data.
    caf::replies_to<signature_request>::with<bytes>,
    // CID of the message once it is in the pool.
    caf::replies_to<escrow_request>::with<cid>,
    // Answers when enough is available; errc::insufficient_funds says by how much it is not.
    caf::replies_to<escrow_need>::with<nothing>, caf::reacts_to<tick>>;

/// Brings every piece to its promised number of good deals, and keeps it there.
using deal_maker_actor = caf::typed_actor<
    // Look at this piece (and at all, without one).
    caf::reacts_to<atom::wake, cid>, caf::reacts_to<atom::wake>, caf::reacts_to<tick>>;

/// Follows deals on the chain and commits what became of them.
using deal_tracker_actor =
    caf::typed_actor<caf::reacts_to<head_changes>, caf::reacts_to<tick>, caf::reacts_to<atom::wake>>;

/// Hears chain heads; feeds the ticker and whoever tracks deals.
using chain_watcher_actor = caf::typed_actor<caf::reacts_to<head_changes>, caf::reacts_to<chain_health>,
                                             caf::replies_to<atom::status>::with<error>>;

} // namespace weir
