#include "actors/ffs/job_actor.hpp"

#include "actors/ffs/job_state.hpp"
#include "actors/ffs/leftovers.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/support/crash_point.hpp"

namespace weir::ffs {

namespace {

constexpr std::chrono::seconds content_time{120};
constexpr std::chrono::seconds sweep_time{120};

} // namespace

/// A line of the log; goes on whether or not it could be written.
void job_state_of::note(job_note words, next then) {
  auto build = [this, words](const records::reader& newest) {
    return note_job(newest, what.instance, what.id, words, at());
  };
  d.commits.commit(self, build, [then](const status&) { then(); });
}

void job_state_of::start() {
  auto e = d.look()->find<cid_entry>({what.instance, what.cid});
  if (e && *e)
    elsewhere = parts.layers.elsewhere((*e)->value.hot);
  if (what.config.hot.enabled)
    enter_hot();
  else
    cold();
}

void job_state_of::enter_hot() {
  auto build = [this](const records::reader& newest) {
    return begin_hot(newest, what.instance, what.id, parts.layers, at());
  };
  d.commits.commit(self, build, [this](const status& s) {
    auto j = d.look()->find<job>({what.instance, what.id});
    if (j && *j && is_final((*j)->value.state))
      return; // cancelled at this moment: an exit is under way
    if (s)
      hot();
    else if (s.error().code != errc::shutting_down)
      fail(s.error()); // a pin that no record tells of could never be let go of
  });
}

/// What is only in a layer outside is read out of it first.
void job_state_of::cold() {
  if (!what.config.cold.enabled)
    return release();
  auto known = cold_content(*d.look(), what.instance, what.cid);
  auto source = elsewhere.empty() ? parts.layers.mine : elsewhere;
  if (!known || *known || source == own_layer)
    return store_cold();
  bring_home(
      source, [this] { store_cold(); }, [this](const error& e) { fail(e); });
}

void job_state_of::store_cold() {
  note({"Storing it cold.", job_step::cold}, [this] {
    cold_store wish{what.instance, what.cid, what.id, what.config.cold, what.started_at};
    self->request(parts.cold, deals_time, wish)
        .then([this](const cold_answer& answer) { cold_done(answer); },
              [this](const caf::error& e) { cold_refused(from_caf(e)); });
  });
}

/// A layer that died is being started anew, and finds what it did in the records.
bool job_state_of::is_restarting(const error& e) const {
  return e.code == errc::overloaded || (e.code == errc::shutting_down && !d.stopping->load());
}

void job_state_of::cold_refused(const error& e) {
  if (is_restarting(e))
    return run_after(self, d.commits.timer, wait.next(), [this] { store_cold(); });
  if (e.code != errc::shutting_down && e.code != errc::cancelled)
    fail(e);
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
  drop_left();
}

/// What jobs before this one left in layers where it is not wanted, and nobody else lets go of it.
void job_state_of::drop_left() {
  auto e = d.look()->find<cid_entry>({what.instance, what.cid});
  bool stays = what.config.hot.enabled || elsewhere.empty();
  auto from = e && *e ? leftovers((*e)->value, parts.layers, {elsewhere, stays ? parts.layers.mine : std::string{}})
                      : std::vector<std::string>{};
  remove_pins(self, parts.layers, {what.instance, what.cid}, std::move(from), sweep_time,
              [this](std::vector<std::string> gone) {
                how.swept = std::move(gone);
                what.config.hot.enabled ? drop_elsewhere() : drop_hot();
              });
}

void job_state_of::drop_hot() {
  how.hot = hot_info{};
  auto keeper = elsewhere.empty() ? parts.layers.mine : elsewhere;
  how.swept.push_back(keeper);
  self->request(parts.layers.all.at(keeper), layer_time, hot_remove{what.instance, what.cid})
      .then([this](nothing) { drop_local(); }, [this](const caf::error& e) { fail(from_caf(e)); });
}

/// The layer that kept it before the instance was moved.
void job_state_of::drop_elsewhere() {
  if (elsewhere.empty())
    return drop_staged();
  how.swept.push_back(elsewhere);
  self->request(parts.layers.all.at(elsewhere), layer_time, hot_remove{what.instance, what.cid})
      .then([this](nothing) { drop_staged(); }, [this](const caf::error& e) { fail(from_caf(e)); });
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
  auto e = d.look()->find<cid_entry>({what.instance, what.replaces});
  if (e && *e && wanted_again((*e)->value, what))
    return end(job_state::done, {});
  auto contents = contents_of(*d.look(), what.instance, what.replaces);
  if (!contents)
    return fail(contents.error());
  if (!contents->empty())
    return self
        ->request(parts.contents, content_time,
                  remove_content{owner_of(what.instance), contents->front().value.id, true})
        .then([this](const content&) { drop_replaced(); }, [this](const caf::error& e) { fail(from_caf(e)); });
  auto kept = e && *e ? (*e)->value : cid_entry{};
  auto last = [this, kept](const std::vector<std::string>&) {
    self->request(parts.layers.holding(kept.hot), layer_time, hot_remove{what.instance, what.replaces})
        .then([this](nothing) { end(job_state::done, {}); }, [this](const caf::error& e) { fail(from_caf(e)); });
  };
  remove_pins(self, parts.layers, {what.instance, what.replaces}, leftovers(kept, parts.layers, {}), sweep_time, last);
}

void job_state_of::end(job_state state, err_cause why) {
  crash_point("ffs.let_go");
  how.how = state;
  how.err = std::move(why);
  how.repair_at = d.clock->now() + parts.options.repair_every;
  if (state == job_state::failed)
    how.swept.clear(); // the last of them may not have answered
  if (state == job_state::failed && !elsewhere.empty())
    how.hot.reset(); // the layer before still has it, and another job will move it
  auto build = [this](const records::reader& newest) { return end_job(newest, what.instance, what.id, how, at()); };
  d.commits.commit(self, build, [this](const status& s) {
    crash_point("ffs.ended");
    if (!s)
      spdlog::error("job {}: its end could not be written: {}", what.id.value, to_string(s.error()));
    self->send(parts.scheduler, job_ended{what.instance, what.id});
    self->quit();
  });
}

namespace {

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
