// ffs stage, push, cids, cid, get, log, replace, remove, jobs, job, cancel, watch, config:
// what an instance does with its CIDs.
#include "node/cli/commands/ffs_shared.hpp"
#include "node/cli/times.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace weir::cli {

namespace {

/// `cold.repFactor=2` of --set, put into the tree. A value that is no JSON is a text.
void put(json::value& into, std::string_view path, const std::string& text) {
  into.type = json::value::kind::object;
  auto dot = path.find('.');
  auto name = path.substr(0, dot);
  auto at = std::find_if(into.members.begin(), into.members.end(), [&](auto& m) { return m.first == name; });
  if (at == into.members.end())
    at = into.members.insert(into.members.end(), {std::string{name}, {}});
  if (dot != path.npos)
    return put(at->second, path.substr(dot + 1), text);
  auto parsed = json::parse(text);
  if (parsed) {
    at->second = *std::move(parsed);
  } else {
    at->second.type = json::value::kind::string;
    at->second.text = text;
  }
}

/// Of --config FILE (- is standard input) and --set; a null value when neither is given.
result<json::value> config_of(context& c) {
  json::value config;
  if (auto file = c.given().get("config"); !file.empty()) {
    std::string text;
    if (file == "-") {
      text.assign(std::istreambuf_iterator<char>{std::cin}, {});
    } else {
      std::ifstream in{file};
      if (!in)
        return fail(errc::io, "The file cannot be read.", file);
      text.assign(std::istreambuf_iterator<char>{in}, {});
    }
    WEIR_TRY(config, json::parse(text));
  }
  for (const auto& set : c.given().all("set")) {
    auto equals = set.find('=');
    if (equals == set.npos || equals == 0)
      return fail(errc::usage, "--set takes MEMBER=VALUE, as in cold.repFactor=2.", set);
    put(config, std::string_view{set}.substr(0, equals), set.substr(equals + 1));
  }
  return config;
}

std::string cid_path(context& c) {
  return instance_path(c) + "/cids/" + coded(c.argument(0));
}

bool is_final(const std::string& state) {
  return state == "done" || state == "failed" || state == "cancelled";
}

int tell_end(context& c, const json::value& job) {
  auto state = job["state"].text;
  c.json() ? c.object(job)
           : c.line(state + (job["err"]["message"].text.empty() ? "" : ": " + job["err"]["message"].text));
  return state == "done" ? 0 : 1;
}

/// The job's log as it is written, until the job has ended; its end is the exit status.
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

int answer_job(context& c, const result<json::value>& pushed) {
  if (!pushed)
    return c.fail(pushed.error());
  auto id = (*pushed)["job"].text;
  if (c.given().has("watch") && !id.empty())
    return follow_job(c, id);
  c.json() ? c.object(*pushed) : c.line(id.empty() ? "stored, without a job" : id);
  return 0;
}

int push(context& c) {
  auto config = config_of(c);
  if (!config)
    return c.fail(config.error());
  json::writer w;
  w.begin_object();
  if (!config->is_null())
    w.key("config").raw(config->dump());
  w.member("override", c.given().has("override")).member("noExec", c.given().has("no-exec"));
  if (auto deals = c.given().all("import-deal"); !deals.empty()) {
    w.key("importDeals").begin_array();
    for (const auto& id : deals)
      w.value(id);
    w.end_array();
  }
  w.end_object();
  return answer_job(c, c.node().send("PUT", cid_path(c), w.take()));
}

int replace(context& c) {
  json::writer w;
  w.begin_object().member("by", c.argument(1)).end_object();
  return answer_job(c, c.node().send("POST", cid_path(c) + "/replace", w.take()));
}

int remove(context& c) {
  return c.done(c.node().send("DELETE", cid_path(c)));
}

int cids(context& c) {
  return list_items(c, instance_path(c) + "/cids", {}, {"CID", "HOT", "COLD", "JOB"}, [](const json::value& e) {
    auto job = e["running"].text.empty() ? e["queued"].text : e["running"].text;
    auto on = [](const json::value& v) { return std::string{v["enabled"].boolean() ? "yes" : "no"}; };
    return std::vector<std::string>{e["cid"].text, on(e["hot"]), on(e["cold"]), job};
  });
}

int show_cid(context& c) {
  return show_item(c, cid_path(c));
}

int get(context& c) {
  auto out = c.given().arguments.size() > 1 ? c.argument(1) : c.argument(0);
  std::ofstream file{out, std::ios::binary};
  if (!file)
    return c.fail(fail(errc::io, "The file cannot be made.", out));
  auto path = c.given().get("path");
  auto got = c.node().download(cid_path(c) + "/data/" + coded(path, true), [&](bytes_view part) -> status {
    file.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(part.size()));
    return file ? status{} : status{fail(errc::io, "The file cannot be written.")};
  });
  return c.done(got);
}

