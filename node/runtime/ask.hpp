#pragma once
// A request from the main thread, which may wait: only at start and at stop.
#include "messages/actors/caf.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <thread>

namespace weir {

template <class Answer, class Handle, class... Message>
result<Answer> ask_and_wait(caf::actor_system& system, std::chrono::milliseconds time, const Handle& whom,
                            Message... message) {
  caf::scoped_actor self{system};
  result<Answer> out = fail(errc::timeout, "An actor did not answer.");
  self->request(whom, time, std::move(message)...)
      .receive([&](const Answer& a) { out = a; }, [&](const caf::error& e) { out = from_caf(e); });
  return out;
}

/// The same of an actor that may still be starting (errc::overloaded): asks again until the time is over.
template <class Answer, class Handle, class... Message>
result<Answer> ask_starting(caf::actor_system& system, std::chrono::milliseconds time, const Handle& whom,
                            Message... message) {
  auto end = std::chrono::steady_clock::now() + time;
  while (true) {
    auto got = ask_and_wait<Answer>(system, time, whom, message...);
    if (got || got.error().code != errc::overloaded || std::chrono::steady_clock::now() > end)
      return got;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

/// Sends EXIT and waits for the end; false when it takes longer.
bool end_and_wait(caf::actor_system& system, const caf::actor& whom, std::chrono::milliseconds time);

} // namespace weir
