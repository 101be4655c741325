#pragma once
// Hosted actors: ordinary typed CAF actors whose handlers run on a loop
// thread, so that they may use its sockets and timers without locks.
//
//   loop::host host{system, loop};
//   auto gate = host.spawn(gate_behaviour, args…);   // or host.spawn<gate_class>(args…)
//   …
//   host.shutdown();   // EXIT to all, waits for their end; before loop.stop()
//
// Code on the loop thread answers an HTTP request by
// `gate->request(worker, timeout, …).then(ok, failed)`; both run on the loop.
// Tests drain a `loop_unit` themselves and need no thread.
//
// A mailbox of CAF is unbounded; senders keep to credit (one answer per
// chunk), as everywhere in Weir.
#include "adapters/loop/loop_unit.hpp"
#include "adapters/loop/uv_loop.hpp"

#include <caf/actor_system.hpp>
#include <caf/detail/init_fun_factory.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/infer_handle.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <memory>

namespace weir::loop {

/// Any event-based actor class, moved to the loop of a `loop_unit`. CAF
/// schedules an actor at the unit of whoever sends to it; this one always
/// goes to its own.
template <class Base>
class hosted : public Base {
public:
  template <class... Ts>
  explicit hosted(caf::actor_config& cfg, Ts&&... xs)
      : Base(cfg, std::forward<Ts>(xs)...), unit_{static_cast<loop_unit*>(cfg.host)} {}
  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit*) override {
    Base::enqueue(std::move(message), unit_);
  }
  caf::resumable::subtype_t subtype() const override { return caf::resumable::io_actor; }

private:
  loop_unit* unit_; // owned by the host, which outlives its actors
};

/// Spawns a class-based actor on the unit.
template <class Actor, class... Ts>
auto spawn_on(loop_unit& unit, Ts&&... xs) {
  caf::actor_config cfg{&unit};
  return unit.system().template spawn_impl<hosted<Actor>, caf::no_spawn_options>(cfg, std::forward<Ts>(xs)...);
}

/// Spawns a function-based actor (with or without state) on the unit.
template <class F, class... Ts>
requires(!std::is_class_v<F> || requires { &F::operator(); }) auto spawn_fun_on(loop_unit& unit, F fun, Ts&&... xs) {
  using impl = caf::infer_impl_from_fun_t<F>;
  caf::actor_config cfg{&unit};
  caf::detail::init_fun_factory<impl, F> factory;
  cfg.init_fun = factory(std::move(fun), std::forward<Ts>(xs)...);
  return unit.system().template spawn_impl<hosted<impl>, caf::no_spawn_options>(cfg);
}

/// The actors of one loop, and their ordered end. Must outlive its actors
/// (`shutdown` sees to that) and be destroyed before the actor system. An actor
/// stays until `shutdown` or its own end, whether or not anybody has a handle.
class host {
public:
  host(caf::actor_system& system, uv_loop& owner);
  host(const host&) = delete;
  host& operator=(const host&) = delete;
  ~host(); ///< shuts down

  template <class F, class... Ts>
  auto spawn(F fun, Ts&&... xs) {
    auto handle = spawn_fun_on(*unit_, std::move(fun), std::forward<Ts>(xs)...);
    adopt(caf::actor_cast<caf::strong_actor_ptr>(handle));
    return handle;
  }
  template <class Actor, class... Ts>
  auto spawn_class(Ts&&... xs) {
    auto handle = spawn_on<Actor>(*unit_, std::forward<Ts>(xs)...);
    adopt(caf::actor_cast<caf::strong_actor_ptr>(handle));
    return handle;
  }

  /// Sends EXIT to every actor still alive and waits until all have ended and
  /// the loop is done with them. From any thread but the loop's.
  void shutdown();
  loop_unit& unit() { return *unit_; }

private:
  void adopt(caf::strong_actor_ptr actor);
  struct census;
  uv_loop& loop_;
  std::shared_ptr<census> census_;
  std::unique_ptr<loop_unit> unit_;
};

} // namespace weir::loop
