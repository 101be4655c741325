// Rows of the index of the packs, and what walks through all of them.
#include "storage/blocks/pack_index_database.hpp"

namespace weir {

namespace pack_rows {

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

} // namespace pack_rows

using namespace pack_rows;

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

} // namespace weir
