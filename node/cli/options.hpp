#pragma once
// The command line as data: every command is one entry with its options, a
// sentence and an example. Parsing, help, "did you mean" and the completion
// of the shells all come from these tables.
#include "messages/types/result.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

struct option {
  std::string_view name;     ///< without the dashes
  std::string_view argument; ///< "NAME"; empty: a flag
  std::string_view help;
  bool repeated = false;
  std::vector<std::string_view> choices = {};
};

class context;

struct command {
  std::string_view name;      ///< "bucket create": words that select it
  std::string_view arguments; ///< "PATH…", for the help
  std::string_view summary;   ///< one sentence
  std::string_view example;   ///< a command line that works
  std::vector<option> options;
  std::size_t least = 0; ///< positional arguments
  std::size_t most = 0;
  int (*run)(context&) = nullptr; ///< exit status
};

/// Options that every command knows.
std::span<const option> common_options();

/// What was typed, checked against the command's table.
struct parsed {
  std::vector<std::string> arguments;
  std::map<std::string, std::vector<std::string>, std::less<>> options;

  bool has(std::string_view name) const { return options.find(name) != options.end(); }
  std::string get(std::string_view name, std::string otherwise = {}) const;
  std::vector<std::string> all(std::string_view name) const;
};

/// errc::usage names what was not understood and what is nearest to it.
result<parsed> parse_arguments(const command& c, std::span<const std::string> words);

/// The command that the first words name, and how many words that took.
/// errc::usage with the nearest command otherwise.
struct found_command {
  const command* which = nullptr;
  std::size_t words = 0;
};
result<found_command> find_command(std::span<const command> commands, std::span<const std::string> words);

/// The candidate with the smallest edit distance, when it is near enough to be a typo.
std::string nearest(std::string_view word, std::span<const std::string_view> candidates);

std::string help(const command& c);
std::string overview(std::span<const command> commands);

} // namespace weir::cli
