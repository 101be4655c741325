#include "node/api/join.hpp"

#include "node/json/record.hpp"

#include <algorithm>

namespace weir::api {

namespace {

void write_brief(json::writer& w, const deal& d) {
  w.begin_object().member("uuid", d.uuid.value).key("provider");
  json::write(w, d.provider);
  w.member("id", d.id.value).member("state", to_string(d.state)).key("piece");
  json::write(w, d.piece);
  w.member("start", d.start.value).member("end", d.end.value).member("replaces", d.replaces.value);
  w.key("problem");
  json::write(w, d.problem);
  w.end_object();
}

} // namespace

result<std::vector<placement>> joiner::placements(const content_id& id) const {
  std::vector<placement> found;
  WEIR_CHECK(records_.each<placement>([&](stored<placement> p) { found.push_back(std::move(p.value)); },
                                      {records::encode_prefix(id), {}}));
  return found;
}

result<const std::vector<deal>*> joiner::deals(const cid& piece) {
  auto known = deals_.find(piece);
  if (known != deals_.end())
    return &known->second;
  WEIR_TRY(auto keys, records_.keys<records::piece_deals>(piece));
  std::vector<deal> found;
  for (const auto& key : keys) {
    WEIR_TRY(auto record, records_.find<deal>(std::get<1>(key)));
    if (!record)
      continue;
    WEIR_TRY(bool seen, theirs_ ? theirs_->has(record->value) : result<bool>{true});
    if (seen)
      found.push_back(std::move(record->value));
  }
  std::stable_sort(found.begin(), found.end(), [](const deal& a, const deal& b) { return a.created < b.created; });
  return &deals_.emplace(piece, std::move(found)).first->second;
}

status joiner::write_deals(json::writer& w, const std::vector<cid>& pieces, const std::optional<content_id>& own) {
  w.key("deals").begin_array();
  for (const auto& piece : pieces) {
    WEIR_TRY(const auto* list, deals(piece));
    for (const auto& d : *list)
      if (!own || d.content == *own)
        write_brief(w, d);
  }
  w.end_array();
  return {};
}

namespace {

std::vector<cid> pieces_in(const std::vector<placement>& places) {
  std::vector<cid> pieces;
  for (const auto& p : places)
    if (std::find(pieces.begin(), pieces.end(), p.piece) == pieces.end())
      pieces.push_back(p.piece);
  return pieces;
}

} // namespace

status joiner::write_deals_of(json::writer& w, const content_id& id) {
  WEIR_TRY(auto places, placements(id));
  WEIR_TRY(auto c, records_.find<content>(id));
  return write_deals(w, pieces_in(places), c && c->value.terms.own ? id : content_id{});
}

status joiner::write_content(json::writer& w, const content& c, bool with_placements) {
  WEIR_TRY(auto places, placements(c.id));
  auto pieces = pieces_in(places);
  w.begin_object();
  json::members(w, c);
  WEIR_CHECK(write_deals(w, pieces, c.terms.own ? c.id : content_id{}));
  w.key("pieces").begin_array();
  for (const auto& piece : pieces)
    json::write(w, piece);
  w.end_array();
  if (with_placements) {
    w.key("placements").begin_array();
    for (const auto& p : places)
      json::write(w, p);
    w.end_array();
  }
  w.end_object();
  return {};
}

} // namespace weir::api
