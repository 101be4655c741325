// Jobs of an FFS instance: listed, watched, cancelled; logs and retrievals.
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/json/ffs.hpp"

namespace weir::api {

namespace {

using ffs::job_id;

void answer_job(const call& c, int status, const ffs::job& j) {
  c.json(status, json::to_json(j));
}

result<std::vector<ffs::job_state>> states_of(const std::string& name) {
  using enum ffs::job_state;
  if (name.empty() || name == "all")
    return std::vector<ffs::job_state>{};
  if (name == "final")
    return std::vector{failed, cancelled, done};
  auto one = state_from_name<ffs::job_state>(name);
  if (!one)
    return fail(errc::invalid_argument, "There is no such state of a job.", name,
                "all queued in_progress final failed cancelled done");
  return std::vector{*one};
}

result<ffs::job_filter> filter_of(const call& c) {
  ffs::job_filter f;
  f.jobs = c.x->request().params.all("job");
  for (auto& text : c.x->request().params.all("cid")) {
    WEIR_TRY(auto parsed, cid::parse(text));
    f.cids.push_back(std::move(parsed));
  }
  WEIR_TRY(f.states, states_of(c.param("state")));
  return f;
}

/// Newest first unless ?ascending=1.
void list_jobs(call c) {
  auto of = instance_of(c);
  auto f = filter_of(c);
  auto p = page_of(c);
  if (!good(c, of) || !good(c, f) || !good(c, p))
    return;
  auto found = c.node->desk->jobs(*c.node->newest(), of->id, *f, {p->limit, p->after}, c.param("ascending") == "1");
  if (good(c, found))
    answer_page(c, *found, [](json::writer& w, const ffs::job& j) { json::write(w, j); });
}

void show_job(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  auto j = c.node->desk->job(*c.node->newest(), of->id, job_id{c.capture("job")});
  if (good(c, j))
    answer_job(c, 200, *j);
}

void cancel(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (good(ready, of))
      ready.node->desk->cancel(
          ready.node->self, {of->id, job_id{ready.capture("job")}},
          answer<ffs::job>(ready, [ready](const ffs::job& ended) { answer_job(ready, 200, ended); }));
  });
}

/// What is over is not of the first state, unless somebody asked for it by name.
void watch_jobs(call c) {
  auto of = instance_of(c);
  auto f = filter_of(c);
  if (!good(c, of) || !good(c, f))
    return;
  auto show = [f = *f](const std::string& encoded, bool first) {
    auto j = records::decode<ffs::job>(encoded);
    if (!j || !f.wants(*j) || (first && !f.named() && ffs::is_final(j->state)))
      return std::string{};
    return json::to_json(*j);
  };
  open_stream(c, {table_id::ffs_jobs, records::encode_prefix(of->id), "job", show});
}

void list_log(call c) {
  auto of = instance_of(c);
  auto id = cid_of_path(c);
  auto p = page_of(c);
  if (!good(c, of) || !good(c, id) || !good(c, p))
    return;
  auto found = c.node->desk->log(*c.node->newest(), of->id, *id, c.param("job"), {p->limit, p->after});
  if (good(c, found))
    answer_page(c, *found, [](json::writer& w, const ffs::log_line& line) { json::write(w, line); });
}

void watch_log(call c) {
  auto of = instance_of(c);
  auto id = cid_of_path(c);
  if (!good(c, of) || !good(c, id))
    return;
  auto show = [wanted = c.param("job")](const std::string& encoded, bool) {
    auto line = records::decode<ffs::log_line>(encoded);
    bool fits = line && (wanted.empty() || line->job.value == wanted);
    return fits ? json::to_json(*line) : std::string{};
  };
  open_stream(c, {table_id::ffs_logs, records::encode_prefix(of->id, *id), "log", show});
}

void list_retrievals(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  auto r = c.node->newest();
  auto found = c.node->desk->retrievals(*r, of->id);
  if (good(c, found))
    answer_page(c, ffs::page_of<ffs::retrieval>{*std::move(found), {}, r->at()},
                [](json::writer& w, const ffs::retrieval& x) { json::write(w, x); });
}

} // namespace

endpoints ffs_job_endpoints() {
  return {
      {"GET", "/ffs/instances/{instance}/jobs", access::user,
       "Its jobs, the newest first; state is all, queued, in_progress, final, failed, cancelled or done.",
       "cid job state ascending limit after", "", 200, list_jobs},
      {"GET", "/ffs/instances/{instance}/jobs/{job}", access::user, "One job with its config, state and ErrCause.", "",
       "", 200, show_job},
      {"POST", "/ffs/instances/{instance}/jobs/{job}/cancel", access::user,
       "Ends a job that waits or runs, whatever it does at that moment.", "", "", 200, cancel},
      {"GET", "/ffs/instances/{instance}/watch", access::user,
       "The state of its jobs as server-sent events: what has not ended, then every change; a slow reader gets the "
       "newest state of each, and every final one.",
       "job cid state from", "", 200, watch_jobs},
      {"GET", "/ffs/instances/{instance}/cids/{cid}/log", access::user, "The log of a CID, for people.",
       "job limit after", "", 200, list_log},
      {"GET", "/ffs/instances/{instance}/cids/{cid}/log/watch", access::user,
       "The same as server-sent events: history, then live, without a gap.", "job from", "", 200, watch_log},
      {"GET", "/ffs/instances/{instance}/retrievals", access::user, "What was unfrozen, and how it went.", "", "", 200,
       list_retrievals},
  };
}

} // namespace weir::api
