#pragma once
// Columns for people: left-aligned, as wide as their widest cell. Widths count
// code points, so that "…" is one.
#include <string>
#include <vector>

namespace weir::cli {

class table {
public:
  explicit table(std::vector<std::string> heads) { rows_.push_back(std::move(heads)); }
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }
  std::vector<std::string> lines() const;

private:
  std::vector<std::vector<std::string>> rows_;
};

/// Columns of a terminal that a text takes, about: its code points.
std::size_t width(const std::string& text);

} // namespace weir::cli
