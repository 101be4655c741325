#include "node/cli/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

namespace weir::cli {

namespace {

struct scaled {
  double number = 0;
  std::string_view unit;
};

/// A decimal number at the front, then whatever follows, without spaces between.
std::optional<scaled> take_number(std::string_view text) {
  scaled out;
  auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out.number, std::chars_format::fixed);
  if (wrong != std::errc{} || out.number < 0 || !std::isfinite(out.number))
    return std::nullopt;
  out.unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (out.unit.starts_with(' '))
    out.unit.remove_prefix(1);
  return out;
}

std::string formatted(const char* format, double number) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), format, number);
  return text.data();
}

} // namespace

result<std::uint64_t> parse_size(std::string_view text) {
  auto bad = fail(errc::invalid_argument, "A size is a number of bytes or has a unit, as in 4096, 64MiB or 1.5GiB.",
                  std::string{text});
  auto read = take_number(text);
  if (!read)
    return bad;
  constexpr std::string_view letters = "KMGTP";
  double factor = 1;
  auto unit = read->unit;
  if (!unit.empty() && unit != "B") {
    auto power = letters.find(unit[0]);
    auto rest = unit.substr(1);
    if (power == letters.npos || (!rest.empty() && rest != "iB" && rest != "i" && rest != "B"))
      return bad;
    factor = std::pow(rest == "B" ? 1000.0 : 1024.0, static_cast<double>(power + 1));
  }
  auto bytes = read->number * factor;
  if (bytes >= 9.0e18 || bytes != std::floor(bytes))
    return bad;
  return static_cast<std::uint64_t>(bytes);
}

result<epoch_delta> parse_duration(std::string_view text) {
  auto read = take_number(text);
  if (read) {
    struct unit {
      std::string_view name;
      double seconds;
    };
    constexpr std::array<unit, 12> units{{{"s", 1},
                                          {"sec", 1},
                                          {"m", 60},
                                          {"min", 60},
                                          {"h", 3600},
                                          {"d", 86400},
                                          {"day", 86400},
                                          {"days", 86400},
                                          {"w", 604800},
                                          {"epoch", epoch_seconds},
                                          {"epochs", epoch_seconds},
                                          {"e", epoch_seconds}}};
    for (const auto& u : units)
      if (u.name == read->unit && read->number * u.seconds < 1e12)
        return static_cast<epoch_delta>(std::ceil(read->number * u.seconds / static_cast<double>(epoch_seconds)));
  }
  return fail(errc::invalid_argument, "A duration has a unit, as in 90s, 30m, 2h, 2d or 10epochs.", std::string{text});
}

result<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t out = 0;
  auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (wrong != std::errc{} || end != text.data() + text.size())
    return fail(errc::invalid_argument, "This has to be a whole number.", std::string{text});
  return out;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024)
    return std::to_string(bytes) + " B";
  constexpr std::array<const char*, 6> units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto number = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (number >= 1023.95 && unit + 1 < units.size()) {
    number /= 1024;
    ++unit;
  }
  return formatted(number < 100 ? "%.1f " : "%.0f ", number) + units[unit];
}

std::string rate_text(double bytes_per_second) {
  return size_text(static_cast<std::uint64_t>(std::max(0.0, bytes_per_second))) + "/s";
}

std::string time_text(double seconds) {
  if (!(seconds < 360000))
    return "--:--";
  auto s = static_cast<long>(seconds + 0.5);
  std::array<char, 48> text{};
  if (s >= 3600)
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
  else
    std::snprintf(text.data(), text.size(), "%ld:%02ld", s / 60, s % 60);
  return text.data();
}

std::string epochs_text(epoch_delta epochs) {
  auto seconds = epochs * epoch_seconds;
  if (seconds < 120)
    return std::to_string(seconds) + "s";
  if (seconds < 7200)
    return std::to_string(seconds / 60) + "m";
  if (seconds < 172800)
    return std::to_string(seconds / 3600) + "h";
  auto hours = seconds / 3600 % 24;
  return std::to_string(seconds / 86400) + "d" + (hours ? " " + std::to_string(hours) + "h" : "");
}

std::string short_cid(std::string_view cid) {
  if (cid.size() <= 20)
    return std::string{cid};
  return std::string{cid.substr(0, 8)} + "…" + std::string{cid.substr(cid.size() - 6)};
}

} // namespace weir::cli
