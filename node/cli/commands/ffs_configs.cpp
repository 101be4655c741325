// ffs config, push: what an instance wants of its CIDs.
#include "node/cli/commands/ffs_shared.hpp"
#include "node/json/writer.hpp"

#include <algorithm>
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
  return show_job(c, c.node().send("PUT", cid_path(c), w.take()));
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

std::vector<command> ffs_config_commands() {
  const option file{"config", "FILE", "CidConfig as JSON; - is standard input"};
  const option set{"set", "MEMBER=VALUE", "one member of it, as cold.repFactor=2; may be repeated", true};
  const option overrides{"override", "", "the CID has another config already"};
  const option no_exec{"no-exec", "", "store the config without a job"};
  const option import{"import-deal", "NUMBER", "adopt an active deal of the chain that holds it; may be repeated",
                      true};
  return {
      {"ffs push",
       "CID",
       "Push a CidConfig; answers with the job.",
       "weir ffs push CID --set cold.repFactor=2 --watch",
       {instance_option, file, set, overrides, no_exec, follow_option, import},
       1,
       1,
       push},
      {"ffs config",
       "",
       "Show or change the default CidConfig.",
       "weir ffs config --set cold.repFactor=3",
       {instance_option, file, set},
       0,
       0,
       config},
  };
}

} // namespace weir::cli
