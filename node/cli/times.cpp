#include "node/cli/times.hpp"

#include <array>
#include <ctime>

namespace weir::cli {

std::string time_text(std::int64_t seconds_since_1970) {
  auto seconds = static_cast<std::time_t>(seconds_since_1970);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string epoch_time_text(epoch at, std::int64_t genesis_seconds) {
  return at == no_epoch ? std::string{} : time_text(genesis_seconds + at.value * epoch_seconds);
}

} // namespace weir::cli
