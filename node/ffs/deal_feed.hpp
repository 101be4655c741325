#pragma once
// In what order the deals of FFS changed last, of each instance and of all: a
// page of deal records costs what is on the page. Kept in memory, since the
// order is that of the wall clock and no key has it: made of one pass over the
// deals when somebody first asks, then of what the journal has since; about
// 250 bytes a deal. Any thread.
#include "messages/types/ffs_views.hpp"
#include "messages/types/transaction.hpp"
#include "storage/records/reader.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

namespace weir::ffs {

/// Transactions that are read to catch up; behind more than that it begins anew.
inline constexpr std::size_t max_caught_up = 20'000;
/// Records that a page with a filter looks at before it answers with what it has.
inline constexpr std::size_t max_deals_looked_at = 20'000;

class deal_feed {
public:
  /// The transactions behind a revision, some of them, in order; an error: not kept any more.
  using read_log = std::function<result<std::vector<committed_ptr>>(revision after)>;

  explicit deal_feed(read_log log) : log_{std::move(log)} {}

  /// Records as `r` has them. An empty instance: of all.
  result<page_of<deal_record>> page(const records::reader& r, const instance_id& of, const deal_filter& f);

private:
  /// Where a record stands: its last change, and its UUID among those of one moment.
  using place = std::pair<std::int64_t, std::string>;
  struct entry {
    place at;
    owner_id owner;
  };

  status catch_up(const records::reader& r);
  status begin_anew(const records::reader& r);
  status take(const records::reader& r, const deal& d);
  void forget(const std::string& uuid);
  /// Up to `limit` places behind `after`, of an owner or (empty) of all.
  std::vector<place> some(const owner_id& of, const std::optional<place>& after, bool newest_first,
                          std::size_t limit) const;
  static result<place> place_from(const std::string& text);

  read_log log_;
  mutable std::mutex lock_;
  std::optional<revision> at_; ///< nothing: nobody has asked yet
  std::set<place> all_;
  std::unordered_map<std::string, std::set<place>> of_owner_;
  std::unordered_map<std::string, entry> known_; ///< by UUID
};

} // namespace weir::ffs
