#pragma once
// The records of FFS as JSON, and a CidConfig out of JSON.
#include "messages/types/ffs.hpp"
#include "node/json/value.hpp"
#include "node/json/writer.hpp"

namespace weir::json {

void members(writer& w, const ffs::instance& r);
void members(writer& w, const ffs::job& r);
void members(writer& w, const ffs::cid_entry& r);
void members(writer& w, const ffs::log_line& r);
void members(writer& w, const ffs::retrieval& r);
void members(writer& w, const ffs::webhook& r);
void members(writer& w, const ffs::cid_config& r);
void members(writer& w, const ffs::quota& r);

/// What the object does not name stays as it is in `preset`. Amounts are
/// decimal strings of attoFIL, addresses text. errc::invalid_argument names the
/// member: one that is not known, or whose value does not fit.
result<ffs::cid_config> config_from(const value& from, ffs::cid_config preset);
result<ffs::quota> quota_from(const value& from, ffs::quota preset);

} // namespace weir::json
