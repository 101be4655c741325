#include "node/cli/progress.hpp"

#include "node/cli/table.hpp"
#include "node/cli/units.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <unistd.h>

namespace weir::cli {

namespace {

constexpr std::size_t bar_width = 24;
constexpr std::size_t label_width = 12;
constexpr std::chrono::milliseconds redraw_every{100};
constexpr std::chrono::seconds say_every{5};

std::string bar(double part) {
  auto full = static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * bar_width + 0.5);
  std::string out;
  for (std::size_t i = 0; i < bar_width; ++i)
    out += i < full ? "█" : "░";
  return out;
}

std::string padded(std::string text, std::size_t columns) {
  auto have = width(text);
  if (have < columns)
    text.append(columns - have, ' ');
  return text;
}

} // namespace

progress::progress(std::ostream& to, bool terminal, std::function<clock::time_point()> now)
    : to_{to}, terminal_{terminal}, now_{std::move(now)} {}

progress::~progress() {
  if (open_ && terminal_)
    to_ << '\n' << std::flush;
}

void progress::start(std::string label, std::uint64_t total) {
  if (open_ && terminal_)
    to_ << '\n';
  label_ = std::move(label);
  total_ = total;
  began_ = now_();
  drawn_ = began_;
  open_ = false;
  if (terminal_)
    draw(line(0, {}));
}

std::string progress::line(std::uint64_t done, const std::string& detail) const {
  auto seconds = std::chrono::duration<double>(now_() - began_).count();
  auto rate = seconds > 0.2 ? static_cast<double>(done) / seconds : 0.0;
  std::string out = padded(label_, label_width);
  if (total_ > 0)
    out += " " + bar(static_cast<double>(done) / static_cast<double>(total_)) + " " + size_text(done) + " of "
           + size_text(total_);
  if (total_ > 0 && rate > 0) {
    out += "  " + rate_text(rate);
    if (done < total_)
      out += "  " + time_text(static_cast<double>(total_ - done) / rate) + " left";
  }
  return detail.empty() ? out : out + "  " + detail;
}

void progress::draw(const std::string& text) {
  if (terminal_)
    to_ << '\r' << text << "\x1b[K" << std::flush;
  else
    to_ << text << '\n' << std::flush;
  open_ = true;
  drawn_ = now_();
}

void progress::update(std::uint64_t done, const std::string& detail) {
  auto since = now_() - drawn_;
  if (terminal_ ? since >= redraw_every : since >= say_every)
    draw(line(done, detail));
}

void progress::show(const std::string& detail) {
  draw(line(0, detail));
}

void progress::finish(const std::string& detail) {
  draw(line(total_, detail));
  if (terminal_)
    to_ << '\n' << std::flush;
  open_ = false;
}

bool error_is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string{kind} != "dumb";
}

} // namespace weir::cli
