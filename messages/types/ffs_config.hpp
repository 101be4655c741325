#pragma once
// CidConfig: what the owner of an instance wants of a CID (seed 000). Three
// levels: the node's default, the instance's default, the one that was pushed.
// What contradicts itself is refused by `check`, one error a rule.
#include "messages/types/address.hpp"
#include "messages/types/ids.hpp"
#include "messages/types/result.hpp"
#include "messages/types/token_amount.hpp"

#include <optional>
#include <string>
#include <vector>

namespace weir::ffs {

struct hot_config {
  bool enabled = true;             ///< keep it in the hot layer
  bool allow_unfreeze = false;     ///< may be fetched from providers when the hot layer lacks it
  token_amount unfreeze_max_price; ///< attoFIL for one retrieval; 0: only what is free
  std::uint64_t add_timeout = 900; ///< seconds that the hot layer may take to find its blocks

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("enabled", s.enabled);
    v("allowUnfreeze", s.allow_unfreeze);
    v("unfreezeMaxPrice", s.unfreeze_max_price);
    v("addTimeout", s.add_timeout);
  }
  friend bool operator==(const hot_config&, const hot_config&) = default;
};

struct cold_config {
  bool enabled = true;                     ///< make deals
  std::uint32_t rep_factor = 1;            ///< active deals with different providers
  epoch_delta deal_min_duration = 518'400; ///< epochs (180 days)
  std::vector<address> excluded_miners;
  std::vector<address> trusted_miners;    ///< first, if they fit
  std::vector<std::string> country_codes; ///< ISO 3166-1 alpha-2; empty: everywhere
  bool renew = false;                     ///< a deal near its end gets a successor
  epoch_delta renew_threshold = 0;        ///< epochs before the end; > 0 with renew
  address wallet;                         ///< who pays: an address of the instance; empty: its default
  token_amount max_price;                 ///< attoFIL per GiB and epoch; 0: the operator's limit alone
  bool fast_retrieval = true;             ///< the provider keeps an unsealed copy
  epoch_delta deal_start_offset = 8'640;  ///< epochs until a deal must be active (72 h)
  bool verified_deal = false;             ///< with DataCap
  bool share_piece = false;               ///< may travel in one piece with others, on the node's own terms
  epoch_delta deal_timeout = 0;           ///< epochs that a job waits for its deals; 0: until their start

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("enabled", s.enabled);
    v("repFactor", s.rep_factor);
    v("dealMinDuration", s.deal_min_duration);
    v("excludedMiners", s.excluded_miners);
    v("trustedMiners", s.trusted_miners);
    v("countryCodes", s.country_codes);
    v("renew", s.renew);
    v("renewThreshold", s.renew_threshold);
    v("address", s.wallet);
    v("maxPrice", s.max_price);
    v("fastRetrieval", s.fast_retrieval);
    v("dealStartOffset", s.deal_start_offset);
    v("verifiedDeal", s.verified_deal);
    v("sharePiece", s.share_piece);
    v("dealTimeout", s.deal_timeout);
  }
  friend bool operator==(const cold_config&, const cold_config&) = default;
};

struct cid_config {
  hot_config hot;
  cold_config cold;
  bool repairable = false; ///< looked at again by itself, and brought back to what is wanted

  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("hot", s.hot);
    v("cold", s.cold);
    v("repairable", s.repairable);
  }
  friend bool operator==(const cid_config&, const cid_config&) = default;
};

/// What the operator lets configs ask for.
struct config_limits {
  epoch_delta least_duration = 518'400; ///< epochs; the chain takes no shorter deal
  std::uint32_t most_copies = 100;
  std::size_t most_listed = 1'000; ///< miners or countries in one list
};

/// errc::invalid_argument with the rule in words, the value and the limit.
/// What is switched off is not looked at, except where it contradicts what is on.
status check(const cid_config& config, const config_limits& limits = {});

/// The config that a push means: its own, else the instance's default.
inline cid_config wanted_config(const std::optional<cid_config>& pushed, const cid_config& instance_default) {
  return pushed.value_or(instance_default);
}

/// errc::precondition when the CID has another config and the push does not say that it overrides it.
status check_override(const std::optional<cid_config>& present, const cid_config& wanted, bool overrides);

} // namespace weir::ffs
