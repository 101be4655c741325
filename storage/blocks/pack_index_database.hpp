#pragma once
// The LevelDB of the index of the packs, and how its rows look (internal to storage/blocks).
#include "messages/types/varint.hpp"
#include "storage/blocks/pack_index.hpp"
#include "storage/blocks/place_cache.hpp"
#include "storage/records/engine.hpp"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include <unordered_map>

namespace weir {

namespace pack_rows {

// Keys: 'b' multihash -> places; 'p' pack -> its state; "t" -> totals.
inline constexpr char block_key = 'b';
inline constexpr char pack_key = 'p';
inline constexpr std::string_view totals_key = "t";
inline constexpr std::size_t cache_size = 32 << 20;
/// Larger batches stall LevelDB.
inline constexpr std::size_t batch_entries = 1000;

inline error from(const leveldb::Status& s) {
  return records::from_leveldb(s, "the index of the packs");
}

inline std::string key_of(bytes_view multihash) {
  return block_key + std::string{as_text(multihash)};
}

std::string key_of(std::uint32_t pack);

bytes encode(const pack_places& places);

/// errc::corrupt.
result<pack_places> decode(std::string_view value);

inline leveldb::Slice slice(const bytes& data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

} // namespace pack_rows

struct pack_index::database {
  std::unique_ptr<const leveldb::FilterPolicy> filter{leveldb::NewBloomFilterPolicy(10)};
  std::unique_ptr<leveldb::Cache> cache{leveldb::NewLRUCache(pack_rows::cache_size)};
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
      return pack_rows::from(s);
    return pack_rows::decode(value);
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
    batch.Put({pack_rows::totals_key.data(), pack_rows::totals_key.size()}, pack_rows::slice(value));
  }

  /// `fresh`: nothing that had a place before has another one now.
  status write(leveldb::WriteBatch& batch, bool sync, bool fresh = false) {
    put_totals(batch);
    leveldb::WriteOptions how;
    how.sync = sync;
    auto s = db->Write(how, &batch);
    if (!fresh)
      recent.clear();
    return s.ok() ? status{} : status{pack_rows::from(s)};
  }
};

} // namespace weir
