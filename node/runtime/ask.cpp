#include "node/runtime/ask.hpp"

#include <caf/after.hpp>
#include <caf/exit_reason.hpp>

namespace weir {

bool end_and_wait(caf::actor_system& system, const caf::actor& whom, std::chrono::milliseconds time) {
  if (!whom)
    return true;
  caf::scoped_actor self{system};
  self->monitor(whom);
  self->send_exit(whom, caf::exit_reason::user_shutdown);
  bool ended = false;
  self->receive([&](const caf::down_msg&) { ended = true; }, caf::after(time) >> [] {});
  return ended;
}

} // namespace weir
