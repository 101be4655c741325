#include "storage/support/crash_point.hpp"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <unistd.h>

namespace weir {

namespace detail {
constinit std::atomic<bool> crash_armed{false};
}

namespace {

constexpr std::size_t no_point = std::size(detail::crash_names);

struct crash_plan {
  std::size_t point = no_point;
  std::atomic<std::uint64_t> hits_left{0};
  std::uint64_t permille = 0;
  std::atomic<std::uint64_t> random{0};
};

constinit crash_plan plan;

std::uint64_t number(std::string_view text, std::uint64_t otherwise) {
  std::uint64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// SplitMix64: the same seed dies at the same hit.
std::uint64_t next_random(std::atomic<std::uint64_t>& state) {
  std::uint64_t z = state.fetch_add(0x9e3779b97f4a7c15) + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

[[noreturn]] void die(std::string_view name) {
  // One write(2), so that a test's log says where; nothing else is touched.
  std::string line{"crash point "};
  line.append(name).push_back('\n');
  [[maybe_unused]] auto ignored = ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(crash_exit_status);
}

void read_point(std::string_view text) {
  auto colon = text.find(':');
  plan.point = detail::crash_index(text.substr(0, colon));
  plan.hits_left = colon == text.npos ? 1 : number(text.substr(colon + 1), 1);
}

void read_random(std::string_view text) {
  auto colon = text.find(':');
  plan.random = number(text.substr(0, colon), 1);
  plan.permille = colon == text.npos ? 1 : number(text.substr(colon + 1), 1);
}

[[maybe_unused]] const bool armed_at_start = (arm_crash_points(), true);

} // namespace

void arm_crash_points() {
  plan.point = no_point;
  plan.permille = 0;
  if (const char* at = std::getenv("WEIR_CRASH_AT"))
    read_point(at);
  if (const char* random = std::getenv("WEIR_CRASH_RANDOM"))
    read_random(random);
  detail::crash_armed = plan.point != no_point || plan.permille != 0;
}

void detail::crash_hit(std::size_t index) {
  if (index == plan.point && plan.hits_left.fetch_sub(1) == 1)
    die(crash_names[index]);
  if (plan.permille != 0 && next_random(plan.random) % 1000 < plan.permille)
    die(crash_names[index]);
}

} // namespace weir
