#pragma once
// What is asked of the node's wallet besides signing for deals: addresses that
// belong to an instance, FIL that is sent, and the seed that keys come from.
// The wallet actor answers it.
#include "messages/actors/deals.hpp"

#include <optional>

namespace weir {

struct create_address {
  instance_id instance;
  std::string name; ///< unique in the instance
};
/// Moves FIL by a chain message.
struct send_fil {
  std::string purpose; ///< "send", "fund"
  address from;        ///< empty: the node's default address
  address to;
  token_amount amount; ///< attoFIL, more than nothing
};

namespace chain {
/// StateVerifiedClientStatus: bytes of verified deals that a client may still publish; none is nothing.
struct get_datacap {
  address of;
};
} // namespace chain
/// Asked before verified deals are proposed: as `escrow_need`, of DataCap.
struct datacap_need {
  address wallet;
  std::uint64_t padded_size = 0; ///< of the piece
  std::vector<deal_uuid> deals;  ///< one for each provider
};

/// The seed that new keys come from. Words and secrets travel in no log: no type here has a text form.
struct show_seed {
  bool words = false; ///< also the secret
};
struct seed_answer {
  std::string id; ///< says nothing about the words
  std::uint32_t next = 0;
  std::string words;            ///< empty unless asked for
  std::vector<address> strange; ///< keys that its words do not bring back
};
/// New keys come from this seed; those that it had come back.
struct restore_seed {
  std::string words;
  std::optional<std::uint32_t> addresses; ///< how many come back; without: as many as the chain knows
  std::uint32_t gap = 20;                 ///< the chain is asked until so many in a row were never used
  bool replace = false;                   ///< another seed was in use
};
struct restored_seed {
  std::string id;
  std::uint32_t next = 0;
  std::vector<address> addresses; ///< by index
};
/// The key as `lotus wallet export` prints it.
struct export_key {
  address addr;
};
struct exported_key {
  std::string secret;
};

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_wallets, WEIR_TYPE_IDS(23))
WEIR_MESSAGE(weir_wallets, (weir::create_address))
WEIR_MESSAGE(weir_wallets, (weir::send_fil))
WEIR_MESSAGE(weir_wallets, (weir::chain::get_datacap))
WEIR_MESSAGE(weir_wallets, (weir::datacap_need))
WEIR_MESSAGE(weir_wallets, (weir::show_seed))
WEIR_MESSAGE(weir_wallets, (weir::seed_answer))
WEIR_MESSAGE(weir_wallets, (weir::restore_seed))
WEIR_MESSAGE(weir_wallets, (weir::restored_seed))
WEIR_MESSAGE(weir_wallets, (weir::export_key))
WEIR_MESSAGE(weir_wallets, (weir::exported_key))
CAF_END_TYPE_ID_BLOCK(weir_wallets)

namespace weir {

/// Errors: already_exists (the name), no_network, insufficient_funds (before
/// anything is sent: what is there, and what it would take with the reserve for gas).
using tenant_wallet_actor = caf::typed_actor<caf::replies_to<create_address>::with<wallet_address>,
                                             // CID of the message once it is in the pool.
                                             caf::replies_to<send_fil>::with<cid>>;

/// What a chain answers besides.
using datacap_chain_actor = caf::typed_actor<caf::replies_to<chain::get_datacap>::with<token_amount>>;
/// errc::insufficient_funds says how much is missing, errc::no_providers that the piece is too
/// small; errc::overloaded: other deals hold it for now.
using datacap_wallet_actor = caf::typed_actor<caf::replies_to<datacap_need>::with<nothing>>;

/// Errors: not_found (no seed yet, no such key), malformed (words), already_exists
/// (another seed), no_network (nobody says how many addresses there were), too_large.
using seed_wallet_actor =
    caf::typed_actor<caf::replies_to<show_seed>::with<seed_answer>, caf::replies_to<restore_seed>::with<restored_seed>,
                     caf::replies_to<export_key>::with<exported_key>>;

} // namespace weir
