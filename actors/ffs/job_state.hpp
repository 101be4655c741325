#pragma once
// The logic of a running job (internal to actors/ffs; see job_actor.hpp).
#include "actors/ffs/cold_rules.hpp"
#include "actors/ffs/job_actor.hpp"
#include "actors/support/self.hpp"

namespace weir::ffs {

/// What a layer may take that was given no shorter time: a download of the largest.
inline constexpr std::chrono::minutes layer_time{48 * 60};
/// Deals end by their start epochs; this only keeps a request from waiting for ever.
inline constexpr std::chrono::minutes deals_time{90 * 24 * 60};

struct job_state_of {
  explicit job_state_of(job_actor::pointer self) : self{self} {}

  using next = std::function<void()>;

  job_moment at() const { return {d.clock->now(), d.world.wall()}; }
  void fail(const error& e) { end(job_state::failed, cause_of(e)); }

  // job_actor.cpp: the flow
  void note(job_note what, next then);
  void start();
  void enter_hot();
  void cold();
  void store_cold();
  bool is_restarting(const error& e) const;
  void cold_refused(const error& e);
  void cold_done(const cold_answer& answer);
  void release();
  void drop_left();
  void drop_hot();
  void drop_elsewhere();
  void drop_local();
  void drop_staged();
  void drop_replaced();
  void end(job_state how, err_cause why);
  // job_hot.cpp: the hot layer, and what brings blocks back
  void hot();
  void check_hot();
  void keep_hot();
  void mend_hot();
  void hot_refused(const error& e);
  void hot_done(const hot_info& info);
  void too_much(const error& e);
  void keep_it(const hot_info& info);
  void unfreeze();
  void pin_again(const token_amount& paid);
  void put_retrieval(bool pending, const err_cause& why, const token_amount& paid, next then);
  bool here() const;
  void bring_home(const std::string& from, next then, std::function<void(const error&)> otherwise);

  /// A little longer than the layer's own time: it knows better what it waited for.
  template <class Message, class Then, class Else>
  void ask_hot(Message m, Then then, Else otherwise) {
    auto time = what.config.hot.add_timeout;
    auto most = time == 0 ? caf::duration{layer_time} : caf::duration{std::chrono::seconds{time} + hot_grace};
    self->request(parts.layers.own(), most, std::move(m)).then(then, otherwise);
  }

  static constexpr std::chrono::seconds hot_grace{10};
  static constexpr const char* name = "job";
  job_actor::pointer self;
  domain d;
  job_parts parts;
  job what;
  job_end how;
  std::string elsewhere;                                    ///< another layer that keeps it hot until this job is done
  bool mending = false;                                     ///< the layer was asked once more for what it had lost
  std::optional<caf::actor_clock::time_point> silent_since; ///< the hot layer does not answer
  backoff wait{std::chrono::milliseconds{200}, std::chrono::seconds{10}, {}};
};

} // namespace weir::ffs
