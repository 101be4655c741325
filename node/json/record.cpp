#include "node/json/record.hpp"

#include "node/json/visitor.hpp"
#include "storage/filecoin/address_text.hpp"

namespace weir::json {

void members(writer& w, const content& r) {
  visit(w, r);
}
void members(writer& w, const bucket& r) {
  visit(w, r);
}
void members(writer& w, const piece& r) {
  visit(w, r);
}
void members(writer& w, const placement& r) {
  visit(w, r);
}
void members(writer& w, const deal& r) {
  visit(w, r);
}
void members(writer& w, const provider& r) {
  visit(w, r);
}
void members(writer& w, const selection& r) {
  visit(w, r);
}
void members(writer& w, const rejection& r) {
  visit(w, r);
}
void members(writer& w, const wallet_address& r) {
  visit(w, r);
}
void members(writer& w, const chain_message& r) {
  visit(w, r);
}
void members(writer& w, const access_token& r) {
  visit(w, r);
}

void write(writer& w, const cid& v) {
  w.value(v.empty() ? std::string{} : v.text());
}

void write(writer& w, const address& v) {
  w.value(v.empty() ? std::string{} : filecoin::to_text(v));
}

void write(writer& w, epoch v) {
  w.value(v.value);
}

void write(writer& w, const problem& v) {
  w.begin_object();
  w.member("code", weir::to_string(v.code));
  w.member("message", v.message);
  w.end_object();
}

} // namespace weir::json
