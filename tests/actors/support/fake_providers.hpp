#pragma once
// Storage providers in memory, each with its manners, behind the carrier's and
// the fetcher's interfaces.
#include "messages/actors/fetch.hpp"
#include "storage/blocks/block_io.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include <caf/typed_event_based_actor.hpp>

namespace weir::test {

struct fake_provider {
  address id;
  token_amount price{1'000'000};
  std::uint64_t min_piece = 256, max_piece = 32ull << 30;
  std::string refuse_with; ///< its words; empty accepts
  bool offline = false;
  bool loses_answers = false;   ///< takes the proposal, nobody hears of it
  bool loses_proposals = false; ///< hangs before taking it
  bool lies = false;            ///< retrieval gives other bytes
  bool hides = false;           ///< retrieval answers not found
  std::map<deal_uuid, deal> taken;
  std::map<deal_uuid, int> proposals; ///< how often each arrived
  std::map<cid, bytes> pieces;
};

struct provider_world {
  std::map<address, fake_provider> all;
  std::filesystem::path piece_folder; ///< where "downloads" come from
  bool dead = false;                  ///< whoever asks is dead: nothing reaches a provider
  int asked_status = 0;
  int ranges = 0;

  fake_provider& add(std::uint64_t id) {
    auto a = address::from_id(id);
    auto& p = all[a];
    p.id = a;
    return p;
  }
  std::vector<deal> taken() const {
    std::vector<deal> found;
    for (auto& [id, p] : all)
      for (auto& [uuid, d] : p.taken)
        found.push_back(d);
    return found;
  }
};

using provider_world_ptr = std::shared_ptr<provider_world>;

inline bytes read_whole(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline deal_carrier_actor::behavior_type fake_carrier(deal_carrier_actor::pointer, provider_world_ptr w) {
  auto gone = [] { return to_caf(fail(errc::unreachable, "It does not answer.")); };
  return {
      [w, gone](const get_ask& q) -> caf::result<storage_ask> {
        auto& p = w->all.at(q.of.provider);
        if (p.offline)
          return gone();
        return storage_ask{p.price, p.price, p.min_piece, p.max_piece, epoch{100'000'000}};
      },
      [w, gone](const proposal_parcel& parcel) -> caf::result<proposal_answer> {
        auto& p = w->all.at(parcel.to.provider);
        if (p.offline || w->dead)
          return gone();
        if (p.loses_proposals)
          return to_caf(fail(errc::outcome_unknown, "The connection broke."));
        if (++p.proposals[parcel.record.uuid] > 1)
          return proposal_answer{false, "duplicate proposal"};
        if (!p.refuse_with.empty())
          return proposal_answer{false, p.refuse_with};
        p.taken[parcel.record.uuid] = parcel.record;
        p.pieces[parcel.record.piece] = read_whole(w->piece_folder / (parcel.record.piece.text() + ".piece"));
        if (p.loses_answers)
          return to_caf(fail(errc::outcome_unknown, "The connection broke."));
        return proposal_answer{true, {}};
      },
      [w, gone](const get_deal_status& q) -> caf::result<provider_deal_status> {
        auto& p = w->all.at(q.at.provider);
        ++w->asked_status;
        if (p.offline)
          return gone();
        provider_deal_status s;
        s.known = p.taken.contains(q.record.uuid);
        return s;
      },
  };
}

inline fetcher_actor::behavior_type fake_fetcher(fetcher_actor::pointer, provider_world_ptr w) {
  auto find = [w](const address& id, const cid& piece) -> result<bytes> {
    auto& p = w->all.at(id);
    if (p.offline)
      return fail(errc::unreachable, "It does not answer.");
    auto found = p.pieces.find(piece);
    if (found == p.pieces.end() || p.hides)
      return fail(errc::not_found, "It has no such piece.");
    auto data = found->second;
    if (p.lies)
      for (auto& b : data)
        b ^= 0x55;
    return data;
  };
  return {
      [w, find](const fetch_range& q) -> caf::result<chunk> {
        ++w->ranges;
        auto data = find(q.from.provider, q.piece);
        if (!data)
          return to_caf(data.error());
        auto at = data->begin() + static_cast<std::ptrdiff_t>(q.offset);
        return chunk{std::make_shared<bytes>(at, at + q.length)};
      },
      [find](const fetch_piece& q) -> caf::result<nothing> {
        auto data = find(q.from.provider, q.piece);
        if (!data)
          return to_caf(data.error());
        std::ofstream{q.into, std::ios::binary}.write(reinterpret_cast<const char*>(data->data()),
                                                      static_cast<std::streamsize>(data->size()));
        return nothing{};
      },
  };
}

} // namespace weir::test
