// version, completion, debug: what needs no node.
#include "node/cli/commands/shared.hpp"
#include "node/cli/completion.hpp"
#include "node/version.hpp"
#include "storage/support/crash_point.hpp"

namespace weir::cli {

namespace {

int version_command(context& c) {
  c.json() ? c.object("{\"version\":\"" + std::string{version()} + "\"}") : c.line("weir " + std::string{version()});
  return 0;
}

int completion(context& c) {
  auto text = completion_script(c.argument(0), commands());
  if (!text)
    return c.fail(text.error());
  c.out() << *text;
  return 0;
}

int crash_points(context& c) {
  for (auto name : crash_point_names())
    c.line(std::string{name});
  return 0;
}

} // namespace

std::vector<command> shell_commands() {
  return {
      {"completion",
       "bash|zsh|fish",
       "Print a script that completes weir's commands in a shell.",
       "weir completion bash > /etc/bash_completion.d/weir",
       {},
       1,
       1,
       completion},
      {"version", "", "Print the version.", "weir version", {}, 0, 0, version_command},
      {"debug crash-points",
       "",
       "List the named places at which a test can kill the node.",
       "weir debug crash-points",
       {},
       0,
       0,
       crash_points},
  };
}

} // namespace weir::cli
