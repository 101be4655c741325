#include "storage/blocks/pack_index_database.hpp"

#include <algorithm>

namespace weir {

using namespace pack_rows;

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

std::uint64_t pack_index::generation() const {
  return db_->recent.generation();
}

status pack_index::add_all(std::span<const entry> entries) {
  std::lock_guard lock{db_->mutex};
  if (!db_->waiting.empty()) // a pack is being added beside this
    WEIR_CHECK(flush(false));
  leveldb::WriteBatch batch;
  bool fresh = true;
  const auto now = generation();
  for (const auto& e : entries) {
    auto key = key_of(e.multihash);
    pack_places places;
    if (e.absent_at != now) {
      WEIR_TRY(places, db_->read(key));
    }
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

pack_totals pack_index::totals() const {
  return {db_->blocks, db_->bytes_held};
}

} // namespace weir
