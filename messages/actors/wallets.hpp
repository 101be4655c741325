#pragma once
// What FFS asks of the node's wallet besides signing for deals: addresses that
// belong to an instance, and FIL that is sent. The wallet actor answers it.
#include "messages/actors/deals.hpp"

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

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_wallets, WEIR_TYPE_IDS(23))
WEIR_MESSAGE(weir_wallets, (weir::create_address))
WEIR_MESSAGE(weir_wallets, (weir::send_fil))
CAF_END_TYPE_ID_BLOCK(weir_wallets)

namespace weir {

/// Errors: already_exists (the name), no_network, insufficient_funds (before
/// anything is sent: what is there, and what it would take with the reserve for gas).
using tenant_wallet_actor = caf::typed_actor<caf::replies_to<create_address>::with<wallet_address>,
                                             // CID of the message once it is in the pool.
                                             caf::replies_to<send_fil>::with<cid>>;

} // namespace weir
