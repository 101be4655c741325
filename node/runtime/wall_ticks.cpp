#include "node/runtime/wall_ticks.hpp"

#include "node/runtime/wall_clock.hpp"

#include <caf/send.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace weir {

namespace {

/// As far behind as a real chain's finality, so that rules mean the same.
constexpr epoch_delta finality = 900;

} // namespace

struct wall_ticks::impl {
  ticker_actor to;
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  std::thread thread;

  void run() {
    std::unique_lock lock{mutex};
    while (!over) {
      auto now = wall_epoch();
      caf::anon_send(to, tick{now, now - finality});
      changed.wait_for(lock, std::chrono::seconds{epoch_seconds}, [this] { return over; });
    }
  }
};

wall_ticks::wall_ticks(ticker_actor to) : impl_{std::make_unique<impl>()} {
  impl_->to = std::move(to);
  impl_->thread = std::thread{[this] { impl_->run(); }};
}

wall_ticks::~wall_ticks() {
  {
    std::lock_guard lock{impl_->mutex};
    impl_->over = true;
  }
  impl_->changed.notify_all();
  impl_->thread.join();
}

} // namespace weir
