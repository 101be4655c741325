#include "actors/ffs/powergate.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/filecoin/address_text.hpp"

#include <caf/send.hpp>

namespace weir::ffs {

result<cid_config> node_default(const records::reader& state) {
  WEIR_TRY(auto own, state.find<node_defaults>("node"));
  return own ? own->value.defaults : cid_config{};
}

result<cid_config> default_config(const records::reader& state, const instance_id& of) {
  WEIR_TRY(auto i, state.find<instance>(of));
  if (!i || i->value.deleting)
    return fail(errc::not_found, "There is no such instance.", of.value);
  return std::move(i->value.defaults);
}

status check_push(const records::reader& state, const instance_id& of, const cid_config& config,
                  const config_limits& limits) {
  WEIR_CHECK(check(config, limits));
  const auto& payer = config.cold.wallet;
  if (payer.empty())
    return {};
  WEIR_TRY(auto held, state.find<wallet_address>(payer));
  if (!held || held->value.instance != of)
    return fail(errc::invalid_argument, "cold.address is not an address of the instance.", filecoin::to_text(payer));
  return {};
}

namespace {

struct powergate_state {
  explicit powergate_state(powergate_actor::pointer self) : self{self} {}

  /// That the instance is wired to now.
  result<scheduler_actor> scheduler() const {
    WEIR_TRY(auto i, d.look()->find<instance>(of));
    if (!i || i->value.deleting)
      return fail(errc::not_found, "There is no such instance.", of.value);
    auto found = known.find(i->value.scheduler);
    if (found == known.end())
      return fail(errc::precondition, "The scheduler that the instance is wired to does not run here.",
                  i->value.scheduler);
    return found->second;
  }

  result<enqueue> wish_of(const push_config& m) const {
    WEIR_TRY(auto preset, default_config(*d.look(), of));
    enqueue wish{of, m.cid, wanted_config(m.config, preset), job_cause::push, {}, m.override_config, m.no_exec};
    WEIR_CHECK(check_push(*d.look(), of, wish.config, limits));
    return wish;
  }

  result<enqueue> wish_of(const replace_cid& m) const {
    if (m.from == m.to)
      return fail(errc::invalid_argument, "The old and the new CID are the same.", m.to.text());
    WEIR_TRY(auto from, d.look()->find<cid_entry>({of, m.from}));
    if (!from)
      return fail(errc::not_found, "The instance does not keep the CID that is to be replaced.", m.from.text());
    return enqueue{of, m.to, from->value.config, job_cause::replace, m.from, true, false};
  }

  template <class Answer, class Message>
  caf::result<Answer> pass_on(result<Message> m) {
    if (!m)
      return to_caf(m.error());
    auto to = scheduler();
    if (!to)
      return to_caf(to.error());
    return self->delegate(*to, *std::move(m));
  }

  static constexpr const char* name = "powergate";
  powergate_actor::pointer self;
  domain d;
  instance_id of;
  schedulers known;
  config_limits limits;
};

powergate_actor::behavior_type powergate(self_of<powergate_actor, powergate_state> self, domain d, instance_id of,
                                         schedulers known, config_limits limits) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.of = std::move(of);
  state.known = std::move(known);
  state.limits = limits;
  return {
      [self](const push_config& m) { return self->state.pass_on<push_answer>(self->state.wish_of(m)); },
      [self](const replace_cid& m) { return self->state.pass_on<push_answer>(self->state.wish_of(m)); },
      [self](const remove_cid& m) {
        return self->state.pass_on<nothing>(result<remove_cid>{remove_cid{self->state.of, m.cid}});
      },
      [self](const cancel_job& m) {
        return self->state.pass_on<job>(result<cancel_job>{cancel_job{self->state.of, m.job}});
      },
  };
}

struct manager_state {
  explicit manager_state(manager_actor::pointer self) : self{self} {}

  result<powergate_actor> open(const instance_id& of) {
    WEIR_TRY(auto i, d.look()->find<instance>(of));
    if (!i || i->value.deleting)
      return fail(errc::not_found, "There is no such instance.", of.value);
    auto [at, fresh] = gates.try_emplace(of);
    if (fresh) {
      at->second = spawn_powergate(self->system(), d, of, known, limits);
      self->monitor(at->second);
    }
    return at->second;
  }

  void forget(const caf::actor_addr& who) {
    std::erase_if(gates, [&](auto& g) { return g.second.address() == who; });
  }

  /// At the scheduler that has its jobs; its powergate goes at once.
  caf::result<nothing> drop(const drop_instance& which) {
    if (auto gate = gates.find(which.id); gate != gates.end())
      self->send_exit(gate->second, caf::exit_reason::user_shutdown);
    auto i = d.look()->find<instance>(which.id);
    auto to = i && *i ? known.find((*i)->value.scheduler) : known.end();
    if (to == known.end())
      return nothing{};
    return self->delegate(to->second, which);
  }

  static constexpr const char* name = "manager";
  manager_actor::pointer self;
  domain d;
  schedulers known;
  config_limits limits;
  std::map<instance_id, powergate_actor> gates;
};

manager_actor::behavior_type manager(self_of<manager_actor, manager_state> self, domain d, schedulers known,
                                     config_limits limits) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.known = std::move(known);
  state.limits = limits;
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

powergate_actor spawn_powergate(caf::actor_system& system, domain d, instance_id of, schedulers known,
                                config_limits limits) {
  return system.spawn(powergate, std::move(d), std::move(of), std::move(known), limits);
}

manager_actor spawn_manager(caf::actor_system& system, domain d, schedulers known, config_limits limits) {
  return system.spawn(manager, std::move(d), std::move(known), limits);
}

} // namespace weir::ffs
