#pragma once
// Which providers get a piece: by the operator's list, by limits, by price.
// A pure function over what is known of them; every provider that is not
// chosen is listed with its reason, the offending value and the limit.
#include "messages/actors/deals.hpp"

#include <optional>

namespace weir {

struct selection_limits {
  std::vector<address> only;                 ///< the fixed list; empty: every provider that is known
  token_amount max_price{50'000'000'000ull}; ///< attoFIL per GiB and epoch
  token_amount max_verified_price{50'000'000'000ull};
};

/// Of 1000: the share of its deals and retrievals that went well, as far as this node has seen; failures
/// fade (`recent_failures`).
std::uint64_t reputation(const provider& p, epoch now);

/// Whom the owner trusts first, then by reputation where the terms say so, then
/// the cheapest; among equals who kept most of its deals, then by address.
selection_answer choose(const selection_request& wanted, const std::vector<provider>& known,
                        const selection_limits& limits, epoch now);

/// Nobody was chosen, and nobody who could be takes a piece of this size: errc::too_large with the size and the
/// largest that any of them takes. Nothing otherwise.
std::optional<error> too_large_for_all(const selection_answer& answer);

/// Price of the whole piece for one epoch: the ask is for a GiB; rounded up.
token_amount price_per_epoch(const token_amount& ask, std::uint64_t padded_size);

/// The least padded size that so many providers take.
std::uint64_t least_piece(const std::vector<provider>& known, const selection_limits& limits, std::uint32_t copies);

} // namespace weir
