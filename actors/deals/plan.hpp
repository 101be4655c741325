#pragma once
// What a piece needs next, and the figures of a proposal: pure functions of
// the deal maker. Epochs of the chain, amounts in attoFIL.
#include "messages/actors/deals.hpp"

#include <chrono>

namespace weir {

struct deal_policy {
  epoch_delta start_delay = 3 * epochs_per_day; ///< from now to the deal's start: download and sealing
  epoch_delta duration = 1'494'720;             ///< 519 days, as Estuary had it
  epoch_delta renew_before = 60'480;            ///< three weeks before the end a successor is made
  epoch_delta resend_margin = 60;               ///< an intent is not sent again this near to its start
  epoch_delta avoid_first = 240;                ///< two hours for the first failure, doubled for each further one
  epoch_delta avoid_most = 30 * epochs_per_day;
  epoch_delta avoid_busy = 20;            ///< a provider that asks to try again later
  std::chrono::seconds patience{10 * 60}; ///< of waiting for a provider to say whether it took a proposal
  std::size_t pieces_at_once = 4;
};

struct deal_plan {
  std::uint32_t wanted = 0;     ///< new deals
  std::vector<address> exclude; ///< providers that hold what counts already
  std::vector<deal> resume;     ///< intended: nobody knows yet whether it arrived
  std::vector<deal> renew;      ///< near their end, not yet replaced
};

/// Deals that are good and not near their end count; of one provider only one does.
deal_plan plan_deals(const piece& p, const std::vector<deal>& deals, const deal_policy& policy, epoch now);

/// The same for a content with terms of its own, with its own deals of the
/// piece alone: new ones only while the terms are open, and nobody who failed
/// in their round is asked again.
deal_plan plan_deals(const content& c, const std::vector<deal>& deals, const deal_policy& policy, epoch now);

/// What the operator's policy becomes under these terms.
deal_policy policy_for(const deal_terms& terms, deal_policy policy);

/// The deals that count for the content, or without its id for the piece's promise to all the others.
std::vector<deal> deals_for(const content_id& own, const std::vector<deal>& deals);

/// Minimum × 1.2, rounded up, not over the maximum.
token_amount provider_collateral(const collateral_bounds& bounds);

/// What the client has to have in escrow for it.
token_amount funds_of(const deal& d);

struct proposal_facts {
  deal_uuid uuid;
  address client;
  std::string transfer_token;
  collateral_bounds collateral;
  epoch now;
  unix_ms time;
};
/// The intent: everything that will be signed.
deal make_intent(const piece& p, const provider& to, const proposal_facts& facts, const deal_policy& policy,
                 bool verified = false);
/// The chain takes the same proposal once: a second one of the same parties starts an epoch later.
void set_apart(deal& intent, const std::vector<deal>& others);

/// In this time (a week) the failures of a provider come to count half: one that recovered is used again.
inline constexpr epoch_delta failure_half_life = 7 * epochs_per_day;
/// Counted from the end of its last avoidance, whether or not it was used meanwhile.
std::uint64_t recent_failures(const provider& p, epoch now);
/// How long a provider is left alone after so many recent failures.
epoch_delta avoid_time(std::uint64_t failures, const deal_policy& policy);
/// The words with which Curio and Boost ask to come back later.
bool asks_to_wait(std::string_view provider_words);

} // namespace weir
