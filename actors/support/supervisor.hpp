#pragma once
// Parent of the domain's actors. Children are started in the order of the
// list, each behind a relay, so that a child that dies is started anew (with
// back-off) without anyone holding a dead handle; what it knew is in records.
// A child that dies too often ends the supervisor with errc::internal: whoever
// watches it decides (the node stops).
//
// Ending it (an exit message) is the ordered shutdown: in the reverse order
// each child gets EXIT, its DOWN is awaited, after a grace it is killed, then
// the next. Survives a restart: nothing.
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

namespace weir {

struct child_spec {
  std::string name;
  std::function<caf::strong_actor_ptr()> start; ///< empty: this role does not run it; its relay refuses
};

struct restart_policy {
  std::chrono::milliseconds first{50}; ///< back-off before a restart, doubled each time
  std::chrono::milliseconds most{5'000};
  unsigned limit = 8;                     ///< deaths of one child …
  std::chrono::seconds within{60};        ///< … in this time are too many
  std::chrono::milliseconds grace{1'000}; ///< from EXIT to kill
};

struct supervised {
  caf::actor supervisor;
  std::vector<caf::strong_actor_ptr> relays; ///< in the order of the list
};

/// The relays exist at once; children may use each other's from their first turn.
/// `specs` is called with the relays.
supervised
spawn_supervisor(caf::actor_system& system, std::size_t children,
                 const std::function<std::vector<child_spec>(const std::vector<caf::strong_actor_ptr>&)>& specs,
                 restart_policy policy = {});

} // namespace weir
