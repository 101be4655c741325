#pragma once
// Records in the form of the schema, from the list of fields that each has: a
// field is copied to the member of the same name. Secrets have no member.
#include "messages/rpc/weir.capnp.h"
#include "messages/types/ffs_views.hpp"
#include "messages/types/records.hpp"
#include "messages/types/transaction.hpp"

namespace weir::rpc {

void fill(wire::Content::Builder to, const content& r);
void fill(wire::Bucket::Builder to, const bucket& r);
void fill(wire::Piece::Builder to, const piece& r);
void fill(wire::Placement::Builder to, const placement& r);
void fill(wire::Deal::Builder to, const deal& r);
void fill(wire::Provider::Builder to, const provider& r);
void fill(wire::Selection::Builder to, const selection& r);
void fill(wire::Rejection::Builder to, const rejection& r);
void fill(wire::Problem::Builder to, const error& e);
void fill(wire::InstanceInfo::Builder to, const ffs::instance& r);
void fill(wire::Quota::Builder to, const ffs::quota& r);
void fill(wire::CidConfig::Builder to, const ffs::cid_config& r);
void fill(wire::CidInfo::Builder to, const ffs::cid_entry& r);
void fill(wire::Job::Builder to, const ffs::job& r);
void fill(wire::LogLine::Builder to, const ffs::log_line& r);
void fill(wire::Retrieval::Builder to, const ffs::retrieval& r);
void fill(wire::DealRecord::Builder to, const ffs::deal_record& r);
void fill(wire::Pinned::Builder to, const ffs::pinned& r);
void fill(wire::Token::Builder to, const access_token& r); ///< but its last use
void fill(wire::Webhook::Builder to, const ffs::webhook& r);
void fill(wire::ErrCause::Builder to, const ffs::err_cause& r);
void fill(wire::Scheduler::Builder to, const ffs::scheduler_view& r);

/// A record out of the schema's form, the same way. errc::invalid_argument names the field.
result<ffs::cid_config> config_from(wire::CidConfig::Reader from);
result<ffs::quota> quota_from(wire::Quota::Reader from);

/// `fill_list(results.initItems(n), records)`.
template <class List, class Records>
void fill_list(List to, const Records& records) {
  unsigned i = 0;
  for (const auto& r : records)
    fill(to[i++], r);
}

} // namespace weir::rpc
