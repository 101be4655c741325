#include "actors/ffs/jobs.hpp"

#include "actors/support/quota.hpp"

#include <algorithm>
#include <atomic>

namespace weir::ffs {

using records::fact;

namespace {

error no_job(const job_id& id) {
  return fail(errc::not_found, "There is no such job.", id.value);
}

/// Orders the lines of one millisecond, whoever writes them: taken when the
/// transaction is built, so what caused another line has the lower number.
std::uint32_t next_line() {
  static std::atomic<std::uint32_t> last{0};
  return ++last;
}

void log(transaction_builder& t, const job& of, unix_ms time, std::string words) {
  t.put(log_line{of.instance, of.cid, time, of.id, next_line(), std::move(words)});
}

void say(transaction_builder& t, event_kind kind, const job& j) {
  records::facts fields{fact("cid", j.cid), fact("state", std::string{to_string(j.state)}),
                        fact("step", std::string{to_string(j.step)})};
  if (j.err.any())
    fields.push_back(fact("message", j.err.message));
  t.say(kind, j.id.value, owner_of(j.instance), std::move(fields));
}

void end(job& j, job_state how, err_cause why, unix_ms time) {
  j.state = how;
  j.err = std::move(why);
  j.ended = time;
}

void unlink(cid_entry& e, const job_id& id) {
  if (e.queued == id)
    e.queued = {};
  if (e.running == id)
    e.running = {};
}

/// The older job gives way.
status supersede(const records::reader& state, const cid_entry& e, const job_id& by, job_moment at,
                 transaction_builder& t) {
  if (e.queued.value.empty())
    return {};
  WEIR_TRY(auto before, state.get<job>({e.instance, e.queued}));
  if (is_final(before.value.state))
    return {};
  auto after = before.value;
  end(after, job_state::cancelled, {errc::cancelled, "A newer job of the CID took its place.", by.value, {}}, at.time);
  t.update(before, after);
  say(t, event_kind::job_cancelled, after);
  log(t, after, at.time, "Job " + after.id.value + " was cancelled: a newer one took its place.");
  return {};
}

job new_job(const enqueue& wish, const job_id& id, const std::string& scheduler, job_moment at) {
  job j;
  j.instance = wish.instance;
  j.id = id;
  j.cid = wish.cid;
  j.scheduler = scheduler;
  j.config = wish.config;
  j.why = wish.why;
  j.replaces = wish.replaces;
  j.created = at.time;
  j.created_at = at.now;
  return j;
}

/// Of what is not here yet, so that nothing begins over a quota that is used up.
constexpr std::uint64_t least_size = 1;

bool by_itself(job_cause why) {
  return why == job_cause::renew || why == job_cause::repair || why == job_cause::move;
}

/// No new deals from now on, if it was this job that asked for them.
status close_terms(const records::reader& state, const job& j, transaction_builder& t) {
  WEIR_TRY(auto contents, contents_of(state, j.instance, j.cid));
  for (auto& c : contents)
    if (c.value.terms.open && c.value.terms.round == j.id.value) {
      auto closed = c.value;
      closed.terms.open = false;
      t.update(c, closed);
    }
  return {};
}

/// It is looked at again by itself, as its config says.
void set_due(cid_entry& e, const job_end& how) {
  e.renew_at = e.config.cold.enabled && e.config.cold.renew ? how.renew_at : no_epoch;
  e.repair_at = e.config.repairable ? how.repair_at : no_epoch;
}

void take_over(cid_entry& e, const job& j, const job_end& how, unix_ms time) {
  if (how.hot)
    e.hot = *how.hot;
  if (how.cold)
    e.cold = *how.cold;
  if (how.hot || how.cold) {
    e.info_job = j.id;
    e.info_time = time;
  }
  std::erase_if(e.hot_left, [&](const std::string& name) {
    bool kept_there = how.hot && how.hot->enabled && how.hot->layer == name;
    return kept_there || std::find(how.swept.begin(), how.swept.end(), name) != how.swept.end();
  });
  e.stored = e.stored || how.how == job_state::done;
  if (!e.queued.value.empty())
    return;
  set_due(e, how);
  if (e.scheduler != j.scheduler && e.hot.enabled)
    e.repair_at = j.started_at; // at once: the instance was moved while it ran
  else if (j.why == job_cause::move && how.how == job_state::failed)
    e.repair_at = how.repair_at;
}

} // namespace

result<std::vector<stored<content>>> contents_of(const records::reader& state, const instance_id& of, const cid& id) {
  std::vector<stored<content>> found;
  WEIR_TRY(auto keys, state.keys<records::cid_contents>(id));
  for (auto& key : keys) {
    WEIR_TRY(auto c, state.find<content>(std::get<1>(key)));
    if (c && c->value.owner == owner_of(of) && c->value.state != content_state::removed)
      found.push_back(*std::move(c));
  }
  return found;
}

result<transaction_builder> enqueue_job(const records::reader& state, const enqueue& wish, const job_place& to,
                                        job_moment at, enqueued& out) {
  transaction_builder t;
  out = {};
  const auto& id = to.id;
  std::optional<stored<instance>> read;
  if (to.of == nullptr) {
    WEIR_TRY(read, state.find<instance>(wish.instance));
  }
  const auto* of = to.of != nullptr ? to.of : read ? &read->value : nullptr;
  if (of == nullptr || of->deleting)
    return fail(errc::not_found, "There is no such instance.", wish.instance.value);
  if (of->scheduler != to.scheduler)
    return fail(errc::precondition, "The instance was moved to another scheduler at this moment; do it again.",
                of->scheduler);
  out.made = wish.no_exec ? job_id{} : id;
  if (!to.is_new) {
    WEIR_TRY(auto known, state.find<job>({wish.instance, id}));
    if (known)
      return t;
  }
  if (auto most = of->limits.jobs; most != 0 && !wish.no_exec && !by_itself(wish.why) && to.waiting >= most)
    return fail(errc::overloaded, "The instance has as many jobs as its quota allows.", std::to_string(to.waiting),
                std::to_string(most));
  WEIR_TRY(auto before, state.find<cid_entry>({wish.instance, wish.cid}));
  auto e = before ? before->value : cid_entry{};
  if (by_itself(wish.why) && (!before || !e.queued.value.empty() || !e.running.value.empty())) {
    out.made = {};
    return t;
  }
  if (!by_itself(wish.why))
    WEIR_CHECK(check_override(before ? std::optional{e.config} : std::nullopt, wish.config, wish.override_config));
  bool keeps = wish.config.hot.enabled || wish.config.cold.enabled;
  if (of->limits.bytes != 0 && keeps && !by_itself(wish.why))
    WEIR_CHECK(quotas::take_bytes(state, wish.instance, wish.cid, least_size, t));
  e.instance = wish.instance;
  e.cid = wish.cid;
  e.scheduler = of->scheduler;
  e.config = wish.config;
  t.must_be_present<instance>(wish.instance);
  if (!by_itself(wish.why)) {
    e.pushed = at.time;
    t.say(event_kind::config_pushed, wish.cid.text(), owner_of(wish.instance), {fact("cid", wish.cid)});
  }
  if (!wish.no_exec) {
    WEIR_CHECK(supersede(state, e, id, at, t));
    auto j = new_job(wish, id, e.scheduler, at);
    out.older = std::exchange(e.queued, id);
    e.latest = id;
    e.renew_at = e.repair_at = no_epoch; // the end of the job says when
    t.create(j);
    say(t, event_kind::job_queued, j);
    log(t, j, at.time, "Job " + id.value + " was queued (" + std::string{to_string(wish.why)} + ").");
  }
  before ? t.update(*before, e) : t.create(e);
  return t;
}

result<transaction_builder> begin_job(const records::reader& state, const instance_id& of, const job_id& id,
                                      const std::string& by, job_moment at) {
  transaction_builder t;
  WEIR_TRY(auto before, state.find<job>({of, id}));
  if (!before || before->value.state != job_state::queued || before->value.scheduler != by)
    return t;
  WEIR_TRY(auto e, state.get<cid_entry>({of, before->value.cid}));
  if (!e.value.running.value.empty())
    return t;
  auto after = before->value;
  after.state = job_state::in_progress;
  after.started = at.time;
  after.started_at = at.now;
  t.update(*before, after);
  auto entry = e.value;
  unlink(entry, id);
  entry.running = id;
  t.update(e, entry);
  say(t, event_kind::job_started, after);
  log(t, after, at.time, "Job " + id.value + " began.");
  return t;
}

namespace {

constexpr std::size_t taken_over_at_once = 200;

/// Its job that waits goes over; one that runs only if nobody else is there to end it.
status take_over_jobs(const records::reader& state, const cid_entry& e, const new_home& home, transaction_builder& t,
                      taken_over& out) {
  for (auto& id : {e.queued, e.running}) {
    if (id.value.empty())
      continue;
    WEIR_TRY(auto before, state.get<job>({e.instance, id}));
    bool runs = before.value.state == job_state::in_progress;
    bool has_home = std::find(home.known.begin(), home.known.end(), before.value.scheduler) != home.known.end();
    if (runs && has_home)
      continue;
    auto after = before.value;
    after.scheduler = home.scheduler;
    t.update(before, after);
    (runs ? out.running : out.waiting).push_back(after);
  }
  return {};
}

} // namespace

result<transaction_builder> take_over_some(const records::reader& state, const instance_id& of, const new_home& home,
                                           job_moment at, taken_over& out) {
  transaction_builder t;
  out = {};
  WEIR_TRY(auto before, state.find<instance>(of));
  if (!before || before->value.deleting || before->value.scheduler != home.scheduler
      || before->value.moved_from.empty())
    return t;
  std::vector<stored<cid_entry>> found;
  WEIR_CHECK(state.each<cid_entry>(
      [&](const stored<cid_entry>& e) {
        if (e.value.scheduler != home.scheduler)
          found.push_back(e);
        return found.size() <= taken_over_at_once;
      },
      {records::encode_prefix(of), {}}));
  out.more = found.size() > taken_over_at_once;
  for (auto& e : found) {
    auto after = e.value;
    after.scheduler = home.scheduler;
    bool idle = after.queued.value.empty() && after.running.value.empty();
    if (after.hot.enabled && after.hot.layer != home.hot && idle)
      after.repair_at = std::max(at.now, epoch{0}); // also before the clock said what time it is
    t.update(e, after);
    bool forgotten = std::any_of(after.hot_left.begin(), after.hot_left.end(), [&](auto& l) { return l != home.hot; });
    if (idle && forgotten)
      out.left.push_back(after);
    WEIR_CHECK(take_over_jobs(state, after, home, t, out));
  }
  auto moved = before->value;
  if (!out.more) {
    moved.moved_from.clear();
    // Watches tell of transactions with events alone: whoever shows the instance hears that nothing is left behind.
    t.say(event_kind::instance_changed, of.value, owner_of(of), {fact("scheduler", home.scheduler)});
  }
  t.update(*before, moved);
  return t;
}

result<transaction_builder> cancel_job_now(const records::reader& state, const cancel_job& which, job_moment at,
                                           job& out) {
  transaction_builder t;
  WEIR_TRY(auto before, state.find<job>({which.instance, which.job}));
  if (!before)
    return no_job(which.job);
  if (is_final(before->value.state))
    return fail(errc::precondition, "The job has ended already.", std::string{to_string(before->value.state)});
  out = before->value;
  end(out, job_state::cancelled, {errc::cancelled, "It was cancelled on request.", {}, {}}, at.time);
  t.update(*before, out);
  WEIR_TRY(auto e, state.find<cid_entry>({which.instance, out.cid}));
  if (e) {
    auto entry = e->value;
    unlink(entry, out.id);
    if (entry.scheduler != out.scheduler && entry.hot.enabled && entry.queued.value.empty())
      entry.repair_at = at.now; // the instance was moved while it ran
    t.update(*e, entry);
  }
  WEIR_CHECK(close_terms(state, out, t));
  say(t, event_kind::job_cancelled, out);
  log(t, out, at.time, "Job " + out.id.value + " was cancelled.");
  return t;
}

result<transaction_builder> note_job(const records::reader& state, const instance_id& of, const job_id& id,
                                     const job_note& note, job_moment at) {
  transaction_builder t;
  WEIR_TRY(auto before, state.find<job>({of, id}));
  if (!before || before->value.state != job_state::in_progress)
    return t;
  auto after = before->value;
  after.step = note.step.value_or(after.step);
  after.unfroze = after.unfroze || note.unfroze;
  if (after.step != before->value.step || after.unfroze != before->value.unfroze)
    t.update(*before, after);
  else
    t.must_be_unchanged(*before);
  say(t, event_kind::job_progress, after);
  log(t, after, at.time, note.words);
  return t;
}

bool wanted_again(const cid_entry& replaced, const job& by) {
  return !replaced.queued.value.empty() || !replaced.running.value.empty() || replaced.pushed > by.created;
}

result<transaction_builder> end_job(const records::reader& state, const instance_id& of, const job_id& id,
                                    const job_end& how, job_moment at) {
  transaction_builder t;
  WEIR_TRY(auto before, state.find<job>({of, id}));
  if (!before || is_final(before->value.state))
    return t;
  auto after = before->value;
  after.step = job_step::finish;
  after.deal_errors = how.deal_errors;
  end(after, how.how, how.err, at.time);
  t.update(*before, after);
  WEIR_TRY(auto e, state.find<cid_entry>({of, after.cid}));
  if (e) {
    auto entry = e->value;
    unlink(entry, id);
    take_over(entry, after, how, at.time);
    t.update(*e, entry);
  }
  WEIR_CHECK(close_terms(state, after, t));
  bool done = how.how == job_state::done;
  if (done && after.why == job_cause::replace) {
    WEIR_TRY(auto replaced, state.find<cid_entry>({of, after.replaces}));
    if (replaced && !wanted_again(replaced->value, after)) {
      t.remove(*replaced);
      t.say(event_kind::config_removed, after.replaces.text(), owner_of(of), {fact("cid", after.replaces)});
    }
  }
  say(t, done ? event_kind::job_done : event_kind::job_failed, after);
  log(t, after, at.time,
      "Job " + id.value + (done ? " is done." : " failed: " + (after.err.message.empty() ? "?" : after.err.message)));
  return t;
}

result<transaction_builder> forget_cid(const records::reader& state, const remove_cid& which, job_moment at) {
  transaction_builder t;
  WEIR_TRY(auto e, state.find<cid_entry>({which.instance, which.cid}));
  if (!e)
    return fail(errc::not_found, "The instance does not keep this CID.", which.cid.text());
  if (e->value.config.hot.enabled || e->value.config.cold.enabled)
    return fail(errc::precondition, "Hot or cold storage is enabled; push a config that disables both first.",
                which.cid.text());
  if (!e->value.queued.value.empty() || !e->value.running.value.empty())
    return fail(errc::precondition, "A job of it has not ended.",
                e->value.running.value.empty() ? e->value.queued.value : e->value.running.value);
  t.remove(*e);
  t.say(event_kind::config_removed, which.cid.text(), owner_of(which.instance), {fact("cid", which.cid)});
  t.put(log_line{which.instance, which.cid, at.time, {}, next_line(), "The CID was removed."});
  return t;
}

} // namespace weir::ffs
