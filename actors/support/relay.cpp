#include "actors/support/relay.hpp"

#include "messages/actors/caf.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/make_actor.hpp>

namespace weir {

namespace {

void refuse(const caf::mailbox_element& request, caf::actor_id, bool closed, caf::execution_unit* host) {
  if (!request.mid.is_request() || !request.sender)
    return;
  auto e = closed ? fail(errc::shutting_down, "The node is stopping.")
                  : fail(errc::overloaded, "This part of the node is being restarted; try again.");
  request.sender->enqueue(nullptr, request.mid.response_id(), caf::make_message(to_caf(e)), host);
}

} // namespace

void relay::enqueue(caf::mailbox_element_ptr what, caf::execution_unit* host) {
  caf::strong_actor_ptr target;
  bool closed = false;
  {
    std::lock_guard lock{mutex_};
    target = target_;
    closed = closed_;
  }
  if (target)
    target->enqueue(std::move(what), host);
  else
    refuse(*what, id(), closed, host);
}

void relay::point_to(caf::strong_actor_ptr target) {
  std::lock_guard lock{mutex_};
  if (!closed_)
    target_ = std::move(target);
}

void relay::close() {
  caf::strong_actor_ptr last; // released outside the lock
  {
    std::lock_guard lock{mutex_};
    closed_ = true;
    last = std::move(target_);
    target_ = nullptr;
  }
  last = nullptr;
  cleanup(caf::exit_reason::user_shutdown, nullptr);
}

caf::strong_actor_ptr make_relay(caf::actor_system& system) {
  caf::actor_config cfg;
  return caf::make_actor<relay, caf::strong_actor_ptr>(system.next_actor_id(), system.node(), &system, cfg);
}

relay& relay_of(const caf::strong_actor_ptr& handle) {
  return static_cast<relay&>(*caf::actor_cast<caf::abstract_actor*>(handle));
}

} // namespace weir
