#pragma once
// What the parts of `record_store` share (internal to storage/records).
#include "storage/records/engine.hpp"

#include <atomic>
#include <mutex>

namespace weir::records {

/// LevelDB must not be written to again after a failed write: the log may end
/// in half an entry, and what follows it would be lost at the next start. So
/// the first failure closes the store for writing, and it is opened anew as
/// soon as there is space and nobody reads.
struct record_store::impl {
  impl(std::filesystem::path where, store_options how) : folder{std::move(where)}, options{how} {}

  const std::filesystem::path folder;
  const store_options options;
  std::atomic<std::uint64_t> head{0};
  std::atomic<std::uint64_t> oldest{1};

  std::mutex writing; ///< one write at a time
  std::mutex folding; ///< one of `retain`, `erase_from_history` at a time

  /// First opening, with migrations.
  status open();
  /// Null while it cannot be opened.
  std::shared_ptr<engine> current() const;
  /// For writing, opened anew if the last write failed. Needs `writing`.
  result<std::shared_ptr<engine>> writable();
  /// Needs `writing`. After a failure nothing is written until the store was opened anew.
  status write(engine& to, leveldb::WriteBatch& batch, bool sync);
  error closed_because() const;
  /// The last write failed, and the store was not yet opened anew.
  bool failed() const;

private:
  result<std::shared_ptr<engine>> reopen();
  status read_numbers(engine& from);

  mutable std::mutex opening; ///< guards what follows
  std::shared_ptr<engine> engine_;
  bool failed_ = false;
  error why_;
};

/// Brings the records to the newest format. In migrate.cpp.
status migrate(const std::shared_ptr<engine>& target, std::span<const migration> steps);

} // namespace weir::records
