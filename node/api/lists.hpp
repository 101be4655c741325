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
inline void end_list(json::writer& w, const std::string& next, revision rev) {
  w.end_array().key("next");
  next.empty() ? w.null() : w.value(next);
  w.member("revision", rev.value).end_object();
}

/// A page of a table in the order of its keys. `keep` filters, `write` writes
/// one item, `name` is the text of a record's key. What the filter looks at
/// besides counts too, where `more` says so.
template <class R, class Keep, class Write, class Name>
result<std::string> list_page(const records::reader& r, const page& p,
                              const std::optional<typename records::table_of<R>::key_type>& after, Keep keep,
                              Write write, Name name, const std::function<std::size_t()>& more = {}) {
  json::writer w;
  begin_list(w);
  std::string next;
  std::size_t looked = 0, taken = 0;
  records::scan_range range{{}, after ? records::encode_key(*after) : std::string{}};
  std::string last;
  WEIR_CHECK(r.each<R>(
      [&](stored<R> record) {
        if (taken == p.limit || looked + (more ? more() : 0) >= max_looked_at) {
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
  end_list(w, next, r.at());
  return w.take();
}

} // namespace weir::api
