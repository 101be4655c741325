#pragma once
// Lists by key: {"items":[…],"next":KEY|null,"revision":N}. A filtered list
// looks at a bounded number of records; `next` goes on from there.
#include "node/api/call.hpp"
#include "node/json/record.hpp"

#include <functional>

namespace weir::api {

/// Records that a filtered list looks at before it answers with what it has.
inline constexpr std::size_t max_looked_at = 20'000;

/// Ends the list that `begin_list` began.
inline void begin_list(json::writer& w) {
  w.begin_object().key("items").begin_array();
}
template <class More>
void end_list(json::writer& w, const std::string& next, revision rev, More more) {
  w.end_array().key("next");
  next.empty() ? w.null() : w.value(next);
  w.member("revision", rev.value);
  more(w);
  w.end_object();
}
inline void end_list(json::writer& w, const std::string& next, revision rev) {
  end_list(w, next, rev, [](json::writer&) {});
}

/// A page of a table in the order of its keys. `keep` filters, `write` writes
/// one item, `name` is the text of a record's key. What the filter looks at
/// besides counts too, where `looked_besides` says so; `more` writes what else
/// the answer has besides its items.
template <class R, class Keep, class Write, class Name, class More = void (*)(json::writer&)>
result<std::string> list_page(
    const records::reader& r, const page& p, const std::optional<typename records::table_of<R>::key_type>& after,
    Keep keep, Write write, Name name, const std::function<std::size_t()>& looked_besides = {},
    More more = [](json::writer&) {}) {
  json::writer w;
  begin_list(w);
  std::string next;
  std::size_t looked = 0, taken = 0;
  records::scan_range range{{}, after ? records::encode_key(*after) : std::string{}};
  std::string last;
  WEIR_CHECK(r.each<R>(
      [&](stored<R> record) {
        if (taken == p.limit || looked + (looked_besides ? looked_besides() : 0) >= max_looked_at) {
          next = last;
          return false;
        }
        ++looked;
        last = name(record.value);
        if (keep(record.value)) {
          ++taken;
          write(w, record.value);
        }
        return true;
      },
      range));
  end_list(w, next, r.at(), more);
  return w.take();
}

} // namespace weir::api
