#include "node/api/token_uses.hpp"

#include <spdlog/spdlog.h>

#include <charconv>

namespace weir::api {

namespace {

constexpr const char* table = "token-uses"; // hash → milliseconds since 1970
constexpr std::int64_t once_in = 60'000;    // ms

} // namespace

void token_uses::note(const std::string& hash, unix_ms now) {
  if (hash.empty())
    return;
  {
    std::lock_guard lock{mutex_};
    auto& last = written_[hash];
    if (now.value - last.value < once_in && now >= last)
      return;
    last = now;
  }
  records::local_mutation m{table, hash, std::to_string(now.value)};
  if (auto done = records_->local_write({&m, 1}, records::durability::lazy); !done)
    spdlog::warn("the use of a token could not be noted: {}", to_string(done.error()));
}

unix_ms token_uses::last(const std::string& hash) const {
  auto text = records_->local_find(table, hash);
  if (!text || !*text)
    return {};
  unix_ms time;
  std::from_chars((*text)->data(), (*text)->data() + (*text)->size(), time.value);
  return time;
}

} // namespace weir::api
