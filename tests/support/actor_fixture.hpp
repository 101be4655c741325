#pragma once
// Actors on CAF's deterministic scheduler and virtual clock: nothing happens
// until `run()`, no thread runs, no time passes unless a test advances it.
//
//   auto store = sys.spawn(record_store, …);
//   auto answer = ask<committed_ptr>(store, atom::commit_v, t);   // a result
//   EXPECT_EQ(state_of<record_store_state>(store).status().waiting, 0u);
//   stop(store);   // what was spawned must be stopped before the fixture ends
#include "messages/actors/caf.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

namespace weir::test {

struct actor_fixture : ::testing::Test {
  struct deterministic : caf::actor_system_config {
    deterministic() { set("scheduler.policy", caf::atom("testing")); }
  };

  deterministic config;
  caf::actor_system sys{config};
  caf::scoped_actor self{sys, true};
  caf::scheduler::test_coordinator& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());

  ~actor_fixture() override { run(); }

  /// Until nobody has anything left to do.
  void run() { scheduler.run(); }
  /// One message at most; false when there is none.
  bool run_once() { return scheduler.try_run_once(); }
  /// Lets the virtual clock go on, and everything that this wakes.
  void advance(std::chrono::milliseconds time) {
    scheduler.clock().advance_time(time);
    run();
  }

  /// Sends a request, runs, and returns the answer.
  template <class T, class Handle, class... Ts>
  result<T> ask(const Handle& who, Ts&&... message) {
    auto request = self->request(who, std::chrono::seconds{3600}, std::forward<Ts>(message)...);
    run();
    std::optional<result<T>> answer;
    request.receive([&](T& value) { answer = result<T>{std::move(value)}; },
                    [&](const caf::error& e) { answer = result<T>{from_caf(e)}; });
    return *std::move(answer);
  }
  /// The same for requests that are answered with nothing.
  template <class Handle, class... Ts>
  status tell(const Handle& who, Ts&&... message) {
    auto request = self->request(who, std::chrono::seconds{3600}, std::forward<Ts>(message)...);
    run();
    std::optional<status> answer;
    request.receive([&](nothing) { answer = status{}; }, [&](const caf::error& e) { answer = status{from_caf(e)}; });
    return *std::move(answer);
  }

  template <class State, class Handle>
  State& state_of(const Handle& who) {
    using actor = typename Handle::template stateful_base<State>;
    return dynamic_cast<actor&>(*caf::actor_cast<caf::abstract_actor*>(who)).state;
  }

  template <class... Handles>
  void stop(const Handles&... who) {
    (caf::anon_send_exit(who, caf::exit_reason::user_shutdown), ...);
    run();
  }

  /// An actor that keeps what it is sent.
  template <class T>
  struct probe {
    using handle = caf::typed_actor<caf::reacts_to<T>>;
    handle actor;
    std::shared_ptr<std::vector<T>> seen = std::make_shared<std::vector<T>>();
  };
  template <class T>
  probe<T> make_probe() {
    probe<T> made;
    auto behaviour = [seen = made.seen](typename probe<T>::handle::pointer) ->
        typename probe<T>::handle::behavior_type { return {[seen](const T& message) { seen->push_back(message); }}; };
    made.actor = sys.spawn(behaviour);
    return made;
  }
};

} // namespace weir::test
