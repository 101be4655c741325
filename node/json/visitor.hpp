#pragma once
// How the list of fields of a record becomes JSON (internal to node/json; see record.hpp).
#include "messages/types/record_states.hpp"
#include "node/json/record.hpp"

#include <algorithm>
#include <array>
#include <concepts>

namespace weir::json {

/// Never shown: secrets, bytes of messages, and what other records show better.
inline constexpr std::array<std::string_view, 8> hidden_fields{"transferToken", "hash",   "params", "signedMessage",
                                                               "requestHash",   "answer", "secret", "terms"};

constexpr std::string_view to_string(message_state s) {
  constexpr std::array<std::string_view, 4> names{"intended", "sent", "landed", "failed"};
  return names.at(static_cast<std::size_t>(s));
}

/// Called by `fields` with each name and member.
template <class Record>
struct visitor {
  writer& w;

  template <class T>
  void operator()(std::string_view name, const T& v, std::uint32_t /* since */ = 1) {
    if (std::find(hidden_fields.begin(), hidden_fields.end(), name) != hidden_fields.end())
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
  void put(revision v) { w.value(v.value); }
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
  /// A struct inside: an object.
  template <class T>
  requires requires(const T& v, visitor& me) { T::fields(v, me); }
  void put(const T& v) {
    w.begin_object();
    T::fields(v, *this);
    w.end_object();
  }
};

template <class Record>
void visit(writer& w, const Record& r) {
  visitor<Record> v{w};
  Record::fields(r, v);
}

} // namespace weir::json
