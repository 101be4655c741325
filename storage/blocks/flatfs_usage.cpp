// How much a flatfs holds, without counting it each time: Kubo's
// diskUsage.cache, written when the figure has moved by 1 % and at the end.
#include "storage/blocks/flatfs.hpp"

#include <charconv>
#include <cstdio>

#include <fcntl.h>

namespace weir {

namespace {

constexpr const char* usage_file = "diskUsage.cache";
constexpr std::string_view usage_key = "\"diskUsage\":";

std::optional<std::uint64_t> parse_usage(std::string_view json) {
  auto at = json.find(usage_key);
  if (at == json.npos || json.find('}') == json.npos) // or it was cut short
    return std::nullopt;
  auto digits = json.substr(at + usage_key.size());
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || value < 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

} // namespace

status flatfs::read_usage() {
  auto cached = read_small_file(root_ / usage_file, 4096);
  auto known = cached ? parse_usage(*cached) : std::nullopt;
  std::uint64_t total = known.value_or(0);
  if (!known)
    WEIR_CHECK(for_each([&](bytes_view, std::uint64_t size) {
      total += size;
      return status{};
    }));
  usage_ = total;
  usage_on_disk_ = known ? total : ~total;
  write_usage();
  return {};
}

void flatfs::change_usage(std::int64_t by) {
  auto now =
      usage_.fetch_add(static_cast<std::uint64_t>(by), std::memory_order_relaxed) + static_cast<std::uint64_t>(by);
  if (static_cast<std::int64_t>(now) < 0) // the cache was wrong
    usage_ = now = 0;
  auto before = usage_on_disk_.load();
  auto moved = now > before ? now - before : before - now;
  if (moved > now / 100)
    write_usage();
}

/// Not synced, and no error: it is an estimate that is made again if need be.
void flatfs::write_usage() {
  auto now = usage_.load();
  if (usage_on_disk_.exchange(now) == now)
    return;
  char text[96];
  auto size = std::snprintf(text, sizeof text, "{\"diskUsage\":%llu,\"accuracy\":\"initial-exact\"}\n",
                            static_cast<unsigned long long>(now));
  auto temp = root_ / ".temp" / ("usage-" + std::to_string(++next_temp_));
  auto fd = open_file(temp, O_WRONLY | O_CREAT | O_EXCL);
  if (!fd || !write_all(fd->get(), as_bytes({text, static_cast<std::size_t>(size)}), temp))
    return;
  (void)rename_file(temp, root_ / usage_file);
}

} // namespace weir
