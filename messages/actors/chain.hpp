#pragma once
// The Filecoin chain as the domain sees it: implemented by adapters/chain
// over Lotus JSON-RPC (filecoin.md section 4), used by the actors of deals.
#include "messages/actors/caf.hpp"
#include "messages/actors/clock.hpp"
#include "messages/types/address.hpp"
#include "messages/types/cid.hpp"
#include "messages/types/ids.hpp"
#include "messages/types/token_amount.hpp"

#include <optional>
#include <vector>

namespace weir {

struct tipset {
  epoch height = no_epoch;
  std::vector<cid> cids;
  std::int64_t timestamp = 0; ///< seconds since 1970
};

/// What ChainNotify says, in its order: reverts newest first, then applies.
struct head_change {
  enum class kind : std::uint8_t { current, apply, revert };
  kind what = kind::current;
  tipset at;
};
struct head_changes {
  std::vector<head_change> changes;
  epoch finalized = no_epoch; ///< ChainGetFinalizedTipSet after these changes
};
/// The chain node does not answer, lags behind, or (code none) is back.
struct chain_health {
  error problem{errc::none, {}, {}, {}};
};

struct chain_info {
  std::string network; ///< StateNetworkName
  std::uint32_t network_version = 0;
  std::int64_t genesis_time = 0; ///< seconds since 1970
  std::int64_t block_delay = epoch_seconds;
};

struct miner_info {
  address miner;
  address worker;
  address owner;
  std::string peer_id;
  std::vector<bytes> multiaddrs; ///< binary
  std::uint64_t sector_size = 0;
};

/// Quality-adjusted bytes: of one provider, and of all.
struct miner_power {
  token_amount own;
  token_amount total;
};
struct sector_counts {
  std::uint64_t live = 0;
  std::uint64_t active = 0;
  std::uint64_t faulty = 0;
};

struct market_balance {
  token_amount escrow;
  token_amount locked;
  token_amount available() const { return escrow - locked; }
};

struct collateral_bounds {
  token_amount min;
  token_amount max;
};

/// StateMarketStorageDeal.
struct chain_deal {
  deal_id id;
  cid piece;
  std::uint64_t padded_size = 0;
  bool verified = false;
  address client; ///< normalised to f0
  address provider;
  std::string label;
  epoch start = no_epoch;
  epoch end = no_epoch;
  token_amount price_per_epoch;
  token_amount provider_collateral;
  token_amount client_collateral;
  std::uint64_t sector = 0;
  epoch sector_start = no_epoch; ///< -1: published, not active
  epoch last_updated = no_epoch;
  epoch slashed = no_epoch;
};

/// A chain message before or after gas estimation; `gas_limit` 0 means "estimate".
struct chain_call {
  address from;
  address to;
  token_amount value;
  std::uint64_t nonce = 0;
  std::uint64_t method = 0;
  bytes params;
  std::int64_t gas_limit = 0;
  token_amount gas_fee_cap;
  token_amount gas_premium;
};

struct message_receipt {
  cid message;
  std::int64_t exit_code = 0;
  bytes returned;
  epoch height = no_epoch;
};

/// One event of the market actor (FIP-0083).
struct market_event {
  enum class kind : std::uint8_t { published, activated, terminated, completed };
  kind what = kind::published;
  deal_id id;
  std::uint64_t client = 0;   ///< actor id
  std::uint64_t provider = 0; ///< actor id
  epoch height = no_epoch;
  cid message;
};

using chain_listener = caf::typed_actor<caf::reacts_to<head_changes>, caf::reacts_to<chain_health>>;

// Requests are named structs: adding a field touches one place.
namespace chain {
struct get_info {};
struct get_head {};
struct get_finalized {};
struct list_miners {};
struct get_miner {
  address miner;
};
struct get_power {
  address miner;
};
struct get_sectors {
  address miner;
};
struct get_balance {
  address of;
};
struct get_market_balance {
  address of;
};
struct lookup_id {
  address of;
};
struct get_deal {
  deal_id id;
};
struct get_collateral {
  std::uint64_t padded_size = 0;
  bool verified = false;
};
struct get_nonce {
  address of;
};
struct estimate_gas {
  chain_call call;
};
struct push_message {
  bytes signed_message;
}; ///< CBOR of the signed message
struct search_message {
  cid message;
};
struct get_market_events {
  epoch from;
  epoch to;
};
} // namespace chain

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_chain, WEIR_TYPE_IDS(3))
WEIR_MESSAGE(weir_chain, (weir::tipset))
WEIR_MESSAGE(weir_chain, (weir::head_changes))
WEIR_MESSAGE(weir_chain, (weir::chain_health))
WEIR_MESSAGE(weir_chain, (weir::chain_info))
WEIR_MESSAGE(weir_chain, (weir::miner_info))
WEIR_MESSAGE(weir_chain, (weir::miner_power))
WEIR_MESSAGE(weir_chain, (weir::sector_counts))
WEIR_MESSAGE(weir_chain, (weir::market_balance))
WEIR_MESSAGE(weir_chain, (weir::collateral_bounds))
WEIR_MESSAGE(weir_chain, (weir::chain_deal))
WEIR_MESSAGE(weir_chain, (weir::chain_call))
WEIR_MESSAGE(weir_chain, (std::optional<weir::message_receipt>))
WEIR_MESSAGE(weir_chain, (std::vector<weir::market_event>))
WEIR_MESSAGE(weir_chain, (std::vector<weir::address>))
WEIR_MESSAGE(weir_chain, (weir::address))
WEIR_MESSAGE(weir_chain, (weir::cid))
WEIR_MESSAGE(weir_chain, (weir::token_amount))
WEIR_MESSAGE(weir_chain, (weir::chain_listener))
WEIR_MESSAGE(weir_chain, (weir::chain::get_info))
WEIR_MESSAGE(weir_chain, (weir::chain::get_head))
WEIR_MESSAGE(weir_chain, (weir::chain::get_finalized))
WEIR_MESSAGE(weir_chain, (weir::chain::list_miners))
WEIR_MESSAGE(weir_chain, (weir::chain::get_miner))
WEIR_MESSAGE(weir_chain, (weir::chain::get_power))
WEIR_MESSAGE(weir_chain, (weir::chain::get_sectors))
WEIR_MESSAGE(weir_chain, (weir::chain::get_balance))
WEIR_MESSAGE(weir_chain, (weir::chain::get_market_balance))
WEIR_MESSAGE(weir_chain, (weir::chain::lookup_id))
WEIR_MESSAGE(weir_chain, (weir::chain::get_deal))
WEIR_MESSAGE(weir_chain, (weir::chain::get_collateral))
WEIR_MESSAGE(weir_chain, (weir::chain::get_nonce))
WEIR_MESSAGE(weir_chain, (weir::chain::estimate_gas))
WEIR_MESSAGE(weir_chain, (weir::chain::push_message))
WEIR_MESSAGE(weir_chain, (weir::chain::search_message))
WEIR_MESSAGE(weir_chain, (weir::chain::get_market_events))
CAF_END_TYPE_ID_BLOCK(weir_chain)

