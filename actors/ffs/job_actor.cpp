#include "actors/ffs/job_actor.hpp"

#include "actors/ffs/cold_rules.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/support/crash_point.hpp"

namespace weir::ffs {

namespace {

constexpr std::chrono::seconds content_time{120};
/// What a layer may take that was given no shorter time: a download of the largest.
constexpr std::chrono::minutes layer_time{48 * 60};
/// Deals end by their start epochs; this only keeps a request from waiting for ever.
constexpr std::chrono::minutes deals_time{90 * 24 * 60};
/// A layer that does not answer is asked again for at least so long.
constexpr std::chrono::seconds least_patience{60};

struct job_state_of {
  explicit job_state_of(job_actor::pointer self) : self{self} {}

  using next = std::function<void()>;

  job_moment at() const { return {d.clock->now(), d.world.wall()}; }
  void note(job_note what, next then);
  void fail(const error& e) { end(job_state::failed, cause_of(e)); }

  void start();
  void hot();
  void hot_refused(const error& e);
  void unfreeze();
  void pin_again(const token_amount& paid);
  void hot_done(const hot_info& info);
  void cold();
  void cold_done(const cold_answer& answer);
  void release();
  void drop_hot();
  void drop_local();
  void drop_staged();
  void drop_replaced();
  void end(job_state how, err_cause why);
  void put_retrieval(bool pending, const err_cause& why, const token_amount& paid, next then);

  template <class Message, class Then, class Else>
  void ask_hot(Message m, Then then, Else otherwise) {
    auto time = what.config.hot.add_timeout;
    if (time == 0)
      self->request(parts.hot, layer_time, std::move(m)).then(then, otherwise);
    else
      self->request(parts.hot, std::chrono::seconds{time}, std::move(m)).then(then, otherwise);
  }