/// One file; `weir add` takes folders, with the same token.
int stage(context& c) {
  std::filesystem::path from{c.argument(0)};
  std::ifstream file{from, std::ios::binary};
  std::error_code failed;
  auto size = std::filesystem::file_size(from, failed);
  if (!file || failed)
    return c.fail(fail(errc::io, "The file cannot be read.", from.string()));
  json::writer w;
  w.begin_object().member("name", from.filename().string()).end_object();
  auto opened = c.node().send("POST", "/uploads", w.take());
  if (!opened)
    return c.fail(opened.error());
  auto upload = "/uploads/" + (*opened)["id"].text;
  auto sent = c.node().put(upload + "/files/", size, [&](std::span<std::uint8_t> room) -> result<std::size_t> {
    file.read(reinterpret_cast<char*>(room.data()), static_cast<std::streamsize>(room.size()));
    return static_cast<std::size_t>(file.gcount());
  });
  auto made = sent ? c.node().send("POST", upload + "/commit", "{}") : result<json::value>{sent.error()};
  if (!made)
    return c.fail(made.error());
  c.json() ? c.object(*made) : c.line((*made)["cid"].text);
  return 0;
}

int stage_cid(context& c) {
  json::writer w;
  w.begin_object().member("cid", c.argument(0));
  if (auto text = c.given().get("timeout"); !text.empty()) {
    auto seconds = parse_number(text);
    if (!seconds)
      return c.fail(seconds.error());
    w.member("timeout", *seconds);
  }
  w.end_object();
  auto made = c.node().send("POST", instance_path(c) + "/stage", w.take());
  if (!made)
    return c.fail(made.error());
  c.json() ? c.object(*made) : c.line((*made)["cid"].text);
  return 0;
}

int log(context& c) {
  auto q = query_text({{"job", c.given().get("job")}});
  auto show = [&](const json::value& line) {
    if (c.json())
      c.object(line);
    else
      c.line(time_text(line["time"].i64().value_or(0) / 1000) + "  " + line["message"].text);
    c.out() << std::flush;
  };
  if (!c.given().has("follow"))
    return c.done(c.node().each(cid_path(c) + "/log", {{"job", c.given().get("job")}}, [&](const json::value& line) {
      show(line);
      return true;
    }));
  return c.done(c.node().watch(cid_path(c) + "/log/watch" + q, [&](const std::string& event, const std::string& data) {
    if (auto line = json::parse(data); line && event == "log")
      show(*line);
    return true;
  }));
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
  auto ended = c.node().send("POST", instance_path(c) + "/jobs/" + coded(c.argument(0)) + "/cancel", "{}");
  if (!ended)
    return c.fail(ended.error());
  c.json() ? c.object(*ended) : c.line((*ended)["state"].text);
  return 0;
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

int config(context& c) {
  auto path = instance_path(c) + "/config";
  auto wish = config_of(c);
  if (!wish)
    return c.fail(wish.error());
  if (wish->is_null())
    return show_item(c, path);
  auto changed = c.node().send("PUT", path, wish->dump());
  if (!changed)
    return c.fail(changed.error());
  c.json() ? c.object(*changed) : show_members(c, *changed);
  return 0;
}

} // namespace

