#include "actors/ffs/scheduler.hpp"

#include "actors/ffs/scheduler_state.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/support/crash_point.hpp"

namespace weir::ffs {

namespace {

constexpr unsigned most_deaths = 5; ///< of the actor of one job

} // namespace

/// Those that ran come first, then those that wait, each in the order of time.
void scheduler_state::start() {
  auto state = d.look();
  auto keys = state->keys<records::ffs_open_jobs>(options.name);
  std::vector<job_queue::entry> queued;
  for (std::size_t i = 0; keys && i < keys->size(); ++i) {
    auto j = state->find<job>({std::get<2>((*keys)[i]), std::get<1>((*keys)[i])});
    if (!j || !*j)
      continue;
    job_queue::entry e{(*j)->value.instance, (*j)->value.id, (*j)->value.cid};
    if ((*j)->value.state == job_state::queued) {
      queued.push_back(std::move(e));
    } else {
      running[e.job] = {e, {}, 0, false};
      busy.insert({e.instance, e.what});
      launch(e);
    }
  }
  if (!keys)
    spdlog::error("scheduler {}: the open jobs cannot be read: {}", options.name, to_string(keys.error()));
  for (auto& e : queued)
    waiting.add(std::move(e));
  resume_moves();
  follow_log(self, d, state->at(), kinds());
  self->request(d.ticker, std::chrono::seconds{30}, atom::subscribe_v, caf::actor_cast<tick_listener>(self))
      .then([this](const tick& t) { hear(t); }, [](const caf::error&) {});
  pump();
}

scheduler_state::push_promise scheduler_state::take(const enqueue& wish) {
  auto answer = self->make_response_promise<push_answer>();
  if (dropped.contains(wish.instance)) {
    answer.deliver(to_caf(fail(errc::not_found, "There is no such instance.", wish.instance.value)));
    return answer;
  }
  struct pushed {
    enqueue wish;
    job_id id;
    bool is_new = true;
    enqueued out;
  };
  auto work = std::make_shared<pushed>(pushed{wish, next_job_id(last_id, d.world.wall(), d.world.uuid())});
  auto build = [this, work](const records::reader& newest) {
    const auto& of = work->wish.instance;
    job_place to{work->id, options.name, waiting.size(of), known(of), std::exchange(work->is_new, false)};
    return enqueue_job(newest, work->wish, to, at(), work->out);
  };
  d.commits.commit(self, build, [this, work, answer](const status& s) mutable {
    if (!s) {
      answer.deliver(to_caf(s.error()));
      return;
    }
    crash_point("ffs.enqueued");
    committed(work->wish, work->out);
    answer.deliver(push_answer{work->out.made});
  });
  return answer;
}

/// Pushes come in groups, as what they waited for was committed: one reading of an instance does for each group.
const instance* scheduler_state::known(const instance_id& of) {
  auto head = d.records().head(); // before it is read
  if (std::exchange(known_at, head) != head)
    known_instances.clear();
  auto found = known_instances.find(of);
  if (found == known_instances.end()) {
    auto read = d.look()->find<instance>(of);
    if (!read || !*read)
      return nullptr;
    found = known_instances.emplace(of, std::move((*read)->value)).first;
  }
  return &found->second;
}

void scheduler_state::committed(const enqueue& wish, const enqueued& out) {
  if (out.made.value.empty())
    return;
  if (!out.older.value.empty())
    waiting.remove(wish.instance, out.older);
  waiting.add({wish.instance, out.made, wish.cid});
  pump();
}

/// Nothing begins before the clock said what time it is.
void scheduler_state::pump() {
  if (d.clock->now() == no_epoch || std::exchange(pumping, true))
    return;
  while (running.size() < options.parallel) {
    auto next = waiting.take(busy);
    if (!next)
      break;
    busy.insert({next->instance, next->what});
    running[next->job] = {*next, {}, 0, false};
    begin(*next);
  }
  pumping = false;
}

void scheduler_state::begin(const job_queue::entry& next) {
  auto build = [this, next](const records::reader& newest) {
    return begin_job(newest, next.instance, next.job, options.name, at());
  };
  d.commits.commit(self, build, [this, next](const status& s) {
    crash_point("ffs.begun");
    if (!s)
      spdlog::error("job {} does not begin: {}", next.job.value, to_string(s.error()));
    s ? launch(next) : free_slot(next.job);
  });
}

void scheduler_state::launch(const job_queue::entry& what) {
  auto j = d.look()->find<job>({what.instance, what.job});
  auto r = running.find(what.job);
  if (r == running.end())
    return;
  bool gone = !j || !*j || is_final((*j)->value.state) || (*j)->value.scheduler != options.name;
  if (gone || r->second.over)
    return free_slot(what.job);
  (*j)->value.state == job_state::queued ? wait_for_other(what) : run_it((*j)->value);
}

void scheduler_state::run_it(const job& what) {
  auto& r = running.at(what.id);
  job_parts given{parts.layers, parts.cold, parts.contents, scheduler_actor{self}, options};
  r.actor = spawn_job(self->system(), d, std::move(given), what);
  actors[r.actor.address()] = what.id;
  self->monitor(r.actor);
}

void scheduler_state::ended(const job_ended& which) {
  if (auto r = running.find(which.job); r != running.end())
    r->second.over = true;
}

void scheduler_state::down(const caf::actor_addr& who) {
  auto known = actors.find(who);
  if (known == actors.end())
    return;
  auto id = known->second;
  actors.erase(known);
  auto r = running.find(id);
  if (r == running.end())
    return;
  auto j = d.look()->find<job>({r->second.what.instance, id});
  bool over = r->second.over || (j && (!*j || is_final((*j)->value.state)));
  over ? free_slot(id) : died(id);
}

/// Its actor went without an end: started again, a few times.
void scheduler_state::died(const job_id& id) {
  auto& r = running.at(id);
  r.actor = {};
  if (d.stopping->load())
    return;
  spdlog::error("the actor of job {} died", id.value);
  if (++r.deaths < most_deaths)
    return run_after(self, d.commits.timer, std::chrono::seconds{1u << r.deaths},
                     [this, what = r.what] { launch(what); });
  job_end how;
  how.how = job_state::failed;
  how.err = {errc::internal, "Its actor died again and again; the node's log says why.", {}, {}};
  auto build = [this, of = r.what.instance, id, how](const records::reader& newest) {
    return end_job(newest, of, id, how, at());
  };
  d.commits.commit(self, build, [this, id](const status&) { free_slot(id); });
}

void scheduler_state::free_slot(const job_id& id) {
  auto r = running.find(id);
  if (r == running.end())
    return;
  busy.erase({r->second.what.instance, r->second.what.what});
  running.erase(r);
  pump();
}

namespace {

scheduler_impl::behavior_type scheduler(self_of<scheduler_impl, scheduler_state> self, domain d, scheduler_parts parts,
                                        scheduler_options options) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.parts = std::move(parts);
  state.options = std::move(options);
  self->set_down_handler([self](const caf::down_msg& down) { self->state.down(down.source); });
  // Jobs end with their scheduler.
  self->set_exit_handler([self](const caf::exit_msg& e) {
    for (auto& [id, r] : self->state.running)
      if (r.actor)
        self->send_exit(r.actor, e.reason);
    self->quit(e.reason);
  });
  state.start();
  return {
      [self](const enqueue& wish) { return self->state.take(wish); },
      [self](const cancel_job& which) { return self->state.cancel(which); },
      [self](const remove_cid& which) { return self->state.forget(which); },
      [self](const drop_instance& which) { return self->state.drop(which.id); },
      [self](const job_ended& which) { self->state.ended(which); },
      [self](const tick& t) { self->state.hear(t); },
      log_handler(self, state.d, scheduler_state::kinds(), [self](const event& e) { self->state.hear(e); }),
  };
}

} // namespace

job_id next_job_id(std::uint64_t& last, unix_ms now, const std::string& random_uuid) {
  last = std::max(static_cast<std::uint64_t>(now.value) << 12, last + 1);
  char text[20];
  std::snprintf(text, sizeof text, "%012llx7%03llx", static_cast<unsigned long long>(last >> 12),
                static_cast<unsigned long long>(last & 0xfff));
  std::string digits{text};
  return job_id{digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12) + random_uuid.substr(18)};
}

scheduler_actor spawn_scheduler(caf::actor_system& system, domain d, scheduler_parts parts, scheduler_options options) {
  return system.spawn(scheduler, std::move(d), std::move(parts), std::move(options));
}

} // namespace weir::ffs
