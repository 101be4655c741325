#pragma once
// ColdFil's decisions, without an actor: what the deals of a content mean for
// the job that asked for them, and what its config means for the deal engine.
#include "actors/ffs/options.hpp"
#include "actors/support/committer.hpp"
#include "messages/actors/ffs_layers.hpp"

namespace weir::ffs {

/// The content that has (or gets) the deals of the CID: the one that had them
/// before, else one that can be packed. Nothing: its blocks have to be found first.
result<std::optional<content>> cold_content(const records::reader& state, const instance_id& of, const cid& id);

/// The terms that this job asks for.
deal_terms terms_of(const cold_store& wish, const scheduler_options& how, const address& client);

/// Asks for deals on these terms; nothing when it does already, or when the job has ended.
result<transaction_builder> open_terms(const records::reader& state, const content_id& id, const cold_store& wish,
                                       const scheduler_options& how);

/// What there is of it.
struct cold_view {
  content what;
  std::vector<deal> deals;          ///< that count for it
  std::size_t parts = 0;            ///< pieces
  std::uint32_t active = 0;         ///< providers that hold every part; what is near its end does not count
  bool under_way = false;           ///< a deal is not active yet
  std::uint64_t piece_size = 0;     ///< padded bytes, of all its pieces
  epoch first_end = no_epoch;       ///< of the deals that count
  err_cause shortage;               ///< why this round gets no more deals
  std::vector<deal_error> refusals; ///< providers that take no piece of that size
};
result<cold_view> look_at_cold(const records::reader& state, const content_id& id, const cold_store& wish, epoch now);

/// Nothing while it has to be waited for; an answer with an error in `err` is a failure.
std::optional<cold_answer> judge_cold(const cold_view& seen, const cold_store& wish, epoch now);

/// "Deal 5c1… with f01003: active (deal 17)."
std::string deal_words(const deal& d);

/// The local copy goes, where somebody else holds every part; nothing otherwise.
result<transaction_builder> let_go(const records::reader& state, const content_id& id, const cold_store& wish,
                                   epoch now);

} // namespace weir::ffs