std::string instance_path(context& c) {
  return "/ffs/instances/" + coded(c.given().get("instance", "me"));
}

std::vector<command> ffs_job_commands() {
  const option instance{"instance", "ID", "of this instance; that of the token otherwise"};
  const option file{"config", "FILE", "CidConfig as JSON; - is standard input"};
  const option set{"set", "MEMBER=VALUE", "one member of it, as cold.repFactor=2; may be repeated", true};
  const option follow{"watch", "", "show the job's log until it has ended"};
  const option overrides{"override", "", "the CID has another config already"};
  const option no_exec{"no-exec", "", "store the config without a job"};
  const option import{"import-deal", "NUMBER", "adopt an active deal of the chain that holds it; may be repeated",
                      true};
  const option of_job{"job", "JOB", "only of this job"};
  return {
      {"ffs stage",
       "FILE",
       "Hand a file over; a config says later what becomes of it.",
       "weir ffs stage a.bin",
       {},
       1,
       1,
       stage},
      {"ffs stage-cid",
       "CID",
       "Stage a CID that the instance's hot layer finds elsewhere.",
       "weir ffs stage-cid CID --timeout 60",
       {instance, {"timeout", "SECONDS", "until the first bytes"}},
       1,
       1,
       stage_cid},
      {"ffs push",
       "CID",
       "Push a CidConfig; answers with the job.",
       "weir ffs push CID --set cold.repFactor=2 --watch",
       {instance, file, set, overrides, no_exec, follow, import},
       1,
       1,
       push},
      {"ffs cids", "", "List what is wanted and what is.", "weir ffs cids", {instance}, 0, 0, cids},
      {"ffs cid", "CID", "Show config, hot, cold and jobs of a CID.", "weir ffs cid CID", {instance}, 1, 1, show_cid},
      {"ffs get",
       "CID [FILE]",
       "Read a file from hot storage.",
       "weir ffs get CID a.bin",
       {instance, {"path", "PATH", "inside a folder"}},
       1,
       2,
       get},
      {"ffs log",
       "CID",
       "Show the log of a CID.",
       "weir ffs log CID --follow",
       {instance, of_job, {"follow", "", "go on with what comes"}},
       1,
       1,
       log},
      {"ffs replace",
       "CID BY",
       "Let another CID take the place of one.",
       "weir ffs replace OLD NEW",
       {instance, follow},
       2,
       2,
       replace},
      {"ffs remove",
       "CID",
       "Let go of a CID for which hot and cold are disabled.",
       "weir ffs remove CID",
       {instance},
       1,
       1,
       remove},
      {"ffs jobs",
       "",
       "List jobs, the newest first.",
       "weir ffs jobs --state in_progress",
       {instance,
        {"cid", "CID", "only of this CID"},
        {"state", "STATE", "all, queued, in_progress, final, failed, cancelled or done"}},
       0,
       0,
       jobs},
      {"ffs job", "JOB", "Show a job.", "weir ffs job JOB --watch", {instance, follow}, 1, 1, job},
      {"ffs cancel", "JOB", "Cancel a job.", "weir ffs cancel JOB", {instance}, 1, 1, cancel},
      {"ffs watch",
       "[JOB…]",
       "Follow the state of jobs.",
       "weir ffs watch",
       {instance, {"from", "REV", "behind this revision"}},
       0,
       100,
       watch},
      {"ffs config",
       "",
       "Show or change the default CidConfig.",
       "weir ffs config --set cold.repFactor=3",
       {instance, file, set},
       0,
       0,
       config},
  };
}

} // namespace weir::cli
