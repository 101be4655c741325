#pragma once
// The client's own values out of the schema's and back, by one list of members each.
#include "adapters/rpc/client/instance.hpp"
#include "messages/rpc/weir.capnp.h"

namespace weir::client {

inline std::string text_of(capnp::Text::Reader t) {
  return {t.cStr(), t.size()};
}

template <class List>
std::vector<std::string> texts_of(List from) {
  std::vector<std::string> out;
  for (auto t : from)
    out.push_back(text_of(t));
  return out;
}
template <class List>
void fill_texts(List to, const std::vector<std::string>& from) {
  for (unsigned i = 0; i < from.size(); ++i)
    to.set(i, from[i].c_str());
}

cid_config read_config(wire::CidConfig::Reader from);
void fill_config(wire::CidConfig::Builder to, const cid_config& from);
job read_job(wire::Job::Reader from);
cid_info read_cid_info(wire::CidInfo::Reader from);
log_line read_log_line(wire::LogLine::Reader from);
instance_info read_instance_info(wire::InstanceInfo::Reader from);
quota read_quota(wire::Quota::Reader from);
void fill_quota(wire::Quota::Builder to, const quota& from);
wallet read_wallet(wire::Wallet::Reader from);
token read_token(wire::Token::Reader from);
webhook read_webhook(wire::Webhook::Reader from);
scheduler read_scheduler(wire::Scheduler::Reader from);

} // namespace weir::client
