#pragma once
// Where CAF puts hosted actors that have something to do: a queue that a
// foreign loop drains.
#include <caf/execution_unit.hpp>
#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

namespace weir::loop {

class loop_unit : public caf::execution_unit {
public:
  /// `wake` is called from any thread, when the queue stops being empty.
  loop_unit(caf::actor_system& system, std::function<void()> wake);
  ~loop_unit() override; ///< lets go of what nobody drained

  /// From any thread. Hosted actors are queued here, everything else goes to
  /// the system's scheduler: a worker's actor must not run on the loop.
  void exec_later(caf::resumable* what) override;

  /// On the loop thread: lets each queued actor handle up to `max_messages`.
  /// Who has more to do waits for the next call, after the loop has served
  /// its sockets. Returns how many actors ran.
  std::size_t drain(std::size_t max_messages = 64);

private:
  std::function<void()> wake_;
  std::mutex mutex_;
  std::vector<caf::resumable*> queue_;
};

} // namespace weir::loop
