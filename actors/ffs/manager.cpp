#include "actors/ffs/powergate.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

#include <caf/typed_response_promise.hpp>

namespace weir::ffs {

namespace {

constexpr std::chrono::minutes drop_time{15};

struct manager_state {
  explicit manager_state(manager_actor::pointer self) : self{self} {}

  using done_promise = caf::typed_response_promise<nothing>;

  /// One that is there looks at the record itself, each time.
  result<powergate_actor> open(const instance_id& of) {
    if (auto known = gates.find(of); known != gates.end())
      return known->second;
    WEIR_TRY(auto i, d.look()->find<instance>(of));
    if (!i || i->value.deleting)
      return fail(errc::not_found, "There is no such instance.", of.value);
    auto made = spawn_powergate(self->system(), d, of, parts);
    self->monitor(made);
    gates.emplace(of, made);
    return made;
  }

  void forget(const caf::actor_addr& who) {
    std::erase_if(gates, [&](auto& g) { return g.second.address() == who; });
  }

  /// Its powergate goes at once; then what each scheduler has of it: it may have been moved.
  done_promise drop(const drop_instance& which) {
    if (auto gate = gates.extract(which.id))
      self->send_exit(gate.mapped(), caf::exit_reason::user_shutdown);
    auto answer = self->make_response_promise<nothing>();
    std::vector<scheduler_actor> all;
    for (auto& [name, w] : parts.known)
      all.push_back(w.scheduler);
    drop_next(which, std::move(all), answer);
    return answer;
  }

  void drop_next(const drop_instance& which, std::vector<scheduler_actor> left, done_promise answer) {
    if (left.empty()) {
      answer.deliver(nothing{});
      return;
    }
    auto next = left.back();
    left.pop_back();
    self->request(next, drop_time, which)
        .then([this, which, left, answer](nothing) { drop_next(which, left, answer); },
              [answer](const caf::error& e) mutable { answer.deliver(e); });
  }

  static constexpr const char* name = "manager";
  manager_actor::pointer self;
  domain d;
  gate_parts parts;
  std::map<instance_id, powergate_actor> gates;
};

manager_actor::behavior_type manager(self_of<manager_actor, manager_state> self, domain d, gate_parts parts) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.parts = std::move(parts);
  self->set_down_handler([self](const caf::down_msg& down) { self->state.forget(down.source); });
  // Powergates end with their parent.
  self->set_exit_handler([self](const caf::exit_msg& e) {
    for (auto& [id, gate] : self->state.gates)
      self->send_exit(gate, e.reason);
    self->quit(e.reason);
  });
  return {
      [self](const open_instance& which) { return reply(self->state.open(which.id)); },
      [self](const drop_instance& which) { return self->state.drop(which); },
  };
}

} // namespace

manager_actor spawn_manager(caf::actor_system& system, domain d, gate_parts parts) {
  return system.spawn(manager, std::move(d), std::move(parts));
}

} // namespace weir::ffs
