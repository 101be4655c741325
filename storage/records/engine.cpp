#include "storage/records/engine.hpp"

#include "storage/records/layout.hpp"
#include "storage/records/table_files.hpp"

#include <cerrno>
#include <cstring>

namespace weir::records {

error from_leveldb(const leveldb::Status& s, std::string what) {
  auto text = s.ToString();
  if (s.IsCorruption())
    return fail(errc::corrupt, "the record store is damaged: " + text, std::move(what));
  // LevelDB keeps of the system's error only the text.
  for (int number : {ENOSPC, EDQUOT, EFBIG})
    if (text.find(std::strerror(number)) != text.npos)
      return fail(errc::disk_full, "the record store has no space left: " + text, std::move(what));
  if (text.find("lock ") != text.npos)
    return fail(errc::data_in_use, "the record store is used by another process", std::move(what));
  return fail(errc::io, "the record store could not be used: " + text, std::move(what));
}

result<std::shared_ptr<engine>> engine::open(const std::filesystem::path& folder, const store_options& options) {
  auto made = std::make_shared<engine>();
  made->filter_.reset(leveldb::NewBloomFilterPolicy(10));
  made->cache_.reset(leveldb::NewLRUCache(options.block_cache));
  leveldb::Options how;
  how.env = table_files();
  how.create_if_missing = true;
  how.paranoid_checks = true; // a damaged log is refused, not shortened in silence
  how.write_buffer_size = options.write_buffer;
  how.block_cache = made->cache_.get();
  how.filter_policy = made->filter_.get();
  how.max_open_files = 200;
  // Uncompressed, so that one flipped byte damages one record, not a block of them.
  how.compression = leveldb::kNoCompression;
  leveldb::DB* db = nullptr;
  auto opened = leveldb::DB::Open(how, folder.string(), &db);
  made->db_.reset(db);
  if (!opened.ok())
    return from_leveldb(opened, folder.string());
  return made;
}

leveldb::ReadOptions checked(const leveldb::Snapshot* at) {
  leveldb::ReadOptions how;
  how.verify_checksums = true;
  how.snapshot = at;
  return how;
}

result<std::optional<std::string>> engine::get_unsealed(std::string_view key, const leveldb::Snapshot* at) {
  std::string sealed;
  auto how = checked(at);
  auto s = db_->Get(how, slice(key), &sealed);
  if (s.IsCorruption()) {
    // Another record of the block may be the damaged one: ours has its own checksum.
    how.verify_checksums = false;
    how.fill_cache = false;
    auto again = db_->Get(how, slice(key), &sealed);
    if (!again.ok())
      return from_leveldb(s, {});
    s = again;
  }
  if (s.IsNotFound())
    return std::optional<std::string>{};
  if (!s.ok())
    return from_leveldb(s, {});
  auto value = layout::unseal(key, sealed);
  if (!value)
    return layout::damaged({});
  return std::optional{std::string{*value}};
}

result<std::uint64_t> engine::number(std::string_view name, const leveldb::Snapshot* at) {
  WEIR_TRY(auto text, get(layout::meta_key(name), at, [&] { return std::string{name}; }));
  if (!text)
    return std::uint64_t{0};
  wire_reader in{std::string_view{*text}};
  auto value = in.number();
  if (!in.complete())
    return layout::damaged(std::string{name});
  return value;
}

void engine::put_number(leveldb::WriteBatch& batch, std::string_view name, std::uint64_t value) {
  auto key = layout::meta_key(name);
  wire_writer out;
  out.number(value);
  batch.Put(key, layout::seal(key, out.take()));
}

cursor::cursor(std::shared_ptr<engine> source, const leveldb::ReadOptions& how, std::string base,
               const scan_range& range)
    : source_{std::move(source)}, prefix_{base + range.prefix}, base_size_{base.size()}, at_{source_->db().NewIterator(
                                                                                             how)} {
  auto after = base + range.after;
  if (range.after.empty() || after < prefix_) {
    at_->Seek(prefix_);
    return;
  }
  at_->Seek(after);
  if (at_->Valid() && view(at_->key()) == after)
    at_->Next();
}

bool cursor::valid() const {
  return at_->Valid() && at_->status().ok() && view(at_->key()).starts_with(prefix_);
}

} // namespace weir::records
