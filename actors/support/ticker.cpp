#include "actors/support/ticker.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

#include <chrono>
#include <vector>

namespace weir {

namespace {

constexpr std::chrono::seconds answer_time{60};

struct ticker_state {
  explicit ticker_state(ticker_actor::pointer self) : self{self} {}

  struct listener {
    tick_listener handle;
    bool busy = false;
    bool stale = false; ///< missed a tick while it was busy
  };

  void hear(const tick& t) {
    auto finalized = std::max(newest.finalized, t.finalized);
    newest = {t.now, finalized};
    clock->set(newest);
    for (auto& l : listeners)
      offer(l);
  }
  tick subscribe(const tick_listener& who) {
    self->monitor(who);
    listeners.push_back({who, false, false});
    return newest;
  }
  void offer(listener& l) {
    l.stale = l.busy;
    if (l.busy)
      return;
    l.busy = true;
    auto address = l.handle.address();
    auto done = [this, address] { answered(address); };
    self->request(l.handle, answer_time, newest).then(done, [done](const caf::error&) { done(); });
  }
  void answered(const caf::actor_addr& who) {
    for (auto& l : listeners)
      if (l.handle.address() == who) {
        l.busy = false;
        if (l.stale)
          offer(l);
        return;
      }
  }
  void forget(const caf::actor_addr& who) {
    std::erase_if(listeners, [&](const listener& l) { return l.handle.address() == who; });
  }

  static constexpr const char* name = "ticker";
  ticker_actor::pointer self;
  std::shared_ptr<domain_clock> clock;
  tick newest;
  std::vector<listener> listeners;
};

ticker_actor::behavior_type ticker(self_of<ticker_actor, ticker_state> self, std::shared_ptr<domain_clock> clock) {
  prepare(self);
  self->state.clock = std::move(clock);
  self->set_down_handler([self](const caf::down_msg& down) { self->state.forget(down.source); });
  return {
      [self](const tick& t) { self->state.hear(t); },
      [self](atom::get) { return self->state.newest; },
      [self](atom::subscribe, const tick_listener& who) { return self->state.subscribe(who); },
  };
}

} // namespace

ticker_actor spawn_ticker(caf::actor_system& system, std::shared_ptr<domain_clock> clock) {
  return system.spawn(ticker, std::move(clock));
}

} // namespace weir
