#include "storage/blocks/pack_index.hpp"

#include "messages/types/varint.hpp"
#include "storage/blocks/place_cache.hpp"
#include "storage/records/engine.hpp"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <unordered_map>

namespace weir {

namespace {

// Keys: 'b' multihash -> places; 'p' pack -> its state; "t" -> totals.
constexpr char block_key = 'b';
constexpr char pack_key = 'p';
constexpr std::string_view totals_key = "t";
constexpr std::size_t cache_size = 32 << 20;
/// Larger batches stall LevelDB.
constexpr std::size_t batch_entries = 1000;

error from(const leveldb::Status& s) {
  return records::from_leveldb(s, "the index of the packs");
}

std::string key_of(bytes_view multihash) {
  return block_key + std::string{as_text(multihash)};
}

std::string key_of(std::uint32_t pack) {
  std::string key{pack_key};
  for (int shift = 24; shift >= 0; shift -= 8)
    key.push_back(static_cast<char>(pack >> shift));
  return key;
}

bytes encode(const pack_places& places) {
  bytes out;
  for (const auto& p : places) {
    put_varint(out, p.pack);
    put_varint(out, p.offset);
    put_varint(out, p.size);
  }
  return out;
}

result<pack_places> decode(std::string_view value) {
  pack_places places;
  for (auto in = as_bytes(value); !in.empty();) {
    auto pack = take_varint(in, 5), offset = take_varint(in, 10), size = take_varint(in, 5);
    if (!pack || !offset || !size || *pack > UINT32_MAX || *size > UINT32_MAX)
      return fail(errc::corrupt, "the index of the packs is damaged: rebuild it");
    places.push_back({static_cast<std::uint32_t>(*pack), *offset, static_cast<std::uint32_t>(*size)});
  }
  return places;
}

leveldb::Slice slice(const bytes& data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

} // namespace

struct pack_index::database {
  std::unique_ptr<const leveldb::FilterPolicy> filter{leveldb::NewBloomFilterPolicy(10)};
  std::unique_ptr<leveldb::Cache> cache{leveldb::NewLRUCache(cache_size)};
  std::unique_ptr<leveldb::DB> db; // goes before what it uses

  std::mutex mutex;                                     ///< of what waits to be written
  std::unordered_map<std::string, pack_places> waiting; ///< by key
  std::atomic<std::uint64_t> blocks{0}, bytes_held{0};
  mutable place_cache recent;

  result<pack_places> read(const std::string& key) const {
    std::string value;
    auto s = db->Get({}, key, &value);
    if (s.IsNotFound())
      return pack_places{};
    if (!s.ok())
      return from(s);
    return decode(value);
  }

  /// What is there, with what waits.
  result<pack_places> current(const std::string& key) const {
    if (auto it = waiting.find(key); it != waiting.end())
      return it->second;
    return read(key);
  }

  void count(const pack_places& before, const pack_places& after) {
    if (before.empty() && !after.empty()) {
      ++blocks;
      bytes_held += after[0].size;
    } else if (!before.empty() && after.empty()) {
      --blocks;
      bytes_held -= before[0].size;
    }
  }

  void put_totals(leveldb::WriteBatch& batch) const {
    bytes value;
    put_varint(value, blocks);
    put_varint(value, bytes_held);
    batch.Put({totals_key.data(), totals_key.size()}, slice(value));
  }

