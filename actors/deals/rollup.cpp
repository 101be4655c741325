#include "actors/deals/rollup.hpp"

#include "actors/deals/plan.hpp"
#include "actors/deals/rollup_rules.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "actors/support/work_queue.hpp"

namespace weir {

using records::fact;

namespace {

constexpr std::size_t contents_per_transaction = 500;

result<std::vector<deal>> deals_of(const records::reader& state, const cid& piece_id) {
  std::vector<deal> deals;
  WEIR_TRY(auto keys, state.keys<records::piece_deals>(piece_id));
  for (auto& key : keys) {
    WEIR_TRY(auto d, state.get<deal>(std::get<1>(key)));
    deals.push_back(std::move(d.value));
  }
  return deals;
}

struct rolling {
  const records::reader& state;
  epoch now;
  unix_ms time;
  transaction_builder made;
  std::map<std::pair<cid, content_id>, deal_tally> tallies; ///< a content is named where it has terms of its own

  result<deal_tally> tally_of(const cid& piece_id, const content_id& own) {
    auto known = tallies.find({piece_id, own});
    if (known != tallies.end())
      return known->second;
    WEIR_TRY(auto deals, deals_of(state, piece_id));
    return tallies[{piece_id, own}] = tally(deals_for(own, deals));
  }

  result<std::vector<stored<content>>> contents_of(const cid& piece_id) {
    std::vector<stored<content>> contents;
    std::set<content_id> seen;
    WEIR_TRY(auto keys, state.keys<records::piece_contents>(piece_id));
    for (auto& key : keys) {
      if (!seen.insert(std::get<1>(key)).second)
        continue;
      WEIR_TRY(auto found, state.find<content>(std::get<1>(key)));
      if (found)
        contents.push_back(*std::move(found));
    }
    return contents;
  }

  result<std::vector<deal_tally>> parts_of(const content& c) {
    auto own = c.terms.own ? c.id : content_id{};
    std::vector<deal_tally> parts;
    status failed;
    WEIR_CHECK(state.each<placement>(
        [&](const stored<placement>& p) {
          auto t = tally_of(p.value.piece, own);
          if (t)
            parts.push_back(*t);
          else
            failed = t.error();
          return t.ok();
        },
        {records::encode_prefix(c.id), {}}));
    if (!failed)
      return failed.error();
    return parts;
  }

  void move_piece(const stored<piece>& before, std::span<const content> contents, const deal_tally& t) {
    auto after = before.value;
    auto copies = promised_copies(contents);
    if (is_needed(contents))
      after.copies = copies;
    after.state = copies != 0 ? station(after.state, copies, t) : station(after.state, contents);
    bool failing = after.state == piece_state::degraded || after.problem.any();
    after.failing_since = !failing ? no_epoch : after.failing_since == no_epoch ? now : after.failing_since;
    if (after.state == before.value.state && after.copies == before.value.copies
        && after.failing_since == before.value.failing_since)
      return;
    made.update(before, after);
    if (after.state == before.value.state)
      return;
    auto kind = after.state == piece_state::placed    ? event_kind::piece_placed
                : after.state == piece_state::retired ? event_kind::piece_retired
                                                      : event_kind::piece_degraded;
    made.say(kind, after.cid.text(), {}, {fact("active", t.active), fact("copies", after.copies)});
  }

