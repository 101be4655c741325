#include "messages/types/ffs_config.hpp"

#include <algorithm>

namespace weir::ffs {

namespace {

error no(std::string words, std::string value = {}, std::string limit = {}) {
  return fail(errc::invalid_argument, std::move(words), std::move(value), std::move(limit));
}

template <class T>
std::size_t twice(std::vector<T> list) {
  std::sort(list.begin(), list.end());
  return static_cast<std::size_t>(list.end() - std::unique(list.begin(), list.end()));
}

bool is_country(const std::string& code) {
  return code.size() == 2 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

status check_hot(const hot_config& hot) {
  if (hot.enabled && hot.add_timeout == 0)
    return no("hot.addTimeout: finding the blocks needs some seconds.", "0", "1");
  if (hot.unfreeze_max_price.negative())
    return no("hot.unfreezeMaxPrice cannot be negative.", hot.unfreeze_max_price.decimal(), "0");
  if (!hot.unfreeze_max_price.zero() && !hot.allow_unfreeze)
    return no("hot.unfreezeMaxPrice means nothing without hot.allowUnfreeze.", hot.unfreeze_max_price.decimal());
  return {};
}

template <class T>
status check_list(const std::string& name, const std::vector<T>& list, const config_limits& limits) {
  if (list.size() > limits.most_listed)
    return no(name + " is too long a list.", std::to_string(list.size()), std::to_string(limits.most_listed));
  return twice(list) == 0 ? status{} : no(name + " names something twice.");
}

status check_lists(const cold_config& cold, const config_limits& limits) {
  WEIR_CHECK(check_list("cold.excludedMiners", cold.excluded_miners, limits));
  WEIR_CHECK(check_list("cold.trustedMiners", cold.trusted_miners, limits));
  WEIR_CHECK(check_list("cold.countryCodes", cold.country_codes, limits));
  for (auto& code : cold.country_codes)
    if (!is_country(code))
      return no("cold.countryCodes are two capital letters (ISO 3166-1).", code, "CH");
  for (auto& miner : cold.trusted_miners)
    if (std::find(cold.excluded_miners.begin(), cold.excluded_miners.end(), miner) != cold.excluded_miners.end())
      return no("cold.trustedMiners: a miner cannot be trusted and excluded.");
  return {};
}

status check_times(const cold_config& cold, const config_limits& limits) {
  if (cold.deal_min_duration < limits.least_duration)
    return no("cold.dealMinDuration is too short.", std::to_string(cold.deal_min_duration),
              std::to_string(limits.least_duration));
  if (cold.deal_start_offset <= 0)
    return no("cold.dealStartOffset: a deal needs time until it starts.", std::to_string(cold.deal_start_offset), "1");
  if (cold.deal_timeout < 0)
    return no("cold.dealTimeout cannot be negative.", std::to_string(cold.deal_timeout), "0");
  return {};
}

status check_renewal(const cid_config& config) {
  auto& cold = config.cold;
  if (!cold.renew)
    return {};
  if (!cold.enabled)
    return no("cold.renew needs cold.enabled.");
  if (!config.hot.enabled)
    return no("cold.renew needs hot.enabled: the successor is made from the hot copy.");
  if (cold.renew_threshold <= 0)
    return no("cold.renewThreshold: epochs before the end are needed to renew.", std::to_string(cold.renew_threshold),
              "1");
  if (cold.renew_threshold >= cold.deal_min_duration)
    return no("cold.renewThreshold is not shorter than the deal.", std::to_string(cold.renew_threshold),
              std::to_string(cold.deal_min_duration));
  return {};
}

/// In a shared piece the deals are the node's: only their number can be wished for.
status check_sharing(const cold_config& cold) {
  if (!cold.share_piece)
    return {};
  if (!cold.excluded_miners.empty() || !cold.trusted_miners.empty() || !cold.country_codes.empty())
    return no("cold.sharePiece leaves the choice of miners to the node.");
  if (!cold.max_price.zero())
    return no("cold.sharePiece leaves the price to the node.", cold.max_price.decimal(), "0");
  if (cold.verified_deal || cold.renew || !cold.wallet.empty())
    return no("cold.sharePiece leaves DataCap, renewal and payment to the node.");
  return {};
}

} // namespace

status check(const cid_config& config, const config_limits& limits) {
  auto& cold = config.cold;
  WEIR_CHECK(check_hot(config.hot));
  WEIR_CHECK(check_renewal(config));
  if (!cold.enabled)
    return {};
  if (cold.rep_factor == 0 || cold.rep_factor > limits.most_copies)
    return no("cold.repFactor is a number of deals.", std::to_string(cold.rep_factor),
              "1 to " + std::to_string(limits.most_copies));
  if (cold.max_price.negative())
    return no("cold.maxPrice cannot be negative.", cold.max_price.decimal(), "0");
  WEIR_CHECK(check_times(cold, limits));
  WEIR_CHECK(check_lists(cold, limits));
  return check_sharing(cold);
}

status check_override(const std::optional<cid_config>& present, const cid_config& wanted, bool overrides) {
  if (!present || overrides || *present == wanted)
    return {};
  return fail(errc::precondition, "The CID has another config already; say that the push overrides it.");
}

} // namespace weir::ffs