  /// `fresh`: nothing that had a place before has another one now.
  status write(leveldb::WriteBatch& batch, bool sync, bool fresh = false) {
    put_totals(batch);
    leveldb::WriteOptions how;
    how.sync = sync;
    auto s = db->Write(how, &batch);
    if (!fresh)
      recent.clear();
    return s.ok() ? status{} : status{from(s)};
  }
};

pack_index::pack_index(std::unique_ptr<database> db) : db_{std::move(db)} {}
pack_index::~pack_index() = default;

result<std::unique_ptr<pack_index>> pack_index::open(const std::filesystem::path& folder) {
  auto made = std::make_unique<database>();
  leveldb::Options how;
  how.create_if_missing = true;
  how.filter_policy = made->filter.get();
  how.block_cache = made->cache.get();
  how.compression = leveldb::kNoCompression; // digests do not compress
  how.max_open_files = 200;
  leveldb::DB* db = nullptr;
  auto opened = leveldb::DB::Open(how, folder.string(), &db);
  made->db.reset(db);
  if (!opened.ok())
    return from(opened);
  std::string value;
  if (auto s = db->Get({}, {totals_key.data(), totals_key.size()}, &value); s.ok()) {
    auto in = as_bytes(value);
    made->blocks = take_varint(in, 10).value_or(0);
    made->bytes_held = take_varint(in, 10).value_or(0);
  } else if (!s.IsNotFound()) {
    return from(s);
  }
  return std::unique_ptr<pack_index>{new pack_index{std::move(made)}};
}

result<pack_places> pack_index::find(bytes_view multihash) const {
  if (auto place = db_->recent.find(multihash))
    return pack_places{*place};
  const auto generation = db_->recent.generation();
  WEIR_TRY(auto places, db_->read(key_of(multihash)));
  if (places.size() == 1)
    db_->recent.insert(multihash, places[0], generation);
  return places;
}

status pack_index::add(bytes_view multihash, const pack_place& place) {
  std::lock_guard lock{db_->mutex};
  auto key = key_of(multihash);
  WEIR_TRY(auto places, db_->current(key));
  if (std::any_of(places.begin(), places.end(), [&](auto& p) { return p.pack == place.pack; }))
    return {}; // twice in one pack: the first is as good
  auto after = places;
  after.push_back(place);
  db_->count(places, after);
  db_->waiting[std::move(key)] = std::move(after);
  return db_->waiting.size() < batch_entries ? status{} : flush(false);
}

status pack_index::add_all(std::span<const entry> entries) {
  std::lock_guard lock{db_->mutex};
  if (!db_->waiting.empty()) // a pack is being added beside this
    WEIR_CHECK(flush(false));
  leveldb::WriteBatch batch;
  bool fresh = true;
  for (const auto& e : entries) {
    auto key = key_of(e.multihash);
    WEIR_TRY(auto places, db_->read(key));
    if (std::any_of(places.begin(), places.end(), [&](auto& p) { return p.pack == e.place.pack; }))
      continue;
    fresh = fresh && places.empty();
    auto after = places;
    after.push_back(e.place);
    db_->count(places, after);
    batch.Put(key, slice(encode(after)));
  }
  return db_->write(batch, false, fresh);
}

status pack_index::add_now(bytes_view multihash, const pack_place& place) {
  WEIR_CHECK(add(multihash, place));
  std::lock_guard lock{db_->mutex};
  return flush(false);
}

/// With the lock held.
status pack_index::flush(bool sync) {
  leveldb::WriteBatch batch;
  for (const auto& [key, places] : db_->waiting)
    batch.Put(key, slice(encode(places)));
  WEIR_CHECK(db_->write(batch, sync));
  db_->waiting.clear();
  return {};
}

status pack_index::commit(std::uint32_t pack, pack_state state) {
  std::lock_guard lock{db_->mutex};
  WEIR_CHECK(flush(false));
  leveldb::WriteBatch batch;
  batch.Put(key_of(pack), std::string(1, static_cast<char>(state)));
  return db_->write(batch, true);
}

result<pack_state> pack_index::state_of(std::uint32_t pack) const {
  std::string value;
  auto s = db_->db->Get({}, key_of(pack), &value);
  if (s.IsNotFound())
    return pack_state::unknown;
  if (!s.ok())
    return from(s);
  return value.size() == 1 && value[0] <= 2 ? static_cast<pack_state>(value[0]) : pack_state::unknown;
}

status pack_index::remove(bytes_view multihash, const pack_place& place) {
  std::lock_guard lock{db_->mutex};
  auto key = key_of(multihash);
  WEIR_TRY(auto places, db_->read(key));
  auto after = places;
  std::erase(after, place);
  if (after.size() == places.size())
    return {};
  db_->count(places, after);
  leveldb::WriteBatch batch;
  if (after.empty())
    batch.Delete(key);
  else
    batch.Put(key, slice(encode(after)));
  return db_->write(batch, false);
}

status pack_index::remove_pack(std::uint32_t pack) {
  std::lock_guard lock{db_->mutex};
  WEIR_CHECK(flush(false)); // what waits may be of this pack
  std::unique_ptr<leveldb::Iterator> at{db_->db->NewIterator({})};
  leveldb::WriteBatch batch;
  std::size_t in_batch = 0;
  for (at->Seek({&block_key, 1}); at->Valid() && at->key()[0] == block_key; at->Next()) {
    WEIR_TRY(auto places, decode({at->value().data(), at->value().size()}));
    auto after = places;
    std::erase_if(after, [&](auto& p) { return p.pack == pack; });
    if (after.size() == places.size())
      continue;
    db_->count(places, after);
    if (after.empty())
      batch.Delete(at->key());
    else
      batch.Put(at->key(), slice(encode(after)));
    if (++in_batch == batch_entries) {
      WEIR_CHECK(db_->write(batch, false));
      batch.Clear();
      in_batch = 0;
    }
  }
  if (!at->status().ok())
    return from(at->status());
  batch.Delete(key_of(pack));
  return db_->write(batch, true);
}

result<std::vector<std::uint32_t>> pack_index::packs() const {
  std::vector<std::uint32_t> found;
  std::unique_ptr<leveldb::Iterator> at{db_->db->NewIterator({})};
  for (at->Seek({&pack_key, 1}); at->Valid() && at->key()[0] == pack_key && at->key().size() == 5; at->Next()) {
    std::uint32_t id = 0;
    for (std::size_t i = 1; i < 5; ++i)
      id = id << 8 | static_cast<std::uint8_t>(at->key()[i]);
    found.push_back(id);
  }
  if (!at->status().ok())
    return from(at->status());
  return found;
}

status pack_index::for_each(const std::function<status(bytes_view, const pack_places&)>& visit) const {
  std::unique_ptr<leveldb::Iterator> at{db_->db->NewIterator({})};
  for (at->Seek({&block_key, 1}); at->Valid() && at->key()[0] == block_key; at->Next()) {
    WEIR_TRY(auto places, decode({at->value().data(), at->value().size()}));
    WEIR_CHECK(visit(as_bytes({at->key().data() + 1, at->key().size() - 1}), places));
  }
  if (!at->status().ok())
    return from(at->status());
  return {};
}

pack_totals pack_index::totals() const {
  return {db_->blocks, db_->bytes_held};
}

} // namespace weir
