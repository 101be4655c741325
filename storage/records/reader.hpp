#pragma once
// Reads the shared records as they were at one revision. A reader is a value
// of that moment: it never changes, can be used from any thread, and should
// not be kept for long (it holds what later writes would have freed).
//
// Errors: errc::corrupt names table and key; errc::data_too_new; errc::io.
#include "storage/records/codec.hpp"
#include "storage/records/tables.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace weir::records {

struct raw_record {
  std::string value; ///< encoded
  revision rev;      ///< that last wrote it
};

/// Which keys a scan visits: those with the prefix, behind `after`.
struct scan_range {
  std::string prefix;
  std::string after; ///< encoded key, not visited itself; empty is from the start
};

/// Returns false to stop. The views live only during the call.
using raw_visitor = std::function<bool(std::string_view key, std::string_view value, revision rev)>;

class reader {
public:
  virtual ~reader() = default;

  /// The state is that of this revision, complete.
  virtual revision at() const = 0;
  virtual result<std::optional<raw_record>> find_raw(table_id table, std::string_view key) const = 0;
  virtual status scan_raw(table_id table, const scan_range& range, const raw_visitor& visit) const = 0;

  template <class R>
  result<std::optional<stored<R>>> find(const typename table_of<R>::key_type& key) const;

  /// errc::not_found when there is none.
  template <class R>
  result<stored<R>> get(const typename table_of<R>::key_type& key) const;

  /// In the order of keys, at most `limit`, behind `after` if that is given.
  template <class R>
  result<std::vector<stored<R>>> list(std::size_t limit = -1,
                                      const std::optional<typename table_of<R>::key_type>& after = {}) const;

  /// Every record whose key begins with `prefix` (see `encode_prefix`);
  /// `visit` takes a `stored<R>` and returns nothing, or false to stop.
  template <class R, class F>
  status each(F visit, const scan_range& range = {}) const;

  /// The keys of an index that begin with these parts:
  /// `keys<piece_deals>(piece_cid)`.
  template <class Index, class... Parts>
  result<std::vector<typename Index::key_type>> keys(const Parts&... parts) const;
};

namespace detail {

inline error at_place(error e, table_id table, std::string_view key) {
  if (e.value.empty() || e.code == errc::corrupt)
    e.value = describe(table, key);
  return e;
}

template <class R>
result<stored<R>> decode_stored(std::string_view key, std::string_view value, revision rev) {
  auto record = decode<R>(value);
  if (!record)
    return at_place(std::move(record).error(), table_of<R>::id, key);
  return stored<R>{*std::move(record), rev};
}

} // namespace detail

template <class R>
result<std::optional<stored<R>>> reader::find(const typename table_of<R>::key_type& key) const {
  auto encoded = encode_key(key);
  WEIR_TRY(auto raw, find_raw(table_of<R>::id, encoded));
  if (!raw)
    return std::optional<stored<R>>{};
  WEIR_TRY(auto record, detail::decode_stored<R>(encoded, raw->value, raw->rev));
  return std::optional{std::move(record)};
}

template <class R>
result<stored<R>> reader::get(const typename table_of<R>::key_type& key) const {
  WEIR_TRY(auto record, find<R>(key));
  if (!record)
    return fail(errc::not_found, "there is no such record", describe(table_of<R>::id, encode_key(key)));
  return *std::move(record);
}

template <class R, class F>
status reader::each(F visit, const scan_range& range) const {
  status failed;
  WEIR_CHECK(scan_raw(table_of<R>::id, range, [&](std::string_view key, std::string_view value, revision rev) {
    auto record = detail::decode_stored<R>(key, value, rev);
    if (!record) {
      failed = std::move(record).error();
      return false;
    }
    if constexpr (std::is_void_v<decltype(visit(*std::move(record)))>) {
      visit(*std::move(record));
      return true;
    } else
      return visit(*std::move(record));
  }));
  return failed;
}

template <class R>
result<std::vector<stored<R>>> reader::list(std::size_t limit,
                                            const std::optional<typename table_of<R>::key_type>& after) const {
  std::vector<stored<R>> found;
  if (limit == 0)
    return found;
  auto take = [&](stored<R> record) {
    found.push_back(std::move(record));
    return found.size() < limit;
  };
  WEIR_CHECK(each<R>(take, {{}, after ? encode_key(*after) : std::string{}}));
  return found;
}

template <class Index, class... Parts>
result<std::vector<typename Index::key_type>> reader::keys(const Parts&... parts) const {
  std::vector<typename Index::key_type> found;
  status failed;
  WEIR_CHECK(scan_raw(Index::id, {encode_prefix(parts...), {}}, [&](std::string_view key, std::string_view, revision) {
    auto parsed = decode_key<typename Index::key_type>(key);
    if (parsed)
      found.push_back(*std::move(parsed));
    else
      failed = fail(errc::corrupt, "an index has a key that is none", describe(Index::id, key));
    return parsed.has_value();
  }));
  if (!failed)
    return failed.error();
  return found;
}

} // namespace weir::records
