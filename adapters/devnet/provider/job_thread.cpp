#include "adapters/devnet/provider/job_thread.hpp"

#include <pthread.h>

namespace weir::devnet {

job_thread::job_thread(std::string name, std::size_t max_jobs) : name_{std::move(name)}, max_jobs_{max_jobs} {}

job_thread::~job_thread() {
  stop();
}

void job_thread::start() {
  thread_ = std::thread{[this] { run(); }};
  ::pthread_setname_np(thread_.native_handle(), name_.substr(0, 15).c_str());
}

bool job_thread::post(job what) {
  std::lock_guard lock{mutex_};
  if (stop_ || jobs_.size() >= max_jobs_)
    return false;
  jobs_.push_back(std::move(what));
  changed_.notify_one();
  return true;
}

bool job_thread::idle() const {
  std::lock_guard lock{mutex_};
  return jobs_.empty() && !running_;
}

void job_thread::pause(std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, time, [this] { return stop_; });
}

void job_thread::stop() {
  {
    std::lock_guard lock{mutex_};
    stop_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable())
    thread_.join();
  std::deque<job> dropped;
  std::lock_guard lock{mutex_};
  dropped.swap(jobs_);
}

bool job_thread::stopping() const {
  std::lock_guard lock{mutex_};
  return stop_;
}

void job_thread::run() {
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    if (stop_)
      return;
    auto next = std::move(jobs_.front());
    jobs_.pop_front();
    running_ = true;
    lock.unlock();
    next();
    next = nullptr; // what it held goes before it counts as done
    lock.lock();
    running_ = false;
  }
}

} // namespace weir::devnet
