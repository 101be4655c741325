#include "actors/support/timer.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

#include <map>

#include <caf/typed_response_promise.hpp>

namespace weir {

namespace {

struct timer_state {
  explicit timer_state(timer_actor::pointer self) : self{self} {}

  caf::typed_response_promise<nothing> wait(std::chrono::milliseconds time) {
    auto promise = self->make_response_promise<nothing>();
    waiting.emplace(++last, promise);
    self->delayed_send(timer_actor{self}, time, atom::wake_v, last);
    return promise;
  }
  void fire(std::uint64_t number) {
    auto found = waiting.find(number);
    if (found == waiting.end())
      return;
    found->second.deliver(nothing{});
    waiting.erase(found);
  }

  static constexpr const char* name = "timer";
  timer_actor::pointer self;
  std::uint64_t last = 0;
  std::map<std::uint64_t, caf::typed_response_promise<nothing>> waiting;
};

timer_actor::behavior_type timer(self_of<timer_actor, timer_state> self) {
  prepare(self);
  return {
      [self](const wait_for& w) { return self->state.wait(w.time); },
      [self](atom::wake, std::uint64_t number) { self->state.fire(number); },
  };
}

} // namespace

timer_actor spawn_timer(caf::actor_system& system) {
  return system.spawn(timer);
}

} // namespace weir
