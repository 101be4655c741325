#include "adapters/loop/uv_loop.hpp"

#include <csignal>
#include <cstdlib>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <thread>
#include <uv.h>

namespace weir::loop {

struct uv_loop::impl {
  std::string name;
  std::size_t max_posted;
  uv_loop_t loop;
  uv_async_t async;
  std::thread thread;
  std::thread::id owner;
  std::once_flag stop_once;

  std::mutex mutex;
  std::deque<task> posted;
  bool accepting = true;

  std::map<std::size_t, task> closers; // loop thread, or before start
  std::size_t next_closer = 1;
  bool closing = false;

  bool push(task what, std::size_t bound) {
    std::lock_guard lock{mutex};
    if (!accepting || posted.size() >= bound)
      return false;
    posted.push_back(std::move(what));
    // Under the lock, so that it cannot come after the handle was closed.
    if (posted.size() == 1)
      uv_async_send(&async);
    return true;
  }

  /// Runs what was posted before the call: what these tasks post waits for
  /// the next turn, so that sockets are served in between.
  void run_posted() {
    std::deque<task> batch;
    {
      std::lock_guard lock{mutex};
      batch.swap(posted);
    }
    for (auto& what : batch) {
      what();
      what = nullptr; // captured handles go at once, not at the end of the batch
    }
  }

  void close() {
    closing = true;
    while (!closers.empty()) {
      auto last = std::prev(closers.end());
      auto what = std::move(last->second);
      closers.erase(last);
      what();
    }
    {
      std::lock_guard lock{mutex};
      accepting = false;
    }
    run_posted();
    uv_close(reinterpret_cast<uv_handle_t*>(&async), nullptr);
  }
};

uv_loop::uv_loop(std::string name, std::size_t max_posted) : impl_{std::make_unique<impl>()} {
  static std::once_flag once;
  std::call_once(once, [] { std::signal(SIGPIPE, SIG_IGN); });
  impl_->name = std::move(name);
  impl_->max_posted = max_posted;
  // Both fail only when the process is out of descriptors at start: nothing
  // can go on without its loop.
  if (uv_loop_init(&impl_->loop) != 0)
    std::abort();
  impl_->async.data = impl_.get();
  if (uv_async_init(&impl_->loop, &impl_->async,
                    [](uv_async_t* handle) { static_cast<impl*>(handle->data)->run_posted(); })
      != 0)
    std::abort();
}

uv_loop::~uv_loop() {
  stop();
}

void uv_loop::start() {
  std::promise<void> ready;
  impl_->thread = std::thread{[this, &ready] {
    pthread_setname_np(pthread_self(), impl_->name.substr(0, 15).c_str());
    impl_->owner = std::this_thread::get_id();
    ready.set_value();
    uv_run(&impl_->loop, UV_RUN_DEFAULT);
  }};
  ready.get_future().wait();
}

bool uv_loop::post(task what) {
  return impl_->push(std::move(what), impl_->max_posted);
}

bool uv_loop::wake(task what) {
  return impl_->push(std::move(what), static_cast<std::size_t>(-1));
}

bool uv_loop::run(const task& what) {
  if (on_thread()) {
    what();
    return true;
  }
  std::promise<void> done;
  if (!wake([&] {
        what();
        done.set_value();
      }))
    return false;
  done.get_future().wait();
  return true;
}

bool uv_loop::on_thread() const {
  return std::this_thread::get_id() == impl_->owner;
}

milliseconds uv_loop::now() const {
  return milliseconds{uv_now(&impl_->loop)};
}

std::size_t uv_loop::at_stop(task what) {
  std::size_t number = 0;
  auto add = [&] {
    number = impl_->next_closer++;
    impl_->closers.emplace(number, std::move(what));
  };
  if (impl_->thread.joinable())
    run(add);
  else
    add();
  return number;
}

void uv_loop::forget(std::size_t registration) {
  auto remove = [&] { impl_->closers.erase(registration); };
  if (impl_->thread.joinable())
    run(remove);
  else
    remove();
}

void uv_loop::stop() {
  std::call_once(impl_->stop_once, [this] {
    if (impl_->thread.joinable()) {
      wake([this] { impl_->close(); });
      impl_->thread.join();
    } else {
      impl_->close();
      uv_run(&impl_->loop, UV_RUN_DEFAULT);
    }
    if (uv_loop_close(&impl_->loop) != 0)
      spdlog::error("loop {}: handles were left open at its end", impl_->name);
  });
}

uv_loop_s* uv_loop::raw() const {
  return &impl_->loop;
}

struct timer::impl {
  uv_timer_t handle;
  task what;
};

timer::timer(uv_loop& owner) : impl_{new impl} {
  uv_timer_init(owner.raw(), &impl_->handle);
  impl_->handle.data = impl_;
}

timer::~timer() {
  uv_close(reinterpret_cast<uv_handle_t*>(&impl_->handle),
           [](uv_handle_t* handle) { delete static_cast<impl*>(handle->data); });
}

void timer::start(milliseconds after, task what, milliseconds repeat) {
  impl_->what = std::move(what);
  auto fire = [](uv_timer_t* handle) {
    // A copy: the call may start the timer afresh or destroy it.
    auto call = static_cast<impl*>(handle->data)->what;
    call();
  };
  uv_timer_start(&impl_->handle, fire, static_cast<std::uint64_t>(after.count()),
                 static_cast<std::uint64_t>(repeat.count()));
}

void timer::stop() {
  uv_timer_stop(&impl_->handle);
}

bool timer::active() const {
  return uv_is_active(reinterpret_cast<const uv_handle_t*>(&impl_->handle)) != 0;
}

} // namespace weir::loop
