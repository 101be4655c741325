#pragma once
// LevelDB behind Weir's errors (internal to storage/records). Reads check
// LevelDB's own block checksums and ours of each value.
#include "storage/records/store.hpp"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include <memory>

namespace weir::records {

/// `what` is for people: what was being done, or the place of a record.
error from_leveldb(const leveldb::Status& s, std::string what);

inline leveldb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view view(const leveldb::Slice& s) {
  return {s.data(), s.size()};
}

/// An open database. Whoever reads holds it, so that it outlives the read.
class engine {
public:
  static result<std::shared_ptr<engine>> open(const std::filesystem::path& folder, const store_options& options);

  leveldb::DB& db() { return *db_; }

  /// The unsealed value. `where` names it in errc::corrupt.
  template <class Where>
  result<std::optional<std::string>> get(std::string_view key, const leveldb::Snapshot* at, Where where) {
    auto found = get_unsealed(key, at);
    if (!found && found.error().code == errc::corrupt)
      return fail(errc::corrupt, found.error().message, where());
    return found;
  }

  /// A number about the store; 0 when it was never written.
  result<std::uint64_t> number(std::string_view name, const leveldb::Snapshot* at = nullptr);
  static void put_number(leveldb::WriteBatch& batch, std::string_view name, std::uint64_t value);

private:
  result<std::optional<std::string>> get_unsealed(std::string_view key, const leveldb::Snapshot* at);

  std::unique_ptr<const leveldb::FilterPolicy> filter_;
  std::unique_ptr<leveldb::Cache> cache_;
  std::unique_ptr<leveldb::DB> db_; // goes before what it uses
};

/// Checked reads; a damaged block fails them instead of hiding its keys.
leveldb::ReadOptions checked(const leveldb::Snapshot* at);

/// Walks the keys with a prefix in order; see `scan_range`. `visit` gets the
/// key without `base`, and the sealed value.
class cursor {
public:
  cursor(std::shared_ptr<engine> source, const leveldb::ReadOptions& how, std::string base, const scan_range& range);

  bool valid() const;
  void next() { at_->Next(); }
  /// Without the base.
  std::string_view key() const { return view(at_->key()).substr(base_size_); }
  std::string_view full_key() const { return view(at_->key()); }
  std::string_view sealed() const { return view(at_->value()); }
  /// An error that ended the walk early.
  leveldb::Status status() const { return at_->status(); }

private:
  std::shared_ptr<engine> source_;
  std::string prefix_; ///< base and range prefix
  std::size_t base_size_;
  std::unique_ptr<leveldb::Iterator> at_;
};

} // namespace weir::records
