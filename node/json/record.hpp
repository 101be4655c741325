#pragma once
// The shared records as JSON, from the list of fields that each record has:
// the names are those of the list, states go by name, addresses as text,
// amounts as decimal strings of attoFIL, times as milliseconds since 1970.
// What is not there is -1 for an epoch, 0 for a deal's id and for a time, ""
// for a reference, and the code "none" for a problem. Secrets and the bytes of
// messages never appear.
#include "messages/types/records.hpp"
#include "node/json/writer.hpp"

namespace weir::json {

/// The members of a record, without the braces: callers may add their own.
void members(writer& w, const content& r);
void members(writer& w, const bucket& r);
void members(writer& w, const piece& r);
void members(writer& w, const placement& r);
void members(writer& w, const deal& r);
void members(writer& w, const provider& r);
void members(writer& w, const selection& r);
void members(writer& w, const rejection& r);
void members(writer& w, const wallet_address& r);
void members(writer& w, const chain_message& r);
void members(writer& w, const access_token& r);

template <class Record>
void write(writer& w, const Record& r) {
  w.begin_object();
  members(w, r);
  w.end_object();
}
template <class Record>
std::string to_json(const Record& r) {
  writer w;
  write(w, r);
  return w.take();
}

// Single values in the same form.
void write(writer& w, const cid& v);
void write(writer& w, const address& v);
void write(writer& w, epoch v);
void write(writer& w, const problem& v);

} // namespace weir::json
