#include "actors/buckets/gc.hpp"

#include "actors/deals/rollup_rules.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

#include <deque>

namespace weir {

using records::fact;

namespace {

bool older(epoch since, epoch now, const bucket_policy& policy) {
  return since != no_epoch && now != no_epoch && now - since > policy.collect_after;
}

/// Every part of it has at least one active deal.
result<bool> held_elsewhere(const records::reader& state, const content_id& id) {
  bool everywhere = true, placed = false;
  status failed;
  WEIR_CHECK(state.each<placement>(
      [&](const stored<placement>& p) {
        placed = true;
        bool here = false;
        auto keys = state.keys<records::piece_deals>(p.value.piece);
        if (!keys) {
          failed = keys.error();
          return false;
        }
        for (auto& key : *keys)
          if (auto d = state.find<deal>(std::get<1>(key)); d && *d)
            here |= (*d)->value.state == deal_state::active;
        everywhere &= here;
        return everywhere;
      },
      {records::encode_prefix(id), {}}));
  if (!failed)
    return failed.error();
  return placed && everywhere;
}

epoch removed_at(const content& c) {
  for (auto& m : c.life)
    if (m.state == static_cast<std::uint8_t>(content_state::removed))
      return m.at;
  return no_epoch;
}

} // namespace

bool is_collectable(const bucket& b, epoch now, const bucket_policy& policy) {
  if (b.state == bucket_state::complete)
    return older(b.complete_at, now, policy);
  return b.count == 0 && older(b.created_at, now, policy);
}

bool is_hopeless(const content& c, epoch now, const bucket_policy& policy) {
  return allowed(c.state, content_state::failed) && older(c.failing_since, now, policy);
}

result<transaction_builder> collect_bucket(const records::reader& state, const bucket_id& id, epoch now,
                                           const bucket_policy& policy) {
  transaction_builder t;
  WEIR_TRY(auto b, state.find<bucket>(id));
  if (!b || !is_collectable(b->value, now, policy))
    return t;
  t.remove(*b);
  t.say(event_kind::bucket_collected, id.value, b->value.owner,
        {fact("name", b->value.name), fact("count", b->value.count)});
  return t;
}

result<transaction_builder> fail_content(const records::reader& state, const content_id& id, epoch now, unix_ms time,
                                         const bucket_policy& policy) {
  transaction_builder t;
  WEIR_TRY(auto c, state.find<content>(id));
  if (!c || !is_hopeless(c->value, now, policy))
    return t;
  auto after = c->value;
  if (after.state == content_state::in_bucket) {
    WEIR_TRY(auto b, state.find<bucket>(after.bucket));
    if (b) {
      auto drained = b->value;
      drain(drained, after);
      t.update(*b, drained);
    }
  }
  WEIR_TRY(bool elsewhere, held_elsewhere(state, id));
  bool drop = elsewhere || after.may_be_dropped;
  if (drop)
    after.local = false;
  reach(after, content_state::failed, now, time);
  t.update(*c, after);
  t.say(event_kind::content_failed, id.value, after.owner,
        {fact("message", after.problem.message), fact("since", after.failing_since), fact("bytesDropped", drop)});
  return t;
}

result<transaction_builder> forget_content(const records::reader& state, const content_id& id, epoch now,
                                           const bucket_policy& policy) {
  transaction_builder t;
  WEIR_TRY(auto c, state.find<content>(id));
  if (!c || c->value.state != content_state::removed || !older(removed_at(c->value), now, policy))
    return t;
  std::vector<stored<placement>> places;
  WEIR_CHECK(state.each<placement>([&](const stored<placement>& p) { places.push_back(p); },
                                   {records::encode_prefix(id), {}}));
  for (auto& p : places)
    t.remove(p);
  t.remove(*c);
  return t;
}

namespace {

struct gc_state {
  explicit gc_state(bucket_gc_actor::pointer self) : self{self} {}

  using step = std::function<result<transaction_builder>(const records::reader&)>;

  void hear(const tick& t) {
    if (t.now == no_epoch || (next_round != no_epoch && t.now < next_round) || !steps.empty())
      return;
    next_round = t.now + epochs_per_day;
    round();
  }

  void round() {
    auto now = d.clock->now();
    auto time = d.world.wall();
    auto state = d.look();
    auto seen = state->each<bucket>([&](const stored<bucket>& b) {
      if (is_collectable(b.value, now, policy))
        steps.push_back([this, now, id = b.value.id](auto& s) { return collect_bucket(s, id, now, policy); });
    });
    if (seen)
      seen = state->each<content>([&](const stored<content>& c) {
        if (is_hopeless(c.value, now, policy))
          steps.push_back(
              [this, now, time, id = c.value.id](auto& s) { return fail_content(s, id, now, time, policy); });
        else if (c.value.state == content_state::removed)
          steps.push_back([this, now, id = c.value.id](auto& s) { return forget_content(s, id, now, policy); });
      });
    if (!seen)
      spdlog::error("bucket_gc: records cannot be read: {}", to_string(seen.error()));
    next();
  }

  void next() {
    if (steps.empty())
      return;
    d.commits.commit(self, steps.front(), [this](const status& s) {
      if (!s)
        spdlog::warn("bucket_gc: {}", to_string(s.error()));
      steps.pop_front();
      self->send(bucket_gc_actor{self}, atom::wake_v); // a turn of its own: others go first
    });
  }

  static constexpr const char* name = "bucket_gc";
  bucket_gc_actor::pointer self;
  domain d;
  bucket_policy policy;
  std::deque<step> steps;
  epoch next_round = no_epoch;
};

bucket_gc_actor::behavior_type bucket_gc(self_of<bucket_gc_actor, gc_state> self, domain d, bucket_policy policy) {
  prepare(self);
  self->state.d = std::move(d);
  self->state.policy = policy;
  self->request(self->state.d.ticker, std::chrono::seconds{30}, atom::subscribe_v, tick_listener{self})
      .then([self](const tick& t) { self->state.hear(t); }, [](const caf::error&) {});
  return {
      [self](const tick& t) { self->state.hear(t); },
      [self](atom::wake) { self->state.next(); },
  };
}

} // namespace

bucket_gc_actor spawn_bucket_gc(caf::actor_system& system, domain d, bucket_policy policy) {
  return system.spawn(bucket_gc, std::move(d), policy);
}

} // namespace weir
