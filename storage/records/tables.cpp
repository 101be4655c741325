#include "storage/records/tables.hpp"

#include <algorithm>
#include <array>

namespace weir::records {

namespace {

constexpr std::array<std::string_view, 16> names{"",
                                                 "contents",
                                                 "buckets",
                                                 "pieces",
                                                 "placements",
                                                 "deals",
                                                 "providers",
                                                 "selections",
                                                 "wallets",
                                                 "chain-messages",
                                                 "tokens",
                                                 "idempotency",
                                                 "piece-contents",
                                                 "piece-deals",
                                                 "bucket-contents",
                                                 "cid-contents"};

} // namespace

std::string_view table_name(table_id table) {
  auto number = static_cast<std::size_t>(table);
  return number < names.size() ? names[number] : std::string_view{};
}

table_id table_from_name(std::string_view name) {
  auto found = std::ranges::find(names, name);
  return found == names.end() ? table_id{} : static_cast<table_id>(found - names.begin());
}

std::string printable_key(std::string_view key) {
  bool plain = std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; });
  return plain ? std::string{key} : to_hex(as_bytes(key));
}

std::string describe(table_id table, std::string_view key) {
  return std::string{table_name(table)} + "/" + printable_key(key);
}

index_keys index_of(const content& c) {
  return {{cid_contents::id, encode_key(cid_contents::key_type{c.cid, c.id})},
          {bucket_contents::id, encode_key(bucket_contents::key_type{c.bucket, c.id})}};
}

index_keys index_of(const placement& p) {
  return {{piece_contents::id, encode_key(piece_contents::key_type{p.piece, p.content, p.part})}};
}

index_keys index_of(const deal& d) {
  return {{piece_deals::id, encode_key(piece_deals::key_type{d.piece, d.uuid})}};
}

} // namespace weir::records