  static constexpr const char* name = "job";
  job_actor::pointer self;
  domain d;
  job_parts parts;
  job what;
  job_end how;
  std::optional<caf::actor_clock::time_point> silent_since; ///< the hot layer does not answer
  backoff wait{std::chrono::milliseconds{200}, std::chrono::seconds{10}, {}};
};

/// A line of the log; goes on whether or not it could be written.
void job_state_of::note(job_note words, next then) {
  auto build = [this, words](const records::reader& newest) {
    return note_job(newest, what.instance, what.id, words, at());
  };
  d.commits.commit(self, build, [then](const status&) { then(); });
}

void job_state_of::start() {
  if (what.config.hot.enabled)
    note({"Storing it hot.", job_step::hot}, [this] { hot(); });
  else
    cold();
}

/// A repair looks at the blocks, not at the books.
void job_state_of::hot() {
  auto refused = [this](const caf::error& e) { hot_refused(from_caf(e)); };
  auto done = [this](const hot_info& info) { hot_done(info); };
  if (what.why == job_cause::repair) {
    ask_hot(
        hot_check{what.instance, what.cid},
        [this](const hot_info& info) {
          info.enabled ? hot_done(info) : hot_refused(weir::fail(errc::not_found, "The hot copy lost blocks."));
        },
        refused);
    return;
  }
  auto contents = contents_of(*d.look(), what.instance, what.cid);
  bool here = contents && std::any_of(contents->begin(), contents->end(), [](auto& c) { return c.value.local; });
  if (here)
    ask_hot(hot_add{what.instance, what.cid, what.config.hot.add_timeout}, done, refused);
  else
    ask_hot(hot_pin{what.instance, what.cid, what.config.hot.add_timeout}, done, refused);
}

void job_state_of::hot_refused(const error& e) {
  if (e.code == errc::shutting_down)
    return;
  if (e.code == errc::unreachable || e.code == errc::overloaded) {
    auto now = self->clock().now();
    auto most = std::max(least_patience, std::chrono::seconds{what.config.hot.add_timeout});
    if (!silent_since)
      silent_since = now;
    if (now - *silent_since < most)
      return run_after(self, d.commits.timer, wait.next(), [this] { hot(); });
    return fail(e);
  }
  bool lost = e.code == errc::not_found || e.code == errc::corrupt || e.code == errc::timeout;
  if (!lost)
    return fail(e);
  if (!what.config.hot.allow_unfreeze)
    return fail({e.code,
                 "The hot layer does not find its blocks, and hot.allowUnfreeze is off; stage them again or allow it. "
                     + e.message,
                 e.value, e.limit});
  note({"The hot layer does not have it: retrieving it from a provider.", job_step::unfreeze}, [this] { unfreeze(); });
}

/// The record says that it is under way, then what came of it.
void job_state_of::unfreeze() {
  put_retrieval(true, {}, {}, [this] {
    cold_fetch wish{what.instance, what.cid, what.id, what.config.hot.unfreeze_max_price};
    self->request(parts.cold, deals_time, wish)
        .then([this](const token_amount& paid) { pin_again(paid); },
              [this](const caf::error& e) {
                auto why = from_caf(e);
                put_retrieval(false, cause_of(why), {}, [this, why] { fail(why); });
              });
  });
}

void job_state_of::pin_again(const token_amount& paid) {
  put_retrieval(false, {}, paid, [this] {
    note({"It was retrieved from a provider and verified.", job_step::hot, true}, [this] {
      // What is left of a damaged pin goes first: the whole DAG is held anew.
      self->request(parts.hot, layer_time, hot_remove{what.instance, what.cid})
          .then(
              [this](nothing) {
                ask_hot(
                    hot_add{what.instance, what.cid, what.config.hot.add_timeout},
                    [this](const hot_info& info) { hot_done(info); },
                    [this](const caf::error& e) { fail(from_caf(e)); });
              },
              [this](const caf::error& e) { fail(from_caf(e)); });
    });
  });
}

void job_state_of::put_retrieval(bool pending, const err_cause& why, const token_amount& paid, next then) {
  auto build = [this, pending, why, paid](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto before, newest.find<retrieval>({what.instance, what.id}));
    auto r = before ? before->value : retrieval{what.instance, what.id, what.cid};
    if (before && !r.pending)
      return t;
    r.pending = pending;
    r.paid = paid;
    r.err = why;
    r.updated = d.world.wall();
    if (r.started.value == 0)
      r.started = r.updated;
    if (!pending) {
      r.ended = r.updated;
      WEIR_TRY(auto c, cold_content(newest, what.instance, what.cid));
      r.bytes_received = c && !why.any() ? c->dag_size : 0;
    }
    t.put(r);
    t.say(event_kind::retrieval_changed, what.id.value, owner_of(what.instance),
          {records::fact("cid", what.cid), records::fact("pending", pending)});
    return t;
  };
  d.commits.commit(self, build, [then](const status&) { then(); });
}

void job_state_of::hot_done(const hot_info& info) {
  crash_point("ffs.hot_done");
  how.hot = info;
  note({"It is stored hot (" + info.layer + ", " + std::to_string(info.size) + " bytes)."}, [this] { cold(); });
}

void job_state_of::cold() {
  if (!what.config.cold.enabled)
    return release();
  note({"Storing it cold.", job_step::cold}, [this] {
    cold_store wish{what.instance, what.cid, what.id, what.config.cold, what.started_at};
    self->request(parts.cold, deals_time, wish)
        .then([this](const cold_answer& answer) { cold_done(answer); },
              [this](const caf::error& e) {
                auto why = from_caf(e);
                if (why.code != errc::shutting_down && why.code != errc::cancelled)
                  fail(why);
              });
  });
}

void job_state_of::cold_done(const cold_answer& answer) {
  crash_point("ffs.cold_done");
  how.deal_errors = answer.errors;
  how.cold = answer.info;
  how.renew_at = answer.renew_at;
  if (answer.err.any())
    return end(job_state::failed, answer.err);
  note({"It is stored cold."}, [this] { release(); });
}

/// What the config does not want any more.
void job_state_of::release() {
  if (!what.config.cold.enabled) {
    auto e = d.look()->find<cid_entry>({what.instance, what.cid});
    how.cold = e && *e ? (*e)->value.cold : cold_info{};
    how.cold->enabled = false;
  }
  what.config.hot.enabled ? drop_staged() : drop_hot();
}

void job_state_of::drop_hot() {
  how.hot = hot_info{};
  self->request(parts.hot, layer_time, hot_remove{what.instance, what.cid})
      .then([this](nothing) { drop_local(); }, [this](const caf::error& e) { fail(from_caf(e)); });
}

/// The cold copy's blocks, where providers have them.
void job_state_of::drop_local() {
  auto found = cold_content(*d.look(), what.instance, what.cid);
  if (!found || !*found || (*found)->state < content_state::packed)
    return drop_staged();
  cold_store wish{what.instance, what.cid, what.id, what.config.cold, what.started_at};
  auto build = [this, id = (*found)->id, wish](const records::reader& newest) {
    return let_go(newest, id, wish, d.clock->now());
  };
  d.commits.commit(self, build, [this](const status& s) { s ? drop_staged() : fail(s.error()); });
}

/// What was staged is held by the layers now, or by nobody.
void job_state_of::drop_staged() {
  auto contents = contents_of(*d.look(), what.instance, what.cid);
  if (!contents)
    return fail(contents.error());
  for (auto& c : *contents)
    if (c.value.use == content_use::stage)
      return self->request(parts.contents, content_time, remove_content{owner_of(what.instance), c.value.id, true})
          .then([this](const content&) { drop_staged(); }, [this](const caf::error& e) { fail(from_caf(e)); });
  what.why == job_cause::replace ? drop_replaced() : end(job_state::done, {});
}

void job_state_of::drop_replaced() {
  auto contents = contents_of(*d.look(), what.instance, what.replaces);
  if (!contents)
    return fail(contents.error());
  if (!contents->empty())
    return self
        ->request(parts.contents, content_time,
                  remove_content{owner_of(what.instance), contents->front().value.id, true})
        .then([this](const content&) { drop_replaced(); }, [this](const caf::error& e) { fail(from_caf(e)); });
  self->request(parts.hot, layer_time, hot_remove{what.instance, what.replaces})
      .then([this](nothing) { end(job_state::done, {}); }, [this](const caf::error& e) { fail(from_caf(e)); });
}

void job_state_of::end(job_state state, err_cause why) {
  crash_point("ffs.let_go");
  how.how = state;
  how.err = std::move(why);
  how.repair_at = d.clock->now() + parts.options.repair_every;
  auto build = [this](const records::reader& newest) { return end_job(newest, what.instance, what.id, how, at()); };
  d.commits.commit(self, build, [this](const status& s) {
    crash_point("ffs.ended");
    if (!s)
      spdlog::error("job {}: its end could not be written: {}", what.id.value, to_string(s.error()));
    self->send(parts.scheduler, job_ended{what.instance, what.id});
    self->quit();
  });
}

job_actor::behavior_type run_job(self_of<job_actor, job_state_of> self, domain d, job_parts parts, job what) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.parts = std::move(parts);
  state.what = std::move(what);
  self->send(job_actor{self}, atom::start_v);
  return {[self](atom::start) { self->state.start(); }};
}

} // namespace

caf::actor spawn_job(caf::actor_system& system, domain d, job_parts parts, job what) {
  return caf::actor_cast<caf::actor>(system.spawn(run_job, std::move(d), std::move(parts), std::move(what)));
}

} // namespace weir::ffs
