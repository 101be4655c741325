// The transactions of the bucket processor.
#include "actors/buckets/processor.hpp"
#include "actors/deals/rollup_rules.hpp"

#include <set>
#include <utility>
#include <vector>

namespace weir {

using records::fact;

result<std::vector<content>> contents_of_bucket(const records::reader& state, const bucket_id& id) {
  std::vector<content> contents;
  WEIR_TRY(auto keys, state.keys<records::bucket_contents>(id));
  for (auto& key : keys) {
    WEIR_TRY(auto c, state.get<content>(std::get<1>(key)));
    if (c.value.state == content_state::in_bucket)
      contents.push_back(std::move(c.value));
  }
  return contents;
}

namespace {

/// The same bytes packed before give the same piece: it is promised again.
status put_piece(const records::reader& state, const piece& made, transaction_builder& t) {
  WEIR_TRY(auto known, state.find<piece>(made.cid));
  if (!known) {
    t.create(made);
    t.say(event_kind::piece_built, made.cid.text(), {},
          {fact("bucket", made.bucket), fact("paddedSize", made.padded_size), fact("contents", made.contents)});
    return {};
  }
  auto again = known->value;
  again.local = true;
  again.copies = std::max(again.copies, made.copies);
  if (again.state == piece_state::retired)
    again.state = piece_state::built;
  t.update(*known, again);
  t.say(event_kind::piece_built, again.cid.text(), {}, {fact("bucket", made.bucket), fact("again", true)});
  return {};
}

} // namespace

result<transaction_builder> complete_bucket(const records::reader& state, const bucket_id& id,
                                            const built_pieces& built, epoch now, unix_ms time) {
  transaction_builder t;
  WEIR_TRY(auto b, state.get<bucket>(id));
  if (b.value.state == bucket_state::complete)
    return t;
  std::vector<std::pair<placement, stored<content>>> places;
  std::set<cid> needed;
  for (auto& p : built.placements) {
    WEIR_TRY(auto c, state.get<content>(p.content));
    if (c.value.state != content_state::in_bucket || c.value.bucket != id)
      continue;
    needed.insert(p.piece);
    places.emplace_back(p, std::move(c));
  }
  auto complete = b.value;
  for (auto& p : built.pieces) { // what has only contents that were removed meanwhile gets no record, and its file goes
    if (!needed.contains(p.cid))
      continue;
    WEIR_CHECK(put_piece(state, p, t));
    complete.pieces.push_back(p.cid);
  }
  std::set<content_id> placed;
  for (auto& [p, c] : places) {
    WEIR_TRY(auto before, state.find<placement>({p.content, p.part}));
    t.put(p, before ? &before->value : nullptr);
    if (!placed.insert(p.content).second)
      continue;
    auto after = c.value;
    reach(after, content_state::packed, now, time);
    after.problem = {};
    after.failing_since = no_epoch;
    t.update(c, after);
    t.say(event_kind::content_packed, after.id.value, after.owner, {fact("piece", p.piece), fact("bucket", id)});
  }
  complete.state = bucket_state::complete;
  complete.complete_at = now;
  complete.problem = {};
  t.update(b, complete);
  t.say(event_kind::bucket_complete, id.value, complete.owner,
        {fact("pieces", complete.pieces.size()), fact("contents", placed.size())});
  return t;
}

result<transaction_builder> requeue(const records::reader& state, const content_id& id, const error& why, epoch now,
                                    unix_ms time) {
  transaction_builder t;
  WEIR_TRY(auto c, state.find<content>(id));
  if (!c || c->value.state != content_state::in_bucket)
    return t;
  auto after = c->value;
  WEIR_TRY(auto b, state.find<bucket>(after.bucket));
  if (b) {
    auto drained = b->value;
    drain(drained, after);
    t.update(*b, drained);
  }
  after.bucket = {};
  after.problem = {why.code, why.message};
  if (after.terms.open) // whoever waits for its deals is told in full
    t.put(content_selection{id, after.terms.round, {}, after.problem, why.value, why.limit});
  if (after.failing_since == no_epoch)
    after.failing_since = now;
  reach(after, content_state::stored, now, time);
  t.update(*c, after);
  t.say(event_kind::content_requeued, id.value, after.owner, {fact("message", why.message)});
  return t;
}

} // namespace weir
