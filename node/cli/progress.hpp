#pragma once
// How far something is: a bar with rate and time left on a terminal, a plain
// line now and then elsewhere. On standard error, so that output stays clean.
#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace weir::cli {

class progress {
public:
  using clock = std::chrono::steady_clock;

  /// `terminal`: the stream is one, and may be redrawn.
  progress(std::ostream& to, bool terminal, std::function<clock::time_point()> now = clock::now);
  ~progress(); ///< ends the line

  /// A new thing begins; the one before keeps its last line.
  void start(std::string label, std::uint64_t total);
  void update(std::uint64_t done, const std::string& detail = {});
  /// At once, for what may stay true for long.
  void show(const std::string& detail);
  /// The thing is done; `detail` stands behind its name.
  void finish(const std::string& detail = {});

private:
  std::string line(std::uint64_t done, const std::string& detail) const;
  void draw(const std::string& text);

  std::ostream& to_;
  bool terminal_;
  std::function<clock::time_point()> now_;
  std::string label_;
  std::uint64_t total_ = 0;
  clock::time_point began_;
  clock::time_point drawn_;
  bool open_ = false;
};

/// Whether standard error is a terminal that can be redrawn.
bool error_is_terminal();

} // namespace weir::cli
