// node and devnet: the commands that are processes of their own.
#include "adapters/devnet/devnet.hpp"
#include "node/cli/commands/shared.hpp"
#include "node/cli/units.hpp"
#include "node/json/writer.hpp"
#include "node/runtime/listeners.hpp"
#include "node/runtime/open_files.hpp"
#include "node/runtime/runtime.hpp"
#include "node/runtime/signals.hpp"
#include "storage/support/data_folder.hpp"
#include "storage/support/file.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace weir::cli {

namespace {

void log_to_stderr(const std::string& level) {
  auto log = spdlog::stderr_color_mt("weir");
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  log->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(log));
}

/// The file, then the command line over it.
result<node_options> options_of(const parsed& p) {
  node_options o;
  if (p.has("config")) {
    WEIR_TRY(auto text, read_small_file(p.get("config")));
    WEIR_TRY(auto values, parse_config(text));
    for (const auto& [name, value] : values)
      WEIR_CHECK(apply_setting(o, name, value));
  }
  for (const auto& s : settings())
    if (p.has(s.name))
      WEIR_CHECK(apply_setting(o, s.name, p.get(s.name)));
  return o;
}

void tell(context& c, const std::map<std::string, std::string>& addresses) {
  if (c.json()) {
    json::writer w;
    w.begin_object();
    for (const auto& [name, url] : addresses)
      w.member(name, url);
    w.end_object();
    return c.object(w.take());
  }
  for (const auto& [name, url] : addresses) {
    auto label = name;
    label.resize(10, ' ');
    c.line(label + url);
  }
  c.out() << std::flush;
}

int run_node(context& c) {
  auto options = options_of(c.given());
  if (!options)
    return c.fail(options.error());
  if (auto whole = check_options(*options); !whole)
    return c.fail(whole.error());
  hold_signals();
  allow_open_files();
  log_to_stderr(options->log_level);
  bool lonely = !options->devnet && options->chain.empty();
  auto node = runtime::start(std::move(*options));
  if (!node)
    return c.fail(node.error());
  tell(c, (*node)->addresses());
  if (lonely)
    c.note("This node has neither --devnet nor --chain: it stores, and makes no deals.");
  if (auto file = (*node)->admin_token_file(); !file.empty())
    c.note("The admin's token is in " + file + ".");
  wait_for_signal();
  spdlog::info("stopping");
  (*node)->stop();
  return 0;
}

result<devnet::options> devnet_options(const parsed& p, const data_folder& folder) {
  devnet::options o;
  o.folder = folder.devnet();
  WEIR_TRY(o.seed, parse_number(p.get("seed", "1")));
  WEIR_TRY(auto port, parse_number(p.get("port", "0")));
  if (port > 65535)
    return fail(errc::usage, "There is no such port.", p.get("port"), "65535");
  o.port = static_cast<std::uint16_t>(port);
  if (p.get("profile") == "real")
    o.limits = devnet::profile::real;
  auto mode = devnet::clock_mode_from(p.get("clock", "automatic"));
  if (!mode)
    return fail(errc::usage, "The clock is automatic, still or fast.", p.get("clock"));
  o.clock.mode = *mode;
  return o;
}

int run_devnet(context& c) {
  if (!c.given().has("data"))
    return c.fail(fail(errc::usage, "Say where the devnet keeps its chain: --data DIR."));
  hold_signals();
  log_to_stderr(c.given().get("log-level", "info"));
  auto folder = data_folder::open(c.given().get("data"));
  if (!folder)
    return c.fail(folder.error());
  auto options = devnet_options(c.given(), *folder);
  if (!options)
    return c.fail(options.error());
  auto net = devnet::devnet::start(std::move(*options));
  if (!net)
    return c.fail(net.error());
  std::map<std::string, std::string> addresses{{"rpc", (*net)->rpc_url()}, {"control", (*net)->control_url()}};
  if (auto written = write_addresses(folder->root(), addresses); !written)
    return c.fail(written.error());
  tell(c, addresses);
  wait_for_signal();
  remove_addresses(folder->root());
  (*net)->stop();
  return 0;
}

} // namespace

std::vector<command> process_commands() {
  std::vector<option> options;
  for (const auto& s : settings())
    options.push_back({s.name, s.argument, s.help});
  options.push_back({"config", "FILE", "read settings from this file (TOML or JSON) first"});
  return {
      {"node", "", "Run a node.", "weir node --data ~/weir --devnet", options, 0, 0, run_node},
      {"devnet",
       "",
       "Run a devnet alone: a simulated chain with eight storage providers.",
       "weir devnet --data ~/devnet",
       {{"data", "DIR", "folder of its chain and providers"},
        {"port", "PORT", "of RPC and control; 0 takes the last one or a free one"},
        {"seed", "NUMBER", "of its randomness, for a new folder"},
        {"profile", "NAME", "limits of its providers", false, {"small", "real"}},
        {"clock", "MODE", "how its clock runs", false, {"automatic", "still", "fast"}},
        {"log-level", "LEVEL", "trace, debug, info, warn, error or off"}},
       0,
       0,
       run_devnet},
  };
}

} // namespace weir::cli
