#include "actors/retrieval/sources.hpp"

#include "actors/deals/deal_records.hpp"
#include "storage/blocks/block_io.hpp"
#include "storage/filecoin/address_text.hpp"

#include <algorithm>

namespace weir {

using records::fact;

result<std::vector<provider_endpoint>> sources_of(const records::reader& state, const cid& piece_id) {
  struct candidate {
    provider who;
    deal_state best;
  };
  std::vector<candidate> found;
  WEIR_TRY(auto deals, deals_of_piece(state, piece_id));
  for (auto& d : deals) {
    if (d.state != deal_state::active && d.state != deal_state::activated)
      continue;
    WEIR_TRY(auto p, state.find<provider>(d.provider));
    if (p)
      found.push_back({p->value, d.state});
  }
  std::stable_sort(found.begin(), found.end(), [](const candidate& a, const candidate& b) {
    if (a.best != b.best)
      return a.best == deal_state::active;
    auto left = a.who.retrievals_failed * (b.who.retrievals_ok + 1);
    auto right = b.who.retrievals_failed * (a.who.retrievals_ok + 1);
    return left < right;
  });
  std::vector<provider_endpoint> sources;
  for (auto& c : found)
    if (std::none_of(sources.begin(), sources.end(), [&](auto& s) { return s.provider == c.who.id; }))
      sources.push_back({c.who.id, c.who.multiaddrs});
  return sources;
}

result<std::vector<fetch_range>> ranges_of(const records::reader& state, const block_index& index, const cid& block,
                                           const std::set<address>& avoid) {
  std::vector<fetch_range> ranges;
  WEIR_TRY(auto places, index.find(block));
  for (auto& place : places) {
    WEIR_TRY(auto sources, sources_of(state, place.piece));
    for (auto& s : sources)
      if (!avoid.contains(s.provider) && place.length <= max_block_size)
        ranges.push_back({s, place.piece, place.offset, static_cast<std::uint32_t>(place.length)});
  }
  return ranges;
}

result<transaction_builder> count_retrieval(const records::reader& state, const address& from, const cid& piece_id,
                                            const error& problem) {
  transaction_builder t;
  WEIR_TRY(auto p, state.find<provider>(from));
  if (!p)
    return t;
  auto after = p->value;
  bool good = problem.code == errc::none;
  ++(good ? after.retrievals_ok : after.retrievals_failed);
  t.update(*p, after);
  records::facts fields{fact("provider", filecoin::to_text(from)), fact("piece", piece_id)};
  if (!good)
    fields.push_back(fact("message", problem.message));
  t.say(good ? event_kind::retrieval_done : event_kind::retrieval_failed, filecoin::to_text(from), {}, fields);
  return t;
}

} // namespace weir
