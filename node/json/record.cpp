#include "node/json/record.hpp"

#include "messages/types/record_states.hpp"
#include "storage/filecoin/address_text.hpp"

#include <algorithm>
#include <array>

namespace weir::json {

namespace {

constexpr std::array<std::string_view, 6> hidden{"transferToken", "hash",        "params",
                                                 "signedMessage", "requestHash", "answer"};

std::string_view to_string(message_state s) {
  constexpr std::array<std::string_view, 4> names{"intended", "sent", "landed", "failed"};
  return names.at(static_cast<std::size_t>(s));
}

/// Called by `fields` with each name and member.
template <class Record>
struct visitor {
  writer& w;

  template <class T>
  void operator()(std::string_view name, const T& v, std::uint32_t /* since */ = 1) {
    if (std::find(hidden.begin(), hidden.end(), name) != hidden.end())
      return;
    w.key(name);
    put(v);
  }

  void put(const std::string& v) { w.value(v); }
  template <std::integral T>
  void put(T v) {
    w.value(v);
  }
  void put(const cid& v) { write(w, v); }
  void put(const address& v) { write(w, v); }
  void put(epoch v) { write(w, v); }
  void put(const weir::problem& v) { write(w, v); }
  void put(const token_amount& v) { w.value(v.decimal()); }
  void put(unix_ms v) { w.value(v.value); }
  void put(deal_id v) { w.value(v.value); }
  void put(errc v) { w.value(weir::to_string(v)); }
  template <class Tag>
  void put(const strong<Tag, std::string>& v) {
    w.value(v.value);
  }
  template <class State>
  requires std::is_enum_v<State>
  void put(State v) { w.value(to_string(v)); }
  void put(const moment& m) {
    w.begin_object();
    w.member("state", to_string(static_cast<typename states_of<Record>::type>(m.state)));
    visitor{w}("at", m.at);
    visitor{w}("time", m.time);
    w.end_object();
  }
  void put(const rejection& r) { write(w, r); }
  template <class T>
  void put(const std::vector<T>& list) {
    w.begin_array();
    for (const auto& item : list)
      put(item);
    w.end_array();
  }
};

template <class Record>
void visit(writer& w, const Record& r) {
  visitor<Record> v{w};
  Record::fields(r, v);
}

} // namespace

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
