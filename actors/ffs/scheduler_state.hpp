#pragma once
// The scheduler's logic (internal to actors/ffs; see scheduler.hpp).
#include "actors/ffs/job_queue.hpp"
#include "actors/ffs/jobs.hpp"
#include "actors/ffs/scheduler.hpp"
#include "actors/support/subscription.hpp"

#include <caf/typed_response_promise.hpp>

namespace weir::ffs {

using scheduler_impl = scheduler_actor::extend<follows_log>;

struct scheduler_state {
  explicit scheduler_state(scheduler_impl::pointer self) : self{self} {}

  struct run {
    job_queue::entry what;
    caf::actor actor;    ///< null while its begin is being committed
    unsigned deaths = 0; ///< of its actor
    bool over = false;   ///< ended or cancelled; its slot is free when the actor is gone
  };
  using push_promise = caf::typed_response_promise<push_answer>;
  using job_promise = caf::typed_response_promise<job>;
  using done_promise = caf::typed_response_promise<nothing>;

  // scheduler.cpp: what runs
  job_moment at() const { return {d.clock->now(), d.world.wall()}; }

  void start();
  static std::vector<event_kind> kinds() {
    using enum event_kind;
    return {deal_slashed, instance_changed, job_done, job_failed, job_cancelled};
  }
  push_promise take(const enqueue& wish);
  void committed(const enqueue& wish, const enqueued& out);
  /// As it is; null when it cannot be read. Until the next call.
  const instance* known(const instance_id& of);
  // scheduler_requests.cpp: what is ended and let go
  job_promise cancel(const cancel_job& which);
  void cancelled(const job& ended);
  done_promise forget(const remove_cid& which);
  void forget_contents(const remove_cid& which, const cid_entry& kept, done_promise answer);
  void forget_hot(const remove_cid& which, const cid_entry& kept, std::function<void(const status&)> then);
  done_promise drop(const instance_id& of);
  void drop_next(const instance_id& of, done_promise answer);
  // scheduler.cpp
  void pump();
  void begin(const job_queue::entry& next);
  void launch(const job_queue::entry& what);
  void run_it(const job& what);
  void ended(const job_ended& which);
  void down(const caf::actor_addr& who);
  void died(const job_id& id);
  void free_slot(const job_id& id);
  // scheduler_due.cpp: what is looked at again by itself
  void hear(const tick& t);
  void hear(const event& e);
  void make_due(const cid_entry& e, epoch now);
  void slashed(const event& e);
  // scheduler_moves.cpp: instances that were wired to another one
  void resume_moves();
  void moved(const instance_id& of);
  void take_over(const instance_id& of);
  void taken(const taken_over& what);
  void sweep(const cid_entry& e);
  void wait_for_other(const job_queue::entry& what);
  void other_ended(const event& e);

  static constexpr const char* name = "scheduler";
  scheduler_impl::pointer self;
  domain d;
  scheduler_parts parts;
  scheduler_options options;
  job_queue waiting;
  std::map<job_id, run> running;
  std::map<caf::actor_addr, job_id> actors;
  std::set<std::pair<instance_id, cid>> busy;
  std::set<std::pair<instance_id, cid>> made_due; ///< their job is being committed
  std::set<std::pair<instance_id, cid>> held;     ///< busy because another scheduler still runs a job of it
  std::set<instance_id> dropped;
  std::map<instance_id, instance> known_instances;
  revision known_at; ///< nothing was committed since they were read
  std::uint64_t last_id = 0;
  bool pumping = false;
};

} // namespace weir::ffs
