#include "actors/buckets/checker.hpp"

#include "actors/deals/deal_records.hpp"
#include "actors/deals/rollup_rules.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

namespace weir {

result<bool> lacks_deals(const records::reader& state, const cid& piece_id) {
  WEIR_TRY(auto p, state.find<piece>(piece_id));
  if (!p || p->value.state == piece_state::retired)
    return false;
  WEIR_TRY(auto deals, deals_of_piece(state, piece_id));
  return tally(deals_for({}, deals)).good < p->value.copies;
}

namespace {

using checker_impl = bucket_checker_actor::extend<follows_log>;

struct checker_state {
  explicit checker_state(checker_impl::pointer self) : self{self} {}

  static std::vector<event_kind> kinds() {
    using enum event_kind;
    return {deal_rejected, deal_failed, deal_slashed, deal_expired, piece_degraded, piece_built, content_changed};
  }

  void start() {
    auto state = d.look();
    check_all();
    follow_log(self, d, state->at(), kinds());
    self->request(d.ticker, std::chrono::seconds{30}, atom::subscribe_v, caf::actor_cast<tick_listener>(self))
        .then([this](const tick& t) { hear(t); }, [](const caf::error&) {});
  }

  void hear(const event& e) {
    if (e.kind == event_kind::content_changed)
      check_content(content_id{e.subject});
    else if (auto named = fact_of(e, "piece"); !named.empty())
      check(cid_of(named));
    else
      check(cid_of(e.subject));
  }

  void hear(const tick& t) {
    if (next_round != no_epoch && t.now < next_round)
      return;
    next_round = t.now + epochs_per_day;
    check_all();
  }

  void check_all() {
    auto seen = d.look()->each<piece>([&](const stored<piece>& p) { check(p.value.cid); });
    if (!seen)
      spdlog::error("bucket_checker: the pieces cannot be read: {}", to_string(seen.error()));
  }

  void check_content(const content_id& id) {
    auto seen = d.look()->each<placement>([&](const stored<placement>& p) { check(p.value.piece); },
                                          {records::encode_prefix(id), {}});
    if (!seen)
      spdlog::error("bucket_checker: the placements of {} cannot be read: {}", id.value, to_string(seen.error()));
  }

  void check(const cid& piece_id) {
    auto lacks = lacks_deals(*d.look(), piece_id);
    if (!lacks)
      spdlog::error("bucket_checker: piece {}: {}", piece_id.text(), to_string(lacks.error()));
    else if (*lacks)
      self->send(maker, atom::wake_v, piece_id);
  }

  static constexpr const char* name = "bucket_checker";
  checker_impl::pointer self;
  domain d;
  deal_maker_actor maker;
  epoch next_round = no_epoch;
};

checker_impl::behavior_type bucket_checker(self_of<checker_impl, checker_state> self, domain d,
                                           deal_maker_actor maker) {
  prepare(self);
  self->state.d = std::move(d);
  self->state.maker = std::move(maker);
  self->state.start();
  return {
      log_handler(self, self->state.d, checker_state::kinds(), [self](const event& e) { self->state.hear(e); }),
      [self](const tick& t) { self->state.hear(t); },
      [self](atom::wake) { self->state.check_all(); },
  };
}

} // namespace

bucket_checker_actor spawn_bucket_checker(caf::actor_system& system, domain d, deal_maker_actor maker) {
  return system.spawn(bucket_checker, std::move(d), std::move(maker));
}

} // namespace weir
