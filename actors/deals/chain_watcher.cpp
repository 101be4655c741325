#include "actors/deals/chain_watcher.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

#include <spdlog/spdlog.h>

namespace weir {

using records::fact;

namespace {

constexpr std::chrono::seconds again_after{2};

struct chain_watcher_state {
  explicit chain_watcher_state(chain_watcher_actor::pointer self) : self{self} {}

  void subscribe() {
    self->request(chain, std::chrono::seconds{30}, atom::subscribe_v, chain_listener{self})
        .then([](nothing) {},
              [this](const caf::error& e) {
                hear(chain_health{from_caf(e)});
                run_after(self, d.commits.timer, again_after, [this] { subscribe(); });
              });
  }

  void hear(const head_changes& heads) {
    std::uint64_t reverted = 0;
    for (auto& change : heads.changes) {
      if (change.what == head_change::kind::revert)
        ++reverted;
      else
        head = change.at;
    }
    finalized = std::max(finalized, heads.finalized);
    if (problem.code != errc::none)
      hear(chain_health{});
    if (reverted > 0)
      say(event_kind::chain_reorg, {fact("reverted", reverted), fact("head", head.height)});
    self->send(d.ticker, tick{head.height, finalized});
    self->send(tracker, heads);
  }

  void hear(const chain_health& health) {
    bool was_good = problem.code == errc::none;
    bool is_good = health.problem.code == errc::none;
    problem = health.problem;
    if (was_good && !is_good)
      say(event_kind::chain_lost,
          {fact("code", std::string{to_string(problem.code)}), fact("message", problem.message)});
    else if (!was_good && is_good)
      say(event_kind::chain_back, {fact("head", head.height)});
  }

  void say(event_kind kind, records::facts fields) {
    auto said = std::make_shared<bool>(false);
    auto build = [kind, fields, said](const records::reader&) -> result<transaction_builder> {
      transaction_builder t;
      if (!std::exchange(*said, true))
        t.say(kind, "chain", {}, fields);
      return t;
    };
    d.commits.commit(self, build, [](const status&) {});
  }

  static constexpr const char* name = "chain_watcher";
  chain_watcher_actor::pointer self;
  domain d;
  chain_actor chain;
  deal_tracker_actor tracker;
  tipset head;
  epoch finalized = no_epoch;
  error problem{errc::none, {}, {}, {}};
};

chain_watcher_actor::behavior_type chain_watcher(self_of<chain_watcher_actor, chain_watcher_state> self, domain d,
                                                 chain_actor chain, deal_tracker_actor tracker) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.chain = std::move(chain);
  state.tracker = std::move(tracker);
  state.subscribe();
  return {
      [self](const head_changes& heads) { self->state.hear(heads); },
      [self](const chain_health& health) { self->state.hear(health); },
      [self](atom::status) { return self->state.problem; },
  };
}

} // namespace

chain_watcher_actor spawn_chain_watcher(caf::actor_system& system, domain d, chain_actor chain,
                                        deal_tracker_actor tracker) {
  return system.spawn(chain_watcher, std::move(d), std::move(chain), std::move(tracker));
}

} // namespace weir
