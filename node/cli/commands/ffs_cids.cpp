// ffs stage, stage-cid, cids, cid, get, log, replace, remove: what an instance has.
#include "node/cli/commands/ffs_shared.hpp"
#include "node/cli/times.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"

#include <filesystem>
#include <fstream>

namespace weir::cli {

namespace {

int replace(context& c) {
  json::writer w;
  w.begin_object().member("by", c.argument(1)).end_object();
  return show_job(c, c.node().send("POST", cid_path(c) + "/replace", w.take()));
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
  return show_answer(c, sent ? c.node().send("POST", upload + "/commit", "{}") : result<json::value>{sent.error()},
                     "cid");
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
  return show_answer(c, c.node().send("POST", instance_path(c) + "/stage", w.take()), "cid");
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

} // namespace

std::vector<command> ffs_cid_commands() {
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
       {instance_option, {"timeout", "SECONDS", "until the first bytes"}},
       1,
       1,
       stage_cid},
      {"ffs cids", "", "List what is wanted and what is.", "weir ffs cids", {instance_option}, 0, 0, cids},
      {"ffs cid",
       "CID",
       "Show config, hot, cold and jobs of a CID.",
       "weir ffs cid CID",
       {instance_option},
       1,
       1,
       show_cid},
      {"ffs get",
       "CID [FILE]",
       "Read a file from hot storage.",
       "weir ffs get CID a.bin",
       {instance_option, {"path", "PATH", "inside a folder"}},
       1,
       2,
       get},
      {"ffs log",
       "CID",
       "Show the log of a CID.",
       "weir ffs log CID --follow",
       {instance_option, of_job, {"follow", "", "go on with what comes"}},
       1,
       1,
       log},
      {"ffs replace",
       "CID BY",
       "Let another CID take the place of one.",
       "weir ffs replace OLD NEW",
       {instance_option, follow_option},
       2,
       2,
       replace},
      {"ffs remove",
       "CID",
       "Let go of a CID for which hot and cold are disabled.",
       "weir ffs remove CID",
       {instance_option},
       1,
       1,
       remove},
  };
}

} // namespace weir::cli
