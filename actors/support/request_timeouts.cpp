#include "actors/support/request_timeouts.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/detail/set_thread_name.hpp>
#include <caf/sec.hpp>

#include <algorithm>

namespace weir {

void request_timeouts::start() {
  thread_ = std::thread{[this] { run(); }};
}

void request_timeouts::stop() {
  {
    std::lock_guard guard{lock_};
    over_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable())
    thread_.join();
  clear();
}

void request_timeouts::add(clock::time_point due, caf::weak_actor_ptr who, caf::message_id id) {
  auto since = due.time_since_epoch();
  clock::time_point at{(since / step + 1) * step};
  bool first = false;
  {
    std::lock_guard guard{lock_};
    if (over_)
      return;
    if (++size_ > sweep_at_)
      sweep();
    auto [list, fresh] = due_.try_emplace(at);
    first = fresh && list == due_.begin();
    list->second.push_back({std::move(who), id});
  }
  if (first)
    changed_.notify_one();
}

void request_timeouts::clear() {
  std::map<clock::time_point, std::vector<waiting>> gone; // let go of without the lock
  std::lock_guard guard{lock_};
  gone.swap(due_);
  size_ = 0;
}

std::size_t request_timeouts::size() {
  std::lock_guard guard{lock_};
  return size_;
}

/// Each list stays, so that the thread need not be told. `size_` counts the one that comes.
void request_timeouts::sweep() {
  size_ = 1;
  for (auto& [at, list] : due_) {
    std::erase_if(list, [](const waiting& one) { return one.who->strong_refs == 0; });
    size_ += list.size();
  }
  sweep_at_ = std::max(smallest_sweep, 2 * size_);
}

void request_timeouts::run() {
  caf::detail::set_thread_name("caf.timeouts");
  std::unique_lock guard{lock_};
  while (!over_) {
    if (due_.empty()) {
      changed_.wait(guard);
      continue;
    }
    if (auto at = due_.begin()->first; at > clock::now()) {
      changed_.wait_until(guard, at);
      continue;
    }
    auto list = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    size_ -= list.size();
    guard.unlock();
    for (auto& one : list)
      if (auto who = one.who.lock())
        who->get()->eq_impl(one.id, who, nullptr, caf::sec::request_timeout);
    list.clear();
    guard.lock();
  }
}

} // namespace weir
