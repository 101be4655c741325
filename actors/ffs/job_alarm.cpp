#include "actors/ffs/job_alarm.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "actors/support/subscription.hpp"

#include <caf/actor_cast.hpp>

#include <map>

namespace weir::ffs {

namespace {

using job_alarm_impl = job_alarm_actor::extend<follows_log>;
using job_key = std::pair<instance_id, job_id>;

struct job_alarm_state {
  explicit job_alarm_state(job_alarm_impl::pointer self) : self{self} {}

  static std::vector<event_kind> kinds() {
    using enum event_kind;
    return {job_started, job_progress, job_done, job_failed, job_cancelled};
  }

  void start() {
    auto state = d.look();
    auto keys = state->keys<records::ffs_open_jobs>();
    for (std::size_t i = 0; keys && i < keys->size(); ++i) {
      job_key key{std::get<2>((*keys)[i]), std::get<1>((*keys)[i])};
      auto j = state->find<job>(key);
      if (j && *j && (*j)->value.state == job_state::in_progress)
        moved[key] = d.clock->now();
    }
    if (!keys)
      spdlog::error("job_alarm: the open jobs cannot be read: {}", to_string(keys.error()));
    follow_log(self, d, state->at(), kinds());
    self->request(d.ticker, std::chrono::seconds{30}, atom::subscribe_v, caf::actor_cast<tick_listener>(self))
        .then([](const tick&) {}, [](const caf::error&) {});
  }

  void hear(const event& e) {
    job_key key{instance_of(e.owner), job_id{e.subject}};
    if (e.kind == event_kind::job_started || e.kind == event_kind::job_progress)
      moved[key] = d.clock->now();
    else
      moved.erase(key);
  }

  /// One that was told of is told of again only after it has moved.
  void look(const tick& now) {
    std::erase_if(moved, [&](const auto& m) {
      bool stuck = m.second != no_epoch && now.now - m.second >= after;
      if (stuck)
        say(m.first, m.second);
      return stuck;
    });
    for (auto& [key, since] : moved)
      if (since == no_epoch) // it was there before the clock
        since = now.now;
  }

  void say(const job_key& key, epoch since) {
    auto build = [key, since](const records::reader& newest) -> result<transaction_builder> {
      transaction_builder t;
      WEIR_TRY(auto j, newest.find<job>(key));
      if (!j || j->value.state != job_state::in_progress)
        return t;
      t.must_be_unchanged(*j);
      t.say(event_kind::job_stuck, key.second.value, owner_of(key.first),
            {records::fact("cid", j->value.cid), records::fact("step", std::string{to_string(j->value.step)}),
             records::fact("since", since)});
      return t;
    };
    d.commits.commit(self, build, [](const status&) {});
  }

  static constexpr const char* name = "job_alarm";
  job_alarm_impl::pointer self;
  domain d;
  epoch_delta after = 0;
  std::map<job_key, epoch> moved; ///< jobs that run, and when something came of them last
};

job_alarm_impl::behavior_type job_alarm(self_of<job_alarm_impl, job_alarm_state> self, domain d, epoch_delta after) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.after = after;
  state.start();
  return {
      [self](const tick& now) { self->state.look(now); },
      log_handler(self, state.d, job_alarm_state::kinds(), [self](const event& e) { self->state.hear(e); }),
  };
}

} // namespace

job_alarm_actor spawn_job_alarm(caf::actor_system& system, domain d, epoch_delta after) {
  return system.spawn(job_alarm, std::move(d), after);
}

} // namespace weir::ffs
