#pragma once
// Methods of the storage market actor f05 and what they take and return:
// builtin-actors, market. Weir calls the escrow methods; providers publish.
#include "messages/types/ids.hpp"
#include "storage/filecoin/proposal.hpp"

#include <vector>

namespace weir::filecoin::market {

inline constexpr std::uint64_t actor_id = 5;
inline constexpr std::uint64_t add_balance = 2;
inline constexpr std::uint64_t withdraw_balance = 3;
inline constexpr std::uint64_t publish_storage_deals = 4;
/// Of deals in one publish message; the chain's own limit is lower (gas).
inline constexpr std::size_t max_published = 4096;

/// The address whose escrow grows by the value of the message.
bytes encode_add_balance(const address& beneficiary);
result<address> decode_add_balance(bytes_view params);

struct withdrawal {
  address from; ///< client, or a miner whose owner or worker sends the message
  token_amount amount;
};
bytes encode(const withdrawal& w);
result<withdrawal> decode_withdrawal(bytes_view params);

bytes encode_publish(const std::vector<client_deal_proposal>& deals);
result<std::vector<client_deal_proposal>> decode_publish(bytes_view params);

/// What publishing returns: invalid deals are left out (FIP-0022).
struct published {
  std::vector<deal_id> ids;         ///< of the valid ones, in their order
  std::vector<std::uint64_t> valid; ///< their places in the message
  /// The id that the deal at `index` of the message got, if it was valid.
  deal_id id_at(std::uint64_t index) const;
};
bytes encode(const published& p);
result<published> decode_published(bytes_view returned);

} // namespace weir::filecoin::market
