#include "adapters/rpc/client/fields.hpp"

#include <capnp/dynamic.h>

namespace weir::client {

namespace {

/// The enumerant's name in the schema.
template <class Enum>
std::string name_of(Enum value) {
  capnp::DynamicEnum e{Enum{value}};
  KJ_IF_MAYBE (known, e.getEnumerant())
    return known->getProto().getName().cStr();
  return "unknown";
}

hot_config read_hot(wire::HotConfig::Reader from) {
  return {from.getEnabled(), from.getAllowUnfreeze(), text_of(from.getUnfreezeMaxPrice()), from.getAddTimeout()};
}

cold_config read_cold(wire::ColdConfig::Reader from) {
  cold_config to;
  to.enabled = from.getEnabled();
  to.rep_factor = from.getRepFactor();
  to.deal_min_duration = from.getDealMinDuration();
  to.excluded_miners = texts_of(from.getExcludedMiners());
  to.trusted_miners = texts_of(from.getTrustedMiners());
  to.country_codes = texts_of(from.getCountryCodes());
  to.renew = from.getRenew();
  to.renew_threshold = from.getRenewThreshold();
  to.address = text_of(from.getAddress());
  to.max_price = text_of(from.getMaxPrice());
  to.fast_retrieval = from.getFastRetrieval();
  to.deal_start_offset = from.getDealStartOffset();
  to.verified_deal = from.getVerifiedDeal();
  to.share_piece = from.getSharePiece();
  to.deal_timeout = from.getDealTimeout();
  return to;
}

void fill_hot(wire::HotConfig::Builder to, const hot_config& from) {
  to.setEnabled(from.enabled);
  to.setAllowUnfreeze(from.allow_unfreeze);
  to.setUnfreezeMaxPrice(from.unfreeze_max_price.c_str());
  to.setAddTimeout(from.add_timeout);
}

void fill_cold(wire::ColdConfig::Builder to, const cold_config& from) {
  auto size = [](const auto& list) { return static_cast<unsigned>(list.size()); };
  to.setEnabled(from.enabled);
  to.setRepFactor(from.rep_factor);
  to.setDealMinDuration(from.deal_min_duration);
  fill_texts(to.initExcludedMiners(size(from.excluded_miners)), from.excluded_miners);
  fill_texts(to.initTrustedMiners(size(from.trusted_miners)), from.trusted_miners);
  fill_texts(to.initCountryCodes(size(from.country_codes)), from.country_codes);
  to.setRenew(from.renew);
  to.setRenewThreshold(from.renew_threshold);
  to.setAddress(from.address.c_str());
  to.setMaxPrice(from.max_price.c_str());
  to.setFastRetrieval(from.fast_retrieval);
  to.setDealStartOffset(from.deal_start_offset);
  to.setVerifiedDeal(from.verified_deal);
  to.setSharePiece(from.share_piece);
  to.setDealTimeout(from.deal_timeout);
}

} // namespace

cid_config read_config(wire::CidConfig::Reader from) {
  return {read_hot(from.getHot()), read_cold(from.getCold()), from.getRepairable()};
}

void fill_config(wire::CidConfig::Builder to, const cid_config& from) {
  fill_hot(to.initHot(), from.hot);
  fill_cold(to.initCold(), from.cold);
  to.setRepairable(from.repairable);
}

job read_job(wire::Job::Reader from) {
  job to;
  to.id = text_of(from.getId());
  to.instance = text_of(from.getInstance());
  to.cid = text_of(from.getCid());
  to.state = name_of(from.getState());
  to.step = name_of(from.getStep());
  to.why = name_of(from.getWhy());
  to.code = text_of(from.getErr().getCode());
  to.message = text_of(from.getErr().getMessage());
  to.config = read_config(from.getConfig());
  to.created = from.getCreated();
  to.started = from.getStarted();
  to.ended_at = from.getEnded();
  to.unfroze = from.getUnfroze();
  return to;
}

cid_info read_cid_info(wire::CidInfo::Reader from) {
  cid_info to;
  to.cid = text_of(from.getCid());
  to.config = read_config(from.getConfig());
  to.stored = from.getStored();
  to.hot = from.getHot().getEnabled();
  to.cold = from.getCold().getEnabled();
  to.hot_size = from.getHot().getSize();
  to.queued = text_of(from.getQueued());
  to.running = text_of(from.getRunning());
  to.latest = text_of(from.getLatest());
  return to;
}

log_line read_log_line(wire::LogLine::Reader from) {
  return {text_of(from.getCid()), text_of(from.getJob()), text_of(from.getMessage()), from.getTime()};
}

instance_info read_instance_info(wire::InstanceInfo::Reader from) {
  return {text_of(from.getId()),     text_of(from.getName()), text_of(from.getOwner()),  text_of(from.getScheduler()),
          text_of(from.getWallet()), from.getCreated(),       from.getLimits().getJobs()};
}

quota read_quota(wire::Quota::Reader from) {
  return {from.getBytes(), from.getJobs(), text_of(from.getSpend())};
}

void fill_quota(wire::Quota::Builder to, const quota& from) {
  to.setBytes(from.bytes);
  to.setJobs(from.jobs);
  to.setSpend(from.spend.c_str());
}

wallet read_wallet(wire::Wallet::Reader from) {
  return {text_of(from.getAddress()), text_of(from.getName()), text_of(from.getBalance()), from.getIsDefault()};
}

token read_token(wire::Token::Reader from) {
  token to{text_of(from.getName()), {}, from.getCreated(), from.getExpires(), from.getLastUse()};
  for (auto scope : from.getScopes())
    to.scopes.push_back(name_of(scope));
  return to;
}

webhook read_webhook(wire::Webhook::Reader from) {
  return {text_of(from.getId()),
          text_of(from.getUrl()),
          texts_of(from.getEvents()),
          name_of(from.getState()),
          from.getFailures(),
          text_of(from.getErr().getCode()),
          text_of(from.getErr().getMessage())};
}

scheduler read_scheduler(wire::Scheduler::Reader from) {
  return {text_of(from.getName()), text_of(from.getHot()), text_of(from.getSelector()), from.getParallel(),
          from.getOpenJobs()};
}

} // namespace weir::client
