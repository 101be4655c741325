// ffs create, ls, show, limit, usage, rm: instances; ffs token new, ls, rm: their tokens.
#include "messages/types/token_amount.hpp"
#include "node/cli/commands/ffs_shared.hpp"
#include "node/cli/times.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"

namespace weir::cli {

namespace {

int create(context& c) {
  json::writer w;
  w.begin_object();
  if (!c.given().arguments.empty())
    w.member("name", c.argument(0));
  if (c.given().has("scheduler"))
    w.member("scheduler", c.given().get("scheduler"));
  w.end_object();
  return show_secret(c, c.node().send("POST", "/ffs/instances", w.take()), "token", "The token is not shown again.");
}

int ls(context& c) {
  return list_items(c, "/ffs/instances", {}, {"ID", "NAME", "SCHEDULER"}, [](const json::value& i) {
    return std::vector<std::string>{i["id"].text, i["name"].text, i["scheduler"].text};
  });
}

int schedulers(context& c) {
  return list_items(c, "/ffs/schedulers", {}, {"NAME", "HOT", "SELECTOR", "PARALLEL", "OPEN JOBS"},
                    [](const json::value& s) {
                      return std::vector<std::string>{s["name"].text, s["hot"].text, s["selector"].text,
                                                      s["parallel"].text, s["openJobs"].text};
                    });
}

int move(context& c) {
  json::writer w;
  w.begin_object().member("scheduler", c.argument(1)).end_object();
  return show_answer(c, c.node().send("PATCH", "/ffs/instances/" + coded(c.argument(0)), w.take()), "scheduler");
}

int show(context& c) {
  return show_item(c, instance_path(c) + "?usage=1");
}

int limit(context& c) {
  const auto& g = c.given();
  json::writer w;
  w.begin_object().key("limits").begin_object();
  if (g.has("bytes")) {
    auto bytes = parse_size(g.get("bytes"));
    if (!bytes)
      return c.fail(bytes.error());
    w.member("bytes", *bytes);
  }
  if (g.has("jobs")) {
    auto jobs = parse_number(g.get("jobs"));
    if (!jobs)
      return c.fail(jobs.error());
    w.member("jobs", *jobs);
  }
  if (g.has("spend")) {
    auto spend = token_amount::parse_fil(g.get("spend"));
    if (!spend)
      return c.fail(spend.error());
    w.member("spend", spend->decimal());
  }
  w.end_object().end_object();
  auto changed = c.node().send("PATCH", "/ffs/instances/" + coded(c.argument(0)), w.take());
  if (!changed)
    return c.fail(changed.error());
  c.json() ? c.object(*changed) : show_members(c, (*changed)["limits"]);
  return 0;
}

std::string fil_text(const json::value& attofil) {
  auto amount = token_amount::parse(attofil.string());
  return amount ? amount->fil() : attofil.string();
}

int usage(context& c) {
  auto of = [](const std::string& used, const std::string& limit, bool limited) {
    return limited ? used + " of " + limit : used;
  };
  return list_items(c, "/ffs/usage", {}, {"ID", "NAME", "BYTES", "JOBS", "SPEND"}, [&](const json::value& i) {
    const auto &used = i["usage"], &most = i["limits"];
    auto size = [](const json::value& v) { return size_text(v.u64().value_or(0)); };
    return std::vector<std::string>{
        i["id"].text, i["name"].text,
        of(size(used["bytes"]), size(most["bytes"]), most["bytes"].u64().value_or(0) != 0),
        of(used["jobs"].string(), most["jobs"].string(), most["jobs"].u64().value_or(0) != 0),
        of(fil_text(used["spend"]), fil_text(most["spend"]), most["spend"].string() != "0")};
  });
}

int rm(context& c) {
  return c.done(c.node().send("DELETE", "/ffs/instances/" + coded(c.argument(0))));
}

int token_new(context& c) {
  json::writer w;
  w.begin_object().member("name", c.argument(0));
  if (c.given().has("scopes"))
    w.member("scopes", c.given().get("scopes"));
  if (c.given().has("expires"))
    w.member("expires", c.given().get("expires"));
  w.end_object();
  return show_answer(c, c.node().send("POST", instance_path(c) + "/tokens", w.take()), "token");
}

int token_ls(context& c) {
  return list_items(c, instance_path(c) + "/tokens", {}, {"NAME", "SCOPES", "LAST USE"}, [](const json::value& t) {
    std::string scopes;
    for (const auto& s : t["scopes"].items)
      scopes += (scopes.empty() ? "" : ",") + s.text;
    auto used = t["lastUse"].u64().value_or(0) / 1000;
    return std::vector<std::string>{t["name"].text, scopes,
                                    used == 0 ? "never" : time_text(static_cast<std::int64_t>(used))};
  });
}

int token_rm(context& c) {
  return c.done(c.node().send("DELETE", instance_path(c) + "/tokens/" + coded(c.argument(0))));
}

} // namespace

std::vector<command> ffs_commands() {
  std::vector<command> all{
      {"ffs create",
       "[NAME]",
       "Make an FFS instance; its token is shown once.",
       "weir ffs create team-a",
       {{"scheduler", "NAME", "that runs its jobs; default otherwise"}},
       0,
       1,
       create},
      {"ffs schedulers", "", "List the schedulers of the configuration.", "weir ffs schedulers", {}, 0, 0, schedulers},
      {"ffs move",
       "ID SCHEDULER",
       "Wire an instance to another scheduler; what it keeps hot follows.",
       "weir ffs move ID archive",
       {},
       2,
       2,
       move},
      {"ffs limit",
       "ID",
       "Limit what an instance may use; 0 is no limit.",
       "weir ffs limit ID --bytes 10GiB --spend 5FIL",
       {{"bytes", "SIZE", "of all that it keeps"},
        {"jobs", "NUMBER", "that wait at a time"},
        {"spend", "AMOUNT", "of its deals and of what it sends, in all"}},
       1,
       1,
       limit},
      {"ffs usage",
       "",
       "List the instances that have a limit, and what they use of it.",
       "weir ffs usage",
       {},
       0,
       0,
       usage},
      {"ffs ls", "", "List the FFS instances.", "weir ffs ls", {}, 0, 0, ls},
      {"ffs show", "", "Show an instance.", "weir ffs show", {instance_option}, 0, 0, show},
      {"ffs rm", "ID", "Remove an instance with its tokens and contents.", "weir ffs rm ID", {}, 1, 1, rm},
      {"ffs token new",
       "NAME",
       "Make a token of an instance; it is shown once.",
       "weir ffs token new phone --scopes read",
       {instance_option,
        {"scopes", "LIST", "read, store, wallet, admin, separated by commas; all otherwise"},
        {"expires", "DURATION", "for so long"}},
       1,
       1,
       token_new},
      {"ffs token ls", "", "List the tokens of an instance.", "weir ffs token ls", {instance_option}, 0, 0, token_ls},
      {"ffs token rm", "NAME", "Revoke a token at once.", "weir ffs token rm phone", {instance_option}, 1, 1, token_rm},
  };
  for (auto part : {ffs_cid_commands, ffs_config_commands, ffs_job_commands, ffs_webhook_commands})
    for (auto& c : part())
      all.push_back(std::move(c));
  return all;
}

} // namespace weir::cli
