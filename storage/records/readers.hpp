#pragma once
// The two kinds of reader (internal to storage/records): the newest state,
// and the state at an earlier revision.
#include "storage/records/engine.hpp"

#include <mutex>

namespace weir::records {

/// Holds a snapshot of LevelDB together with the database.
class pinned {
public:
  explicit pinned(std::shared_ptr<engine> source)
      : source_{std::move(source)}, snapshot_{source_->db().GetSnapshot()} {}
  pinned(const pinned&) = delete;
  ~pinned() { source_->db().ReleaseSnapshot(snapshot_); }

  const std::shared_ptr<engine>& source() const { return source_; }
  const leveldb::Snapshot* at() const { return snapshot_; }

private:
  std::shared_ptr<engine> source_;
  const leveldb::Snapshot* snapshot_;
};

/// The newest state when it was made.
class newest_reader : public reader {
public:
  /// `at` is not later than the state; which one it is exactly is read when it is asked for.
  newest_reader(std::shared_ptr<engine> source, revision at) : pin_{std::move(source)}, at_{at} {}

  revision at() const override;
  result<std::optional<raw_record>> find_raw(table_id table, std::string_view key) const override;
  status scan_raw(table_id table, const scan_range& range, const raw_visitor& visit) const override;

protected:
  pinned pin_;
  revision at_;

private:
  mutable std::once_flag asked_;
  mutable revision head_;
};

/// The state right after revision `at`.
class past_reader final : public newest_reader {
public:
  using newest_reader::newest_reader;

  /// errc::compacted, errc::invalid_argument.
  status reachable() const;

  revision at() const override { return at_; }
  result<std::optional<raw_record>> find_raw(table_id table, std::string_view key) const override;
  status scan_raw(table_id table, const scan_range& range, const raw_visitor& visit) const override;
};

/// Answers every question with the error that keeps the store closed.
class closed_reader final : public reader {
public:
  closed_reader(revision at, error why) : at_{at}, why_{std::move(why)} {}

  revision at() const override { return at_; }
  result<std::optional<raw_record>> find_raw(table_id, std::string_view) const override { return why_; }
  status scan_raw(table_id, const scan_range&, const raw_visitor&) const override { return why_; }

private:
  revision at_;
  error why_;
};

} // namespace weir::records
