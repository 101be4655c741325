#pragma once
// Whether a provider takes a proposal: Curio's rules in Curio's order with
// Curio's words (filecoin.md 1.6, 1.9). Pure: what must be asked of the chain
// comes in as a value.
#include "adapters/devnet/chain/ledger.hpp"
#include "adapters/devnet/provider/faults.hpp"
#include "storage/filecoin/mk12.hpp"

#include <functional>

namespace weir::devnet {

/// What the chain says of a proposal.
struct chain_facts {
  epoch head = no_epoch;
  address client_key; ///< empty: there is no such account
  token_amount least_collateral;
  escrow_entry client_escrow;
  token_amount client_datacap; ///< bytes; nothing: no verified client
};
struct deal_rules {
  address provider;
  epoch_delta min_duration = 518400;
  epoch_delta max_duration = 3680640;
};

/// The reason to refuse it; empty when there is none.
std::string refusal(const filecoin::mk12::deal_params& p, const chain_facts& facts, const deal_rules& rules,
                    const behaviour& b);

/// Where an online deal's bytes are, out of its transfer's JSON. What is wrong
/// with it comes back as errc::malformed.
struct transfer_source {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
};
result<transfer_source> parse_transfer(bytes_view params);

} // namespace weir::devnet
