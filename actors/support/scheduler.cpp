#include "actors/support/scheduler.hpp"

#include "actors/support/request_timeouts.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/policy/unprofiled.hpp>
#include <caf/scheduler/coordinator.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace weir {

namespace {

/// One queue for all threads.
class job_queue {
public:
  void push(caf::resumable* job) {
    bool wake = false;
    {
      std::lock_guard guard{lock_};
      jobs_.push_back(job);
      wake = wakes_one();
    }
    if (wake)
      ready_.notify_one();
  }

  caf::resumable* pop() {
    bool wake = false;
    caf::resumable* job = nullptr;
    {
      std::unique_lock guard{lock_};
      while (jobs_.empty())
        sleep(guard);
      job = jobs_.front();
      jobs_.pop_front();
      wake = !jobs_.empty() && wakes_one();
    }
    if (wake)
      ready_.notify_one();
    return job;
  }

  template <class Function>
  void each(Function f) {
    std::lock_guard guard{lock_};
    for (; !jobs_.empty(); jobs_.pop_front())
      f(jobs_.front());
  }

private:
  /// One on its way is enough: it sees to the others.
  bool wakes_one() { return asleep_ > 0 && !std::exchange(waking_, true); }

  void sleep(std::unique_lock<std::mutex>& guard) {
    ++asleep_;
    ready_.wait(guard);
    --asleep_;
    waking_ = false;
  }

  std::mutex lock_;
  std::condition_variable ready_;
  std::deque<caf::resumable*> jobs_;
  std::size_t asleep_ = 0;
  bool waking_ = false; ///< one was told and has not come yet
};

struct shared_queue : caf::policy::unprofiled {
  struct coordinator_data : job_queue {
    explicit coordinator_data(caf::scheduler::abstract_coordinator*) {}
  };
  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator*) {}
  };

  template <class Coordinator>
  void central_enqueue(Coordinator* all, caf::resumable* job) {
    all->data().push(job);
  }
  template <class Worker>
  void external_enqueue(Worker* one, caf::resumable* job) {
    one->parent()->data().push(job);
  }
  template <class Worker>
  void internal_enqueue(Worker* one, caf::resumable* job) {
    one->parent()->data().push(job);
  }
  template <class Worker>
  void resume_job_later(Worker* one, caf::resumable* job) {
    one->parent()->data().push(job);
  }
  template <class Worker>
  caf::resumable* dequeue(Worker* one) {
    return one->parent()->data().pop();
  }
  template <class Worker, class Function>
  void foreach_resumable(Worker*, Function) {}
  template <class Coordinator, class Function>
  void foreach_central_resumable(Coordinator* all, Function f) {
    all->data().each(f);
  }
};

/// The system's clock, but for requests.
class node_clock : public caf::detail::thread_safe_actor_clock {
public:
  explicit node_clock(caf::actor_clock& all) : all_{all} {}
  request_timeouts requests;

  void set_request_timeout(time_point t, caf::abstract_actor* who, caf::message_id id) override {
    requests.add(t, caf::weak_actor_ptr{who->ctrl()}, id);
  }
  void cancel_request_timeout(caf::abstract_actor*, caf::message_id) override {} // who has an answer ignores another
  void set_ordinary_timeout(time_point t, caf::abstract_actor* who, caf::atom_value type, std::uint64_t id) override {
    all_.set_ordinary_timeout(t, who, type, id);
  }
  void set_multi_timeout(time_point t, caf::abstract_actor* who, caf::atom_value type, std::uint64_t id) override {
    all_.set_multi_timeout(t, who, type, id);
  }
  void cancel_ordinary_timeout(caf::abstract_actor* who, caf::atom_value type) override {
    all_.cancel_ordinary_timeout(who, type);
  }
  void cancel_timeouts(caf::abstract_actor* who) override { all_.cancel_timeouts(who); }
  using thread_safe_actor_clock::schedule_message; // to groups, which nobody uses
  void schedule_message(time_point t, caf::strong_actor_ptr to, caf::mailbox_element_ptr what) override {
    all_.schedule_message(t, std::move(to), std::move(what));
  }
  void cancel_all() override {
    requests.clear();
    all_.cancel_all();
  }

private:
  caf::actor_clock& all_;
};

class node_coordinator : public caf::scheduler::coordinator<shared_queue> {
public:
  using super = caf::scheduler::coordinator<shared_queue>;
  explicit node_coordinator(caf::actor_system& system) : super{system}, clock_{super::clock()} {}

  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>) {
    return new node_coordinator{system};
  }
  caf::detail::thread_safe_actor_clock& clock() noexcept override { return clock_; }

protected:
  void start() override {
    clock_.requests.start();
    super::start();
  }
  void stop() override {
    super::stop();
    clock_.requests.stop();
  }

private:
  node_clock clock_;
};

} // namespace

void use_scheduler(caf::actor_system_config& config, std::size_t threads) {
  if (threads == 0)
    threads = std::max<std::size_t>(4, std::thread::hardware_concurrency());
  config.set("scheduler.max-threads", threads);
  config.set("scheduler.max-throughput", std::size_t{50});
  config.load<node_coordinator>();
}

} // namespace weir
