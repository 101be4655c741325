#pragma once
// What belongs together: the pieces and deals of a content, the deals of a
// piece. One joiner for one answer: contents that share a piece share the look-up.
#include "node/api/call.hpp"
#include "storage/records/belongings.hpp"

#include <map>
#include <optional>
#include <vector>

namespace weir::api {

/// The content that {id} names, if the caller may know of it; errc::not_found.
result<content> find_content(const call& c, const records::reader& r);

class joiner {
public:
  explicit joiner(const records::reader& r) : records_{r} {}
  /// For a caller who is no admin: only deals that are theirs too.
  joiner(const records::reader& r, const caller& who) : records_{r} {
    if (!who.admin)
      theirs_.emplace(r, who.owner);
  }
  /// Whether the caller may know of the piece.
  result<bool> sees(const cid& piece) { return theirs_ ? theirs_->has(piece) : result<bool>{true}; }
  /// Records that the answers to that took.
  std::size_t looked() const { return theirs_ ? theirs_->looked() : 0; }

  /// Where the parts of a content lie, in their order.
  result<std::vector<placement>> placements(const content_id& id) const;
  /// All deals of a piece, the oldest first.
  result<const std::vector<deal>*> deals(const cid& piece);

  /// The record of a content with "deals", "pieces"; one JSON object.
  status write_content(json::writer& w, const content& c, bool with_placements = false);
  /// "deals":[…] of some pieces: those that count for one content with terms of
  /// its own, or (empty) for all others, or without a word all there are.
  status write_deals(json::writer& w, const std::vector<cid>& pieces, const std::optional<content_id>& own = {});
  /// "deals":[…] of one content; empty where there is none of this id.
  status write_deals_of(json::writer& w, const content_id& id);

private:
  const records::reader& records_;
  std::optional<records::belongings> theirs_;
  std::map<cid, std::vector<deal>> deals_;
};

} // namespace weir::api
