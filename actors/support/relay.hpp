#pragma once
// A stable address for an actor that a supervisor may start anew: whoever
// holds the relay's handle always reaches the newest incarnation. It passes
// messages on in the sender's own turn (no mailbox, no hop); answers go
// straight back. While there is no incarnation, requests get errc::overloaded
// ("try again later"), after `close` errc::shutting_down.
#include <mutex>

#include <caf/actor_cast.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/monitorable_actor.hpp>

namespace weir {

class relay final : public caf::monitorable_actor {
public:
  explicit relay(caf::actor_config& cfg) : caf::monitorable_actor{cfg} {}

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* host) override;
  const char* name() const override { return "relay"; }

  void point_to(caf::strong_actor_ptr target);
  /// For good: nothing is passed on from now.
  void close();

private:
  std::mutex mutex_;
  caf::strong_actor_ptr target_;
  bool closed_ = false;
};

caf::strong_actor_ptr make_relay(caf::actor_system& system);
relay& relay_of(const caf::strong_actor_ptr& handle);

} // namespace weir
