#pragma once
// Why is a content not yet safe, what happens next and when: in sentences,
// from one state of the records. A pure function of a reader; the HTTP API
// and `weir explain` show what it gives.
#include "messages/types/records.hpp"
#include "storage/records/reader.hpp"

#include <string>
#include <vector>

namespace weir {

struct piece_explanation {
  weir::piece piece;
  std::vector<deal> deals;           ///< good ones first
  std::vector<rejection> rejections; ///< of the last selection
};

struct explanation {
  weir::content content;
  bool safe = false;                  ///< every promised copy is active and final
  std::vector<std::string> sentences; ///< how it stands
  std::string next;                   ///< what happens next
  epoch next_at = no_epoch;           ///< at the latest, if that is known
  std::vector<piece_explanation> pieces;
};

/// errc::not_found when there is no such content.
result<explanation> explain(const records::reader& state, const content_id& id, epoch now);

} // namespace weir
