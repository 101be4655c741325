#pragma once
// Whose the node's pieces and deals are, for a caller who is not the operator:
// records of both name no owner. A deal that was made for one content belongs
// to the owner of that content, and to nobody else; a piece, and the other
// deals of it, to everybody who has a content in it. For one answer: it
// remembers what it found.
#include "storage/records/reader.hpp"

#include <map>
#include <string>

namespace weir::records {

class belongings {
public:
  belongings(const reader& r, owner_id owner) : records_{r}, owner_{std::move(owner)} {}

  result<bool> has(const deal& d);
  result<bool> has(const cid& piece);
  /// Made for a content of theirs: one look-up, for whoever asks often.
  result<bool> ordered(const deal& d) const;
  /// Contents that were looked at so far: who reads many records at a time has to end somewhere.
  std::size_t looked() const { return looked_; }

private:
  const reader& records_;
  owner_id owner_;
  std::map<cid, bool> pieces_;
  mutable std::size_t looked_ = 0;
};

/// The owner that events of a deal name: of the content that it was made for;
/// empty for deals of whole pieces, which are the node's.
result<owner_id> owner_of(const reader& r, const deal& d);
/// The FFS instance whose address it is, as an owner; empty for the node's own, and for strangers'.
result<owner_id> owner_of(const reader& r, const address& wallet);

} // namespace weir::records
