#include "node/cli/options.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace weir::cli {

namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

const option* find_option(const command& c, std::string_view name) {
  for (const auto& o : c.options)
    if (o.name == name)
      return &o;
  for (const auto& o : common_options())
    if (o.name == name)
      return &o;
  return nullptr;
}

error unknown_option(const command& c, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& o : c.options)
    names.push_back(o.name);
  for (const auto& o : common_options())
    names.push_back(o.name);
  std::string message = "weir " + std::string{c.name} + " has no option --" + std::string{name} + ".";
  if (auto near = nearest(name, names); !near.empty())
    message += " Did you mean --" + near + "?";
  return fail(errc::usage, message, "--" + std::string{name});
}

status check_choice(const option& o, const std::string& v) {
  if (o.choices.empty() || std::find(o.choices.begin(), o.choices.end(), v) != o.choices.end())
    return {};
  std::string all;
  for (auto choice : o.choices)
    all += (all.empty() ? "" : ", ") + std::string{choice};
  return fail(errc::usage, "--" + std::string{o.name} + " is one of " + all + ".", v);
}

std::string usage_line(const command& c) {
  std::string line = "weir " + std::string{c.name};
  if (!c.arguments.empty())
    line += " " + std::string{c.arguments};
  return line;
}

status check_count(const command& c, std::size_t count) {
  if (count < c.least)
    return fail(errc::usage, "Something is missing. Usage: " + usage_line(c));
  if (count > c.most)
    return fail(errc::usage, "There are more arguments than this command takes. Usage: " + usage_line(c));
  return {};
}

void option_lines(std::string& out, std::span<const option> options) {
  for (const auto& o : options) {
    std::string left = "  --" + std::string{o.name};
    if (!o.argument.empty())
      left += " " + std::string{o.argument};
    left.resize(std::max<std::size_t>(left.size() + 2, 26), ' ');
    out += left + std::string{o.help} + "\n";
  }
}

} // namespace

std::span<const option> common_options() {
  static const std::array options{
      option{"api", "HOST:PORT", "the node's API; WEIR_API, or 127.0.0.1:3004"},
      option{"token", "TOKEN", "access token; WEIR_TOKEN"},
      option{"json", "", "one JSON object per line on standard output, nothing else"},
      option{"help", "", "this text"},
  };
  return options;
}

std::string parsed::get(std::string_view name, std::string otherwise) const {
  auto i = options.find(name);
  return i == options.end() || i->second.empty() ? std::move(otherwise) : i->second.back();
}

std::vector<std::string> parsed::all(std::string_view name) const {
  auto i = options.find(name);
  return i == options.end() ? std::vector<std::string>{} : i->second;
}

result<parsed> parse_arguments(const command& c, std::span<const std::string> words) {
  parsed out;
  bool only_arguments = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "-o")
      word = "--output";
    if (word == "-h")
      word = "--help";
    if (!only_arguments && word == "--") {
      only_arguments = true;
      continue;
    }
    if (only_arguments || word.size() < 2 || word[0] != '-') {
      out.arguments.push_back(words[i]);
      continue;
    }
    auto name = word.substr(word.starts_with("--") ? 2 : 1);
    auto equals = name.find('=');
    auto bare = name.substr(0, equals);
    const auto* o = find_option(c, bare);
    if (!o || !word.starts_with("--"))
      return unknown_option(c, bare);
    auto& values = out.options[std::string{bare}];
    if (!values.empty() && !o->repeated)
      return fail(errc::usage, "--" + std::string{bare} + " is given twice.");
    if (o->argument.empty()) {
      if (equals != name.npos)
        return fail(errc::usage, "--" + std::string{bare} + " takes no value.", std::string{name.substr(equals + 1)});
      values.emplace_back("true");
      continue;
    }
    if (equals == name.npos && i + 1 == words.size())
      return fail(errc::usage, "--" + std::string{bare} + " needs a value: " + std::string{o->argument} + ".");
    values.push_back(equals == name.npos ? words[++i] : std::string{name.substr(equals + 1)});
    WEIR_CHECK(check_choice(*o, values.back()));
  }
  if (!out.has("help"))
    WEIR_CHECK(check_count(c, out.arguments.size()));
  return out;
}

result<found_command> find_command(std::span<const command> commands, std::span<const std::string> words) {
  found_command best;
  for (const auto& c : commands) {
    std::size_t taken = 0;
    std::string_view rest = c.name;
    while (!rest.empty() && taken < words.size()) {
      auto word = rest.substr(0, rest.find(' '));
      if (words[taken] != word)
        break;
      ++taken;
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
    if (rest.empty() && taken > best.words)
      best = {&c, taken};
  }
  if (best.which)
    return best;
  std::vector<std::string_view> names;
  for (const auto& c : commands)
    names.push_back(c.name);
  auto typed = words.empty() ? std::string{} : words[0];
  if (words.size() > 1 && !words[1].starts_with("-")) {
    auto both = typed + " " + words[1];
    if (auto near = nearest(both, names); !near.empty())
      return fail(errc::usage, "There is no command '" + both + "'. Did you mean 'weir " + near + "'?", both);
  }
  std::string message = "There is no command '" + typed + "'.";
  std::vector<std::string_view> firsts;
  for (auto n : names)
    firsts.push_back(n.substr(0, n.find(' ')));
  auto group = std::find(firsts.begin(), firsts.end(), typed) != firsts.end();
  if (group) {
    message = "'weir " + typed + "' needs one more word:";
    for (auto n : names)
      if (n.starts_with(typed + " "))
        message += " " + std::string{n.substr(typed.size() + 1)};
    message += ".";
  } else if (auto near = nearest(typed, firsts); !near.empty()) {
    message += " Did you mean 'weir " + near + "'?";
  }
  return fail(errc::usage, message, typed);
}

std::string nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (auto candidate : candidates)
    if (auto d = distance(word, candidate); d < least) {
      least = d;
      best = candidate;
    }
  return std::string{best};
}

std::string help(const command& c) {
  std::string out = std::string{c.summary} + "\n\nUsage: " + usage_line(c);
  if (!c.options.empty())
    out += " [OPTION…]";
  out += "\n\nExample:\n  " + std::string{c.example} + "\n\nOptions:\n";
  option_lines(out, c.options);
  option_lines(out, common_options());
  return out + "\nExit status: 0 when it is done, 1 when it failed, 2 when the command line was not understood.\n";
}

std::string overview(std::span<const command> commands) {
  std::string out = "weir takes data in, keeps it hot, places it with Filecoin storage providers and gives it back "
                    "verified.\n\nUsage: weir COMMAND [ARGUMENT…] [OPTION…]\n\nCommands:\n";
  for (const auto& c : commands) {
    std::string left = "  " + std::string{c.name} + (c.arguments.empty() ? "" : " " + std::string{c.arguments});
    left.resize(std::max<std::size_t>(left.size() + 2, 40), ' ');
    out += left + std::string{c.summary} + "\n";
  }
  return out + "\n`weir COMMAND --help` shows its options and an example.\n";
}

} // namespace weir::cli
