#include "actors/pieces/block_index.hpp"

#include "messages/types/varint.hpp"

namespace weir {

namespace {

constexpr const char* table = "piece-blocks";
constexpr const char* indexed_table = "indexed-pieces"; // piece → nothing: it has rows
constexpr std::size_t slice = 1000;

using place_key = std::tuple<std::string, cid>; ///< multihash, piece

std::string text_of(const cid& block) {
  return std::string{as_text(block.multihash())};
}

} // namespace

status block_index::add(const cid& piece, const std::vector<entry>& entries) {
  std::vector<records::local_mutation> rows{{indexed_table, records::encode_key(piece), std::string{}}};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::string value;
    put_varint(value, entries[i].offset);
    put_varint(value, entries[i].length);
    rows.push_back({table, records::encode_key(place_key{text_of(entries[i].block), piece}), std::move(value)});
    bool last = i + 1 == entries.size();
    if (last || rows.size() >= slice) {
      WEIR_CHECK(records_->local_write(rows, last ? records::durability::synced : records::durability::lazy));
      rows.clear();
    }
  }
  return {};
}

status block_index::remove(const cid& piece) {
  auto mark = records::encode_key(piece);
  WEIR_TRY(auto known, records_->local_find(indexed_table, mark));
  if (!known)
    return {};
  std::vector<records::local_mutation> rows;
  status failed;
  auto look = [&](std::string_view key, std::string_view) {
    auto parts = records::decode_key<place_key>(key);
    if (parts && std::get<1>(*parts) == piece)
      rows.push_back({table, std::string{key}, std::nullopt});
    if (rows.size() < slice)
      return true;
    failed = records_->local_write(rows, records::durability::lazy);
    rows.clear();
    return failed.ok();
  };
  WEIR_CHECK(records_->local_scan(table, {}, look));
  WEIR_CHECK(failed);
  rows.push_back({indexed_table, std::move(mark), std::nullopt});
  return records_->local_write(rows, records::durability::lazy);
}

result<std::vector<block_place>> block_index::find(const cid& block) const {
  std::vector<block_place> found;
  auto prefix = records::encode_prefix(text_of(block));
  WEIR_CHECK(records_->local_scan(table, {prefix, {}}, [&](std::string_view key, std::string_view value) {
    auto parts = records::decode_key<place_key>(key);
    auto rest = as_bytes(value);
    auto offset = take_varint(rest);
    auto length = take_varint(rest);
    if (parts && offset && length)
      found.push_back({std::get<1>(*parts), *offset, *length});
    return true;
  }));
  return found;
}

} // namespace weir