namespace weir {

/// Errors: unreachable, timeout, out_of_sync, chain_error (with the node's
/// words), not_found (deal, actor, message), protocol (an answer that does not parse).
using chain_actor = caf::typed_actor<
    caf::replies_to<atom::subscribe, chain_listener>::with<nothing>, caf::replies_to<chain::get_info>::with<chain_info>,
    caf::replies_to<chain::get_head>::with<tipset>, caf::replies_to<chain::get_finalized>::with<tipset>,
    caf::replies_to<chain::list_miners>::with<std::vector<address>>,
    caf::replies_to<chain::get_miner>::with<miner_info>, caf::replies_to<chain::get_power>::with<miner_power>,
    caf::replies_to<chain::get_sectors>::with<sector_counts>, caf::replies_to<chain::get_balance>::with<token_amount>,
    caf::replies_to<chain::get_market_balance>::with<market_balance>, caf::replies_to<chain::lookup_id>::with<address>,
    caf::replies_to<chain::get_deal>::with<chain_deal>, caf::replies_to<chain::get_collateral>::with<collateral_bounds>,
    caf::replies_to<chain::get_nonce>::with<std::uint64_t>, caf::replies_to<chain::estimate_gas>::with<chain_call>,
    caf::replies_to<chain::push_message>::with<cid>,
    // Nothing when the message has not landed (yet).
    caf::replies_to<chain::search_message>::with<std::optional<message_receipt>>,
    caf::replies_to<chain::get_market_events>::with<std::vector<market_event>>>;

} // namespace weir
