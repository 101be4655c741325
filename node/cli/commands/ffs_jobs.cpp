// ffs jobs, job, cancel, watch: what the jobs of an instance do.
#include "node/cli/commands/ffs_shared.hpp"
#include "node/cli/times.hpp"

#include <ostream>

namespace weir::cli {

namespace {

bool is_final(const std::string& state) {
  return state == "done" || state == "failed" || state == "cancelled";
}

int tell_end(context& c, const json::value& job) {
  auto state = job["state"].text;
  c.json() ? c.object(job)
           : c.line(state + (job["err"]["message"].text.empty() ? "" : ": " + job["err"]["message"].text));
  return state == "done" ? 0 : 1;
}

int jobs(context& c) {
  query q{{"cid", c.given().get("cid")}, {"state", c.given().get("state")}};
  return list_items(c, instance_path(c) + "/jobs", q, {"JOB", "STATE", "STEP", "CID"}, [](const json::value& j) {
    return std::vector<std::string>{j["id"].text, j["state"].text, j["step"].text, j["cid"].text};
  });
}

int job(context& c) {
  if (c.given().has("watch"))
    return follow_job(c, c.argument(0));
  return show_item(c, instance_path(c) + "/jobs/" + coded(c.argument(0)));
}

int cancel(context& c) {
  return show_answer(c, c.node().send("POST", instance_path(c) + "/jobs/" + coded(c.argument(0)) + "/cancel", "{}"),
                     "state");
}

int watch(context& c) {
  query q;
  for (const auto& id : c.given().arguments)
    q.emplace_back("job", id);
  q.emplace_back("from", c.given().get("from"));
  return c.done(c.node().watch(
      instance_path(c) + "/watch" + query_text(q), [&](const std::string& event, const std::string& data) {
        auto j = json::parse(data);
        if (event == "job" && j)
          c.json() ? c.object(*j) : c.line((*j)["id"].text + "  " + (*j)["state"].text + "  " + (*j)["step"].text);
        c.out() << std::flush;
        return true;
      }));
}

} // namespace

int follow_job(context& c, const std::string& id) {
  auto path = instance_path(c) + "/jobs/" + coded(id);
  auto job = c.node().get(path);
  if (!job)
    return c.fail(job.error());
  client beside{c.node()};
  auto log = instance_path(c) + "/cids/" + coded((*job)["cid"].text) + "/log/watch" + query_text({{"job", id}});
  auto ended = c.node().watch(log, [&](const std::string& event, const std::string& data) {
    auto line = json::parse(data);
    if (event == "log" && line && !c.json())
      c.line(time_text((*line)["time"].i64().value_or(0) / 1000) + "  " + (*line)["message"].text);
    c.out() << std::flush;
    job = beside.get(path);
    return job && !is_final((*job)["state"].text);
  });
  if (job && is_final((*job)["state"].text))
    return tell_end(c, *job);
  return c.fail(!job ? job.error() : !ended ? ended.error() : fail(errc::unreachable, "The stream ended."));
}

std::vector<command> ffs_job_commands() {
  return {
      {"ffs jobs",
       "",
       "List jobs, the newest first.",
       "weir ffs jobs --state in_progress",
       {instance_option,
        {"cid", "CID", "only of this CID"},
        {"state", "STATE", "all, queued, in_progress, final, failed, cancelled or done"}},
       0,
       0,
       jobs},
      {"ffs job", "JOB", "Show a job.", "weir ffs job JOB --watch", {instance_option, follow_option}, 1, 1, job},
      {"ffs cancel", "JOB", "Cancel a job.", "weir ffs cancel JOB", {instance_option}, 1, 1, cancel},
      {"ffs watch",
       "[JOB…]",
       "Follow the state of jobs.",
       "weir ffs watch",
       {instance_option, {"from", "REV", "behind this revision"}},
       0,
       100,
       watch},
  };
}

} // namespace weir::cli
