#include "actors/support/supervisor.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/relay.hpp"
#include "messages/actors/caf.hpp"

#include <deque>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

namespace weir {

namespace {

struct supervisor_state {
  struct child {
    child_spec spec;
    caf::strong_actor_ptr relay_handle;
    caf::strong_actor_ptr running;
    std::deque<caf::actor_clock::time_point> deaths;
    std::chrono::milliseconds wait{0};
  };

  explicit supervisor_state(caf::event_based_actor* self) : self{self} {}

  void start(std::size_t index) {
    auto& c = children[index];
    if (stopping || c.running || !c.spec.start)
      return;
    c.running = c.spec.start();
    self->monitor(c.running);
    relay_of(c.relay_handle).point_to(c.running);
  }

  void down(const caf::down_msg& d) {
    for (std::size_t i = 0; i < children.size(); ++i)
      if (children[i].running && children[i].running == d.source) {
        relay_of(children[i].relay_handle).point_to(nullptr);
        children[i].running = nullptr;
        stopping ? stop_next() : revive(i, d.reason);
        return;
      }
  }

  void revive(std::size_t index, const caf::error& reason) {
    auto& c = children[index];
    auto now = self->clock().now();
    c.deaths.push_back(now);
    while (now - c.deaths.front() > policy.within)
      c.deaths.pop_front();
    if (c.deaths.size() > policy.limit) {
      spdlog::error("{} died {} times within {} s: giving up", c.spec.name, c.deaths.size(), policy.within.count());
      give_up = to_caf(fail(errc::internal, c.spec.name + " cannot be kept running: " + to_string(from_caf(reason))));
      stop();
      return;
    }
    c.wait = c.deaths.size() == 1 ? policy.first : std::min(c.wait * 2, policy.most);
    spdlog::warn("{} died ({}); started again in {} ms", c.spec.name, to_string(from_caf(reason)), c.wait.count());
    self->delayed_send(self, c.wait, atom::start_v, index);
  }

  void stop() {
    if (std::exchange(stopping, true))
      return;
    for (auto& c : children)
      relay_of(c.relay_handle).close();
    next = children.size();
    stop_next();
  }

  /// The last running child is told to end; its DOWN brings us back here.
  void stop_next() {
    while (next > 0) {
      auto& c = children[next - 1];
      if (c.running) {
        self->send_exit(caf::actor_cast<caf::actor>(c.running), caf::exit_reason::user_shutdown);
        self->delayed_send(self, policy.grace, atom::abort_v, next - 1);
        return;
      }
      --next;
    }
    self->quit(give_up ? give_up : caf::error{caf::exit_reason::user_shutdown});
  }

  void kill(std::size_t index) {
    auto& c = children[index];
    if (!stopping || !c.running)
      return;
    spdlog::warn("{} did not end in {} ms: killed", c.spec.name, policy.grace.count());
    self->send_exit(caf::actor_cast<caf::actor>(c.running), caf::exit_reason::kill);
    c.running = nullptr; // a blocked thread cannot be ended; what it holds is dropped with the process
    stop_next();
  }

  static constexpr const char* name = "supervisor";
  caf::event_based_actor* self;
  restart_policy policy;
  std::vector<child> children;
  std::size_t next = 0;
  bool stopping = false;
  caf::error give_up;
};

/// The children run already (or have died: their DOWN comes at once).
caf::behavior supervise(caf::stateful_actor<supervisor_state>* self, restart_policy policy,
                        std::vector<child_spec> specs, const std::vector<caf::strong_actor_ptr>& relays,
                        const std::vector<caf::strong_actor_ptr>& running) {
  prepare(self);
  auto& state = self->state;
  state.policy = policy;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    state.children.push_back({std::move(specs[i]), relays[i], running[i], {}, {}});
    if (running[i])
      self->monitor(running[i]);
  }
  self->set_down_handler([self](const caf::down_msg& d) { self->state.down(d); });
  self->set_exit_handler([self](const caf::exit_msg&) { self->state.stop(); });
  return {
      [self](atom::start, std::size_t index) { self->state.start(index); },
      [self](atom::abort, std::size_t index) { self->state.kill(index); },
  };
}

} // namespace

supervised
spawn_supervisor(caf::actor_system& system, std::size_t children,
                 const std::function<std::vector<child_spec>(const std::vector<caf::strong_actor_ptr>&)>& specs,
                 restart_policy policy) {
  supervised made;
  for (std::size_t i = 0; i < children; ++i)
    made.relays.push_back(make_relay(system));
  auto list = specs(made.relays);
  // Here and not in the supervisor's first turn: whoever gets the handles can use them at once.
  std::vector<caf::strong_actor_ptr> running(children);
  for (std::size_t i = 0; i < children; ++i)
    if (list[i].start) {
      running[i] = list[i].start();
      relay_of(made.relays[i]).point_to(running[i]);
    }
  made.supervisor = system.spawn(supervise, policy, std::move(list), made.relays, running);
  return made;
}

} // namespace weir
