#include "node/cli/completion.hpp"

#include <map>
#include <set>

namespace weir::cli {

namespace {

struct words {
  std::set<std::string> firsts;
  std::map<std::string, std::set<std::string>> seconds;
  std::map<std::string, std::string> options; ///< of each command, with dashes
};

words words_of(std::span<const command> commands) {
  words out;
  for (const auto& c : commands) {
    std::string name{c.name};
    auto space = name.find(' ');
    out.firsts.insert(name.substr(0, space));
    if (space != name.npos)
      out.seconds[name.substr(0, space)].insert(name.substr(space + 1));
    auto& options = out.options[name];
    for (const auto& o : c.options)
      options += " --" + std::string{o.name};
    for (const auto& o : common_options())
      options += " --" + std::string{o.name};
  }
  return out;
}

std::string joined(const std::set<std::string>& all) {
  std::string out;
  for (const auto& w : all)
    out += (out.empty() ? "" : " ") + w;
  return out;
}

std::string bash_script(const words& w) {
  std::string out = "_weir() {\n  local cur=${COMP_WORDS[COMP_CWORD]} one=${COMP_WORDS[1]} two=${COMP_WORDS[2]} list=\n"
                    "  if [ \"$COMP_CWORD\" = 1 ]; then list='"
                    + joined(w.firsts) + "'\n  elif [[ $cur == -* ]]; then\n    case \"$one $two\" in\n";
  for (const auto& [name, options] : w.options)
    out += "      '" + name + (name.find(' ') == name.npos ? " '*" : "'") + ") list='" + options + "' ;;\n";
  out += "    esac\n  elif [ \"$COMP_CWORD\" = 2 ]; then\n    case $one in\n";
  for (const auto& [first, seconds] : w.seconds)
    out += "      " + first + ") list='" + joined(seconds) + "' ;;\n";
  return out
         + "    esac\n  fi\n  [ -n \"$list\" ] && COMPREPLY=($(compgen -W \"$list\" -- \"$cur\"))\n}\n"
           "complete -o default -F _weir weir\n";
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text)
    out += c == '\'' ? std::string{"\\'"} : std::string{c};
  return out + "'";
}

std::string fish_script(std::span<const command> commands) {
  std::string out = "complete -c weir -f\n";
  for (const auto& c : commands) {
    std::string name{c.name};
    auto space = name.find(' ');
    auto first = name.substr(0, space);
    if (space == name.npos)
      out += "complete -c weir -n __fish_use_subcommand -a " + first + " -d " + quoted(c.summary) + "\n";
    else
      out += "complete -c weir -n __fish_use_subcommand -a " + first
             + "\ncomplete -c weir -n '__fish_seen_subcommand_from " + first + "' -a " + name.substr(space + 1) + " -d "
             + quoted(c.summary) + "\n";
    for (const auto& o : c.options)
      out += "complete -c weir -n '__fish_seen_subcommand_from " + first + "' -l " + std::string{o.name}
             + (o.argument.empty() ? "" : " -r") + " -d " + quoted(o.help) + "\n";
  }
  for (const auto& o : common_options())
    out += "complete -c weir -l " + std::string{o.name} + (o.argument.empty() ? "" : " -r") + " -d " + quoted(o.help)
           + "\n";
  return out + "complete -c weir -n '__fish_seen_subcommand_from add' -F\n";
}

} // namespace

result<std::string> completion_script(std::string_view shell, std::span<const command> commands) {
  if (shell == "bash")
    return bash_script(words_of(commands));
  if (shell == "zsh")
    return "#compdef weir\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(words_of(commands));
  if (shell == "fish")
    return fish_script(commands);
  return fail(errc::usage, "The shell is bash, zsh or fish.", std::string{shell});
}

} // namespace weir::cli
