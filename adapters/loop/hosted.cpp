#include "adapters/loop/hosted.hpp"

#include <caf/actor_cast.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/send.hpp>
#include <condition_variable>
#include <list>

namespace weir::loop {

loop_unit::loop_unit(caf::actor_system& system, std::function<void()> wake)
    : caf::execution_unit{&system}, wake_{std::move(wake)} {}

loop_unit::~loop_unit() {
  for (auto* what : queue_)
    caf::intrusive_ptr_release(what);
}

void loop_unit::exec_later(caf::resumable* what) {
  if (what->subtype() != caf::resumable::io_actor) {
    system().scheduler().enqueue(what);
    return;
  }
  bool first = false;
  {
    std::lock_guard lock{mutex_};
    first = queue_.empty();
    queue_.push_back(what);
  }
  if (first)
    wake_();
}

std::size_t loop_unit::drain(std::size_t max_messages) {
  std::vector<caf::resumable*> batch;
  {
    std::lock_guard lock{mutex_};
    batch.swap(queue_);
  }
  for (auto* what : batch) {
    if (what->resume(this, max_messages) == caf::resumable::resume_later)
      exec_later(what);
    else
      caf::intrusive_ptr_release(what);
  }
  return batch.size();
}

/// Who is alive: held, so that an actor ends here and by EXIT, not on whatever
/// thread drops the last handle. Shared with the end-of-life functions of the
/// actors, which may run after the host is gone.
struct host::census {
  std::mutex mutex;
  std::condition_variable changed;
  std::list<caf::strong_actor_ptr> alive;
};

host::host(caf::actor_system& system, uv_loop& owner) : loop_{owner}, census_{std::make_shared<census>()} {
  unit_ = std::make_unique<loop_unit>(system, [this] { loop_.wake([this] { unit_->drain(); }); });
}

host::~host() {
  shutdown();
}

void host::adopt(caf::strong_actor_ptr actor) {
  auto shared = census_;
  std::list<caf::strong_actor_ptr>::iterator place;
  {
    std::lock_guard lock{shared->mutex};
    place = shared->alive.insert(shared->alive.end(), actor);
  }
  actor->get()->attach_functor([shared, place](const caf::error&) {
    std::lock_guard lock{shared->mutex};
    shared->alive.erase(place);
    shared->changed.notify_all();
  });
}

void host::shutdown() {
  std::vector<caf::actor> leaving;
  {
    std::lock_guard lock{census_->mutex};
    for (const auto& actor : census_->alive)
      leaving.push_back(caf::actor_cast<caf::actor>(actor));
  }
  for (auto& actor : leaving)
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  leaving.clear();
  std::unique_lock lock{census_->mutex};
  census_->changed.wait(lock, [&] { return census_->alive.empty(); });
  lock.unlock();
  // The last actor is still inside its resume(); after one more turn of the
  // loop nothing there refers to the unit.
  loop_.run([this] { unit_->drain(); });
}

} // namespace weir::loop
