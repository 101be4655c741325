#include "actors/deals/rollup_rules.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace weir {

namespace {

template <class Record, class State>
void note(Record& r, State s, epoch at, unix_ms time) {
  auto number = static_cast<std::uint8_t>(s);
  r.state = s;
  if (std::none_of(r.life.begin(), r.life.end(), [&](const moment& m) { return m.state == number; }))
    r.life.push_back({number, at, time});
}

template <class Count>
bool everywhere(std::span<const deal_tally> parts, std::uint32_t copies, Count count) {
  return std::all_of(parts.begin(), parts.end(), [&](const deal_tally& t) { return t.*count >= copies; });
}

} // namespace

deal_tally tally(std::span<const deal> deals) {
  std::map<address, deal_state> best;
  for (auto& d : deals)
    if (is_good(d.state)) {
      auto [at, fresh] = best.try_emplace(d.provider, d.state);
      at->second = std::max(at->second, d.state);
    }
  deal_tally t;
  for (auto& [provider, s] : best) {
    ++t.good;
    t.proposed += s >= deal_state::proposed;
    t.published += s >= deal_state::published;
    t.activated += s >= deal_state::activated;
    t.active += s >= deal_state::active;
  }
  return t;
}

content_state station(content_state now, std::uint32_t copies, std::span<const deal_tally> parts) {
  using enum content_state;
  if (now < packed || now == failed || now == removed || parts.empty())
    return now;
  if (everywhere(parts, copies, &deal_tally::active))
    return active;
  if (now == active || now == degraded)
    return degraded;
  if (everywhere(parts, copies, &deal_tally::published))
    return published;
  return everywhere(parts, copies, &deal_tally::proposed) ? proposed : packed;
}

piece_state station(piece_state now, std::uint32_t copies, const deal_tally& deals) {
  if (now == piece_state::retired || copies == 0)
    return piece_state::retired;
  if (deals.active >= copies)
    return piece_state::placed;
  return now == piece_state::built ? piece_state::built : piece_state::degraded;
}

namespace {

bool lives(const content& c) {
  return c.state != content_state::removed && c.state != content_state::failed;
}

} // namespace

std::uint32_t promised_copies(std::span<const content> contents) {
  std::uint32_t most = 0;
  for (auto& c : contents)
    if (lives(c) && !c.terms.own)
      most = std::max(most, c.copies);
  return most;
}

bool is_needed(std::span<const content> contents) {
  return std::any_of(contents.begin(), contents.end(), lives);
}

piece_state station(piece_state now, std::span<const content> contents) {
  if (now == piece_state::retired || !is_needed(contents))
    return piece_state::retired;
  bool placed = std::all_of(contents.begin(), contents.end(),
                            [](const content& c) { return !lives(c) || c.state == content_state::active; });
  if (placed)
    return piece_state::placed;
  return now == piece_state::built ? piece_state::built : piece_state::degraded;
}

void reach(content& c, content_state s, epoch at, unix_ms time) {
  note(c, s, at, time);
}
void reach(deal& d, deal_state s, epoch at, unix_ms time) {
  note(d, s, at, time);
}

event_kind event_of(content_state s) {
  using enum event_kind;
  constexpr std::array kinds{content_stored, content_assigned, content_packed, content_proposed, content_published,
                             content_active, content_degraded, content_failed, content_removed};
  return kinds.at(static_cast<std::size_t>(s));
}

event_kind event_of(deal_state s) {
  using enum event_kind;
  constexpr std::array kinds{deal_intended, deal_proposed, deal_published, deal_activated, deal_active,
                             deal_rejected, deal_failed,   deal_slashed,   deal_expired};
  return kinds.at(static_cast<std::size_t>(s));
}

} // namespace weir
