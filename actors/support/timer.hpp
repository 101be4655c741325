#pragma once
// Waiting inside the process, for back-off only: an answer that comes later.
// (Ages and schedules of the domain are due epochs in records, woken by the
// ticker.) On the actor clock, so tests replace it. Nothing survives a restart.
#include "messages/actors/caf.hpp"

#include <chrono>

namespace weir {

struct wait_for {
  std::chrono::milliseconds time{0};
};

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_support, WEIR_TYPE_IDS(9))
WEIR_MESSAGE(weir_support, (weir::wait_for))
CAF_END_TYPE_ID_BLOCK(weir_support)

namespace weir {

using timer_actor =
    caf::typed_actor<caf::replies_to<wait_for>::with<nothing>, caf::reacts_to<atom::wake, std::uint64_t>>;

timer_actor spawn_timer(caf::actor_system& system);

/// Runs `what` in the actor's own turn after the time; never when the node stops before.
template <class Self, class What>
void run_after(Self* self, const timer_actor& timer, std::chrono::milliseconds time, What what) {
  self->request(timer, time + std::chrono::minutes{1}, wait_for{time})
      .then([what](nothing) { what(); }, [](const caf::error&) {});
}

/// Doubles from `first` to `most`.
struct backoff {
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds most{30'000};
  std::chrono::milliseconds now{0};

  std::chrono::milliseconds next() {
    now = now.count() == 0 ? first : std::min(now * 2, most);
    return now;
  }
  void reset() { now = std::chrono::milliseconds{0}; }
};

} // namespace weir