  /// True when it changed.
  bool move_content(const stored<content>& before, const piece& p, std::span<const deal_tally> parts, content& after) {
    auto s = station(after.state, after.copies, parts);
    if (s != after.state)
      reach(after, s, now, time);
    bool settled = s == content_state::active || s == content_state::removed;
    after.problem = settled || after.terms.own ? problem{} : p.problem;
    bool failing = !settled && !after.terms.own && (s == content_state::degraded || after.problem.any());
    after.failing_since = !failing ? no_epoch : after.failing_since == no_epoch ? now : after.failing_since;
    bool moved = after.state != before.value.state;
    bool other_problem = after.problem.message != before.value.problem.message;
    if (!moved && !other_problem && after.failing_since == before.value.failing_since)
      return false;
    made.update(before, after);
    if (moved)
      made.say(event_of(s), after.id.value, after.owner, {fact("piece", p.cid), fact("cid", after.cid)});
    if (other_problem)
      made.say(event_kind::content_problem, after.id.value, after.owner, {fact("message", after.problem.message)});
    return true;
  }
};

} // namespace

result<transaction_builder> roll_up(const records::reader& state, const cid& piece_id, epoch now, unix_ms time,
                                    std::size_t limit, bool& more) {
  more = false;
  rolling r{state, now, time, {}, {}};
  WEIR_TRY(auto p, state.find<piece>(piece_id));
  if (!p)
    return std::move(r.made);
  WEIR_TRY(auto contents, r.contents_of(piece_id));
  std::vector<content> values;
  for (auto& c : contents)
    values.push_back(c.value);
  WEIR_TRY(auto t, r.tally_of(piece_id, {}));
  std::size_t moved = 0;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    auto& c = contents[i];
    if (c.value.state < content_state::packed || c.value.state == content_state::removed
        || c.value.state == content_state::failed)
      continue;
    if (moved == limit) {
      more = true;
      break;
    }
    WEIR_TRY(auto parts, r.parts_of(c.value));
    moved += r.move_content(c, p->value, parts, values[i]);
  }
  r.move_piece(*p, values, t);
  return std::move(r.made);
}

namespace {

struct rollup_state {
  explicit rollup_state(rollup_actor::pointer self) : self{self} {}

  void start() {
    auto state = d.look();
    auto seen = state->each<piece>([&](const stored<piece>& p) {
      if (p.value.state != piece_state::retired)
        pieces.mark(p.value.cid);
    });
    if (!seen)
      spdlog::error("rollup: the pieces cannot be read: {}", to_string(seen.error()));
    follow_log(self, d, state->at(), kinds());
    work();
  }

  static std::vector<event_kind> kinds() {
    using enum event_kind;
    return {deal_intended,   deal_proposed,   deal_rejected,  deal_published, deal_activated, deal_active,
            deal_failed,     deal_slashed,    deal_expired,   deal_reverted,  piece_built,    piece_problem,
            content_changed, content_removed, content_failed, content_wanted};
  }

  void hear(const event& e) {
    if (e.kind == event_kind::piece_built || e.kind == event_kind::piece_problem)
      pieces.mark(cid_of(e.subject));
    else if (auto named = fact_of(e, "piece"); !named.empty())
      pieces.mark(cid_of(named));
    else
      mark_pieces_of(content_id{e.subject});
    work();
  }

  void mark_pieces_of(const content_id& id) {
    auto seen = d.look()->each<placement>([&](const stored<placement>& p) { pieces.mark(p.value.piece); },
                                          {records::encode_prefix(id), {}});
    if (!seen)
      spdlog::error("rollup: the placements of {} cannot be read: {}", id.value, to_string(seen.error()));
  }

  void work() {
    if (std::exchange(in_work, true))
      return;
    while (auto next = pieces.take())
      roll(*next);
    in_work = false;
  }

  void roll(const cid& id) {
    auto more = std::make_shared<bool>(false);
    auto build = [this, id, more](const records::reader& newest) {
      return roll_up(newest, id, d.clock->now(), d.world.wall(), contents_per_transaction, *more);
    };
    d.commits.commit(self, build, [this, id, more](const status& s) {
      if (!s && s.error().code != errc::shutting_down)
        spdlog::error("rollup of piece {}: {}", id.text(), to_string(s.error()));
      if (s && *more)
        pieces.mark(id);
      pieces.done(id);
      work();
    });
  }

  static constexpr const char* name = "rollup";
  rollup_actor::pointer self;
  domain d;
  work_queue<cid> pieces{4};
  bool in_work = false; ///< what is done at once comes back here: no recursion
};

rollup_actor::behavior_type rollup(self_of<rollup_actor, rollup_state> self, domain d) {
  prepare(self);
  self->state.d = std::move(d);
  self->state.start();
  return {
      log_handler(self, self->state.d, rollup_state::kinds(), [self](const event& e) { self->state.hear(e); }),
      [self](atom::wake, const cid& piece_id) {
        self->state.pieces.mark(piece_id);
        self->state.work();
      },
  };
}

} // namespace

rollup_actor spawn_rollup(caf::actor_system& system, domain d) {
  return system.spawn(rollup, std::move(d));
}

} // namespace weir
