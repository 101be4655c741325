#pragma once
// What a command is given: what was typed, the node, and where to write.
// With --json standard output has one JSON object per line and nothing else;
// progress and errors go to standard error.
#include "node/cli/client.hpp"
#include "node/cli/options.hpp"

#include <iosfwd>
#include <memory>

namespace weir::cli {

class context {
public:
  context(const command& c, parsed p, std::ostream& out, std::ostream& err);
  ~context();

  const parsed& given() const { return parsed_; }
  const std::string& argument(std::size_t i) const { return parsed_.arguments.at(i); }
  bool json() const { return json_; }
  client& node();

  /// A line on standard output, control characters escaped.
  void line(const std::string& text);
  /// One object of --json.
  void object(const std::string& json);
  void object(const json::value& v) { object(v.dump()); }
  /// A remark on standard error.
  void note(const std::string& text);
  std::ostream& out() { return out_; }
  std::ostream& err() { return err_; }

  /// Tells the error and gives its exit status.
  int fail(const error& e);
  template <class T>
  int done(const result<T>& r) {
    return r ? 0 : fail(r.error());
  }

private:
  const command& command_;
  parsed parsed_;
  bool json_;
  std::ostream& out_;
  std::ostream& err_;
  std::unique_ptr<client> client_;
};

/// Runs a whole command line (without the program's name); the exit status.
int run(std::vector<std::string> words, std::ostream& out, std::ostream& err);

/// All commands, in the order of the overview.
std::span<const command> commands();

/// Control characters and bytes that are not UTF-8 as \xNN: safe on a terminal.
std::string printable(std::string_view text);

} // namespace weir::cli
