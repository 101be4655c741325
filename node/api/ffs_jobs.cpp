// Jobs of an FFS instance: listed, watched, cancelled; logs and retrievals.
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/lists.hpp"
#include "node/json/ffs.hpp"

#include <algorithm>

namespace weir::api {

namespace {

using ffs::job_id;

void answer_job(const call& c, int status, const ffs::job& j) {
  c.json(status, json::to_json(j));
}

/// Which jobs a list or a watch is for.
struct job_filter {
  std::vector<std::string> jobs, cids;
  std::optional<ffs::job_state> state;
  bool final_only = false;

  bool wants(const ffs::job& j) const {
    auto among = [](const std::vector<std::string>& list, const std::string& v) {
      return list.empty() || std::find(list.begin(), list.end(), v) != list.end();
    };
    if (state && j.state != *state)
      return false;
    return among(jobs, j.id.value) && among(cids, j.cid.text()) && (!final_only || ffs::is_final(j.state));
  }
};

result<job_filter> filter_of(const call& c) {
  job_filter f;
  for (auto& text : c.x->request().params.all("job"))
    f.jobs.push_back(text);
  for (auto& text : c.x->request().params.all("cid")) {
    WEIR_TRY(auto parsed, cid::parse(text));
    f.cids.push_back(parsed.text());
  }
  auto state = c.param("state");
  f.final_only = state == "final";
  if (state.empty() || state == "all" || f.final_only)
    return f;
  f.state = state_from_name<ffs::job_state>(state);
  if (!f.state)
    return fail(errc::invalid_argument, "There is no such state of a job.", state,
                "all queued in_progress final failed cancelled done");
  return f;
}

/// Ids in the order of time, of one CID or of all.
result<std::vector<job_id>> ids_of(const records::reader& r, const instance_id& of, const job_filter& f) {
  std::vector<job_id> ids;
  if (f.cids.size() == 1) {
    WEIR_TRY(auto id, cid::parse(f.cids[0]));
    WEIR_TRY(auto keys, r.keys<records::ffs_cid_jobs>(of, id));
    for (auto& key : keys)
      ids.push_back(std::get<2>(key));
    return ids;
  }
  auto seen = r.scan_raw(table_id::ffs_jobs, {records::encode_prefix(of), {}},
                         [&](std::string_view key, std::string_view, revision) {
                           if (auto parsed = records::decode_key<records::ffs_job_key>(key))
                             ids.push_back(std::get<1>(*parsed));
                           return true;
                         });
  WEIR_CHECK(seen);
  return ids;
}

/// Newest first unless ?ascending=1.
void list_jobs(call c) {
  auto of = instance_of(c);
  auto f = filter_of(c);
  auto p = page_of(c);
  if (!good(c, of) || !good(c, f) || !good(c, p))
    return;
  auto r = c.node->newest();
  auto ids = ids_of(*r, of->id, *f);
  if (!good(c, ids))
    return;
  bool ascending = c.param("ascending") == "1";
  if (!ascending)
    std::reverse(ids->begin(), ids->end());
  auto behind = [&](const job_id& id) { return ascending ? id.value > p->after : id.value < p->after; };
  json::writer w;
  begin_list(w);
  std::string next, last;
  std::size_t taken = 0, looked = 0;
  for (auto& id : *ids) {
    if (!p->after.empty() && !behind(id))
      continue;
    if (taken == p->limit || looked == max_looked_at) {
      next = last;
      break;
    }
    ++looked;
    last = id.value;
    auto j = r->find<ffs::job>({of->id, id});
    if (!good(c, j))
      return;
    if (!*j || !f->wants((*j)->value))
      continue;
    ++taken;
    json::write(w, (*j)->value);
  }
  end_list(w, next, r->at());
  c.json(200, w);
}

void show_job(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  auto j = c.node->newest()->find<ffs::job>({of->id, job_id{c.capture("job")}});
  if (!good(c, j))
    return;
  *j ? answer_job(c, 200, (*j)->value) : c.fail(fail(errc::not_found, "There is no such job.", c.capture("job")));
}

void cancel(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (good(ready, of))
      ask_powergate(ready, of->id, ffs::cancel_job{of->id, job_id{ready.capture("job")}},
                    [ready](const ffs::job& ended) { answer_job(ready, 200, ended); });
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
    bool named = !f.jobs.empty() || !f.cids.empty();
    if (!j || !f.wants(*j) || (first && !named && ffs::is_final(j->state)))
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
  auto r = c.node->newest();
  auto wanted = c.param("job");
  auto after = p->after.empty() ? std::optional<std::string>{std::string{}} : [&]() -> std::optional<std::string> {
    auto raw = from_hex(p->after);
    return raw ? std::optional{std::string{as_text(*raw)}} : std::nullopt;
  }();
  if (!after)
    return c.fail(fail(errc::invalid_argument, "after is what `next` said.", p->after));
  json::writer w;
  begin_list(w);
  std::string next, last;
  std::size_t taken = 0;
  auto read = r->each<ffs::log_line>(
      [&](const stored<ffs::log_line>& line) {
        if (taken == p->limit) {
          next = last;
          return false;
        }
        last = to_hex(as_bytes(records::encode_key(records::table_of<ffs::log_line>::key(line.value))));
        if (wanted.empty() || line.value.job.value == wanted) {
          ++taken;
          json::write(w, line.value);
        }
        return true;
      },
      {records::encode_prefix(of->id, *id), *after});
  if (!good(c, read))
    return;
  end_list(w, next, r->at());
  c.json(200, w);
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
  json::writer w;
  begin_list(w);
  auto read = r->each<ffs::retrieval>([&](const stored<ffs::retrieval>& found) { json::write(w, found.value); },
                                      {records::encode_prefix(of->id), {}});
  if (!good(c, read))
    return;
  end_list(w, {}, r->at());
  c.json(200, w);
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
