#pragma once
// The record store: shared records with their journal, and local records,
// durable, in one LevelDB.
//
// A shared transaction becomes one *revision* (1, 2, 3, …): its mutations are
// applied, and it is kept in the journal as watchers see it. With each
// mutation the store keeps the record as it was before, so that the state at
// any revision that the journal still has can be read: the newest record, or
// the oldest "before" that is newer than the revision. Folding old revisions
// away is therefore only dropping them; the newest records are the checkpoint.
//
// Every record carries a checksum over its key and value. A byte that flips
// is errc::corrupt with table and key, when it is read and in `check()`.
//
// Thread-safe. Writes wait for one another. Memory is bounded: two write
// buffers, the block cache and what a caller asks to be returned.
#include "messages/types/transaction.hpp"
#include "storage/records/reader.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::records {

/// Most of one transaction: bytes of keys and values, number of mutations.
inline constexpr std::size_t max_transaction_bytes = 16u << 20;
inline constexpr std::size_t max_transaction_mutations = 200'000;

/// One step of the store's format. `convert` gets every shared record and
/// returns its new value, or nothing to drop it; it may see a record twice
/// when the process dies in between.
struct migration {
  std::uint32_t to = 0;
  std::string_view what;
  std::function<result<std::optional<std::string>>(table_id, std::string_view key, std::string_view value)> convert;
};

/// All there are, in order; the last one's `to` is the format that is written.
std::span<const migration> built_in_migrations();
inline constexpr std::uint32_t first_format = 1;

struct store_options {
  std::size_t write_buffer = 32u << 20; ///< small ones cost a compaction every tenth of a second under load
  std::size_t block_cache = 32u << 20;
  std::span<const migration> migrations = built_in_migrations();
};

/// About what it takes in memory, bytes.
std::size_t size_of(const committed& c);

struct log_limits {
  std::size_t bytes = 1u << 20; ///< stops behind the entry that reaches it: at least one entry
  std::size_t count = 1000;
};

/// A write to a local table. Local tables have names, no revisions, no watchers.
struct local_mutation {
  std::string table; ///< letters, digits, '-'
  std::string key;
  std::optional<std::string> value; ///< none deletes
};

enum class durability {
  lazy,   ///< survives the process, not a power cut
  synced, ///< survives both
};

/// Something that `check()` found.
struct damage {
  std::string where; ///< "contents/…", "journal/12", "history of deals/…", "local uploads/…"
  std::string what;
};

using local_visitor = std::function<bool(std::string_view key, std::string_view value)>;

/// Transactions on their way to one write and one sync. It can be filled by
/// one thread while another writes the group before it.
class transaction_group {
public:
  ~transaction_group();
  transaction_group(const transaction_group&) = delete;

  /// Behind those that it has: a transaction sees them, and the group before.
  /// What is wrong with it is its answer when the group was written.
  void add(transaction t, unix_ms now);
  std::size_t size() const; ///< transactions

private:
  friend class record_store;
  struct impl;
  explicit transaction_group(std::unique_ptr<impl> parts);
  std::unique_ptr<impl> impl_;
};

class record_store {
public:
  /// Opens or makes it, migrates what is older. errc::data_in_use,
  /// errc::data_too_new, errc::corrupt, errc::disk_full, errc::io.
  static result<std::unique_ptr<record_store>> open(const std::filesystem::path& folder, store_options options = {});
  ~record_store();
  record_store(const record_store&) = delete;

  /// Newest revision; 0 when nothing was ever committed.
  revision head() const;
  /// Oldest revision that the journal has (or would have next).
  revision oldest() const;

  /// Commits each transaction or says why not, in order, each seeing those
  /// before it, with one write and one sync for all. errc::conflict: a
  /// precondition did not hold. errc::disk_full, errc::io: none of the group is
  /// there. errc::outcome_unknown: nobody can tell yet whether the group is there.
  std::vector<result<committed_ptr>> commit_group(std::vector<transaction> group, unix_ms now);
  /// The same in two steps. `before`: the group that was begun last, if it is
  /// not yet written; nothing is added to it any more. Groups are written in
  /// the order in which they were begun; when one cannot be written, those
  /// behind it have the same answer.
  std::shared_ptr<transaction_group> begin_group(const std::shared_ptr<transaction_group>& before = {});
  std::vector<result<committed_ptr>> write_group(transaction_group& group);
  result<committed_ptr> commit(transaction t, unix_ms now);

  /// The newest state. Never null; a store that cannot be read answers so when asked.
  std::shared_ptr<const reader> snapshot() const;
  /// The state right after that revision. errc::compacted (`limit`: the oldest
  /// revision there is), errc::invalid_argument for one that is not yet.
  result<std::shared_ptr<const reader>> view_at(revision at) const;

  /// Transactions after `after` (0: from the start) in order. Empty when there
  /// is none yet. errc::compacted (`limit`: the oldest revision there is).
  result<std::vector<committed_ptr>> read_log(revision after, log_limits limits = {}) const;
  /// First kept revision that was committed at `since` or later; the one to
  /// come when there is none. Clock steps backwards are passed over.
  result<revision> first_since(unix_ms since) const;
  /// Some transaction later than `at` wrote the record again.
  result<bool> superseded(table_id table, std::string_view key, revision at) const;
  /// The records that were written after `after`, each once, in the order of
  /// table and key. errc::compacted; errc::too_large over `limit` records.
  result<std::vector<std::pair<table_id, std::string>>> changes_since(revision after,
                                                                      std::size_t limit = 100'000) const;

  /// Folds everything before `keep_from` away, at most `slice` transactions a
  /// call; true when that is done. The newest transaction always stays.
  result<bool> retain(revision keep_from, std::size_t slice = 1000);

  /// Erases from the past what the rules name: versions of records (given as
  /// mutations that wrote them) and events. Decide by what never changes (key,
  /// owner), so that all versions of a record go. Looks at `slice` transactions
  /// after `after` and returns how far it came; call again until that is
  /// `head()`, then `compact()` takes the bytes off the disk. The records
  /// themselves are deleted by a transaction before.
  using mutation_rule = std::function<bool(const mutation&)>;
  using event_rule = std::function<bool(const event&)>;
  result<revision> erase_from_history(const mutation_rule& mutations, const event_rule& events, revision after = {},
                                      std::size_t slice = 1000);
  /// Writes the whole database anew without what was deleted: long, and commits wait.
  status compact();

  status local_write(std::span<const local_mutation> mutations, durability durable);
  result<std::optional<std::string>> local_find(std::string_view table, std::string_view key) const;
  /// In the order of keys.
  status local_scan(std::string_view table, const scan_range& range, const local_visitor& visit) const;

  /// Reads everything and returns what is damaged, at most `limit` things.
  result<std::vector<damage>> check(std::size_t limit = 1000) const;

private:
  struct impl;
  explicit record_store(std::unique_ptr<impl> parts);
  status write(transaction_group::impl& group);
  std::unique_ptr<impl> impl_;
};

} // namespace weir::records
