#pragma once
// From the states of deals to the station of a piece and of its contents:
// the one place where it is decided (docs/decisions 0007). Pure functions.
#include "messages/types/event.hpp"
#include "messages/types/records.hpp"

#include <span>
#include <vector>

namespace weir {

/// Distinct providers of a piece whose best deal has come at least this far.
struct deal_tally {
  std::uint32_t good = 0; ///< intended and better: may still count
  std::uint32_t proposed = 0;
  std::uint32_t published = 0;
  std::uint32_t activated = 0;
  std::uint32_t active = 0;
};

deal_tally tally(std::span<const deal> deals);

/// The station of a content all of whose parts have these tallies. What was
/// active and no longer is, is degraded.
content_state station(content_state now, std::uint32_t copies, std::span<const deal_tally> parts);

piece_state station(piece_state now, std::uint32_t copies, const deal_tally& deals);

/// Copies that its contents still promise, not counting those with terms of their own.
std::uint32_t promised_copies(std::span<const content> contents);
/// Whether any content still needs the piece.
bool is_needed(std::span<const content> contents);
/// The station of a piece that only contents with terms of their own need.
piece_state station(piece_state now, std::span<const content> contents);

/// Notes in `life` when the state was reached for the first time, and sets it.
void reach(content& c, content_state s, epoch at, unix_ms time);
void reach(deal& d, deal_state s, epoch at, unix_ms time);

/// The event that says that a content or deal reached the state.
event_kind event_of(content_state s);
event_kind event_of(deal_state s);

} // namespace weir
