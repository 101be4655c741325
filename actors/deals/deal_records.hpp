#pragma once
// What happens to deals, as transactions: one place for the deal maker and the
// deal tracker. Plain logic. Each is built from the newest state and does
// nothing when it finds its work done.
#include "actors/deals/plan.hpp"
#include "actors/support/committer.hpp"
#include "storage/filecoin/proposal.hpp"

namespace weir {

/// The proposal that the record stands for; the same bytes every time.
filecoin::deal_proposal proposal_of(const deal& d);

result<std::vector<deal>> deals_of_piece(const records::reader& state, const cid& piece);

/// The selection, the intents and the piece's problem (or that there is none), in one.
result<transaction_builder> intend_deals(const records::reader& state, const cid& piece, const selection& chosen,
                                         const std::vector<deal>& intents, const problem& why);

/// The same for a content with terms of its own; nothing when they are of another round by now.
result<transaction_builder> intend_deals(const records::reader& state, const content_id& own, const std::string& round,
                                         const selection& chosen, const std::vector<deal>& intents, const error& why);
/// What keeps such a content from its deals, in the round that its terms are in.
result<transaction_builder> show_content_problem(const records::reader& state, const content_id& own, const error& why);

/// Shows (or takes away) what keeps a piece from its deals.
result<transaction_builder> show_piece_problem(const records::reader& state, const cid& piece, const problem& why);

struct deal_moment {
  epoch now;
  unix_ms time;
};

/// The provider accepted it; `signature` gives the proposal's CID.
result<transaction_builder> accept_deal(const records::reader& state, const deal_uuid& id, const cid& proposal,
                                        deal_moment at);

/// It ended badly (or, expired, as agreed); a provider at fault is left alone for a while.
result<transaction_builder> end_deal(const records::reader& state, const deal_uuid& id, deal_state how,
                                     const problem& why, const deal_policy& policy, deal_moment at);

/// What the chain says of it now.
struct chain_facts {
  deal_id id;
  cid publish_message;
  std::uint64_t sector = 0;
  epoch sector_start = no_epoch;
};
/// A step along the line or, `reverted`, back.
result<transaction_builder> move_deal(const records::reader& state, const deal_uuid& id, deal_state to, bool reverted,
                                      const chain_facts& facts, deal_moment at);

} // namespace weir
