#include "messages/types/ask_summary.hpp"

#include <algorithm>

namespace weir {

token_amount median(std::vector<token_amount> amounts) {
  if (amounts.empty())
    return {};
  std::sort(amounts.begin(), amounts.end());
  auto middle = amounts.size() / 2;
  return amounts.size() % 2 == 1 ? amounts[middle] : (amounts[middle - 1] + amounts[middle]).divided_by(2);
}

void ask_survey::add(const provider& p) {
  if (!p.reachable)
    return;
  prices_.push_back(p.price);
  verified_.push_back(p.verified_price);
}

ask_summary ask_survey::summary() && {
  auto providers = static_cast<std::uint32_t>(prices_.size());
  return {providers, weir::median(std::move(prices_)), weir::median(std::move(verified_))};
}

} // namespace weir
