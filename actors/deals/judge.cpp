#include "actors/deals/judge.hpp"

namespace weir {

namespace {

using enum deal_state;

verdict stays(const deal& d) {
  return {d.state, {}, false};
}

verdict ended(deal_state s, errc code, std::string why) {
  return {s, {code, std::move(why)}, false};
}

std::string start_text(const deal& d) {
  return std::to_string(d.start.value);
}

/// The id is not there (any more), or was never known.
verdict judge_missing(const deal& d, const chain_sight& sight) {
  if (d.state == active) {
    bool final_miss = sight.missing_since != no_epoch && sight.finalized >= sight.missing_since;
    if (sight.finalized >= d.end)
      return ended(expired, errc::none, {});
    return final_miss ? ended(slashed, errc::chain_error, "The chain ended the deal before its end.") : stays(d);
  }
  if (sight.finalized >= d.start)
    return ended(failed, errc::timeout, "It was not on chain by its start epoch " + start_text(d) + ".");
  if (d.state == published || d.state == activated)
    return {proposed, {}, true};
  return stays(d);
}

} // namespace

verdict judge(const deal& d, const chain_sight& sight) {
  if (!sight.found)
    return judge_missing(d, sight);
  auto& on_chain = *sight.found;
  if (sight.finalized >= d.end)
    return on_chain.sector_start == no_epoch ? ended(failed, errc::timeout, "It never became active.")
                                             : ended(expired, errc::none, {});
  if (on_chain.slashed != no_epoch)
    return ended(slashed, errc::chain_error,
                 "The chain ended the deal at epoch " + std::to_string(on_chain.slashed.value) + ".");
  if (on_chain.sector_start != no_epoch) {
    auto state = sight.finalized >= on_chain.sector_start || d.state == active ? active : activated;
    return {state, {}, false};
  }
  if (sight.finalized >= d.start)
    return ended(failed, errc::timeout, "It was published, but not active by its start epoch " + start_text(d) + ".");
  return {published, {}, d.state == activated};
}

bool same_deal(const deal& ours, const chain_deal& theirs, const address& client_id) {
  if (!client_id.empty() && theirs.client != client_id)
    return false;
  return theirs.piece == ours.piece && theirs.padded_size == ours.padded_size && theirs.provider == ours.provider
         && theirs.start == ours.start && theirs.end == ours.end && theirs.price_per_epoch == ours.price_per_epoch;
}

} // namespace weir
