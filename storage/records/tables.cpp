#include "storage/records/tables.hpp"

#include <algorithm>
#include <array>

namespace weir::records {

namespace {

constexpr std::array<std::string_view, 27> names{"",
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
                                                 "cid-contents",
                                                 "ffs-instances",
                                                 "ffs-cids",
                                                 "ffs-jobs",
                                                 "ffs-logs",
                                                 "ffs-retrievals",
                                                 "content-selections",
                                                 "ffs-cid-jobs",
                                                 "ffs-open-jobs",
                                                 "ffs-due",
                                                 "ffs-webhooks",
                                                 "ffs-defaults"};

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

index_keys index_of(const ffs::cid_entry& e) {
  if (e.due() == no_epoch)
    return {};
  auto due = static_cast<std::uint64_t>(e.due().value);
  return {{ffs_due::id, encode_key(ffs_due::key_type{e.scheduler, due, e.instance, e.cid})}};
}

index_keys index_of(const ffs::job& j) {
  index_keys keys{{ffs_cid_jobs::id, encode_key(ffs_cid_jobs::key_type{j.instance, j.cid, j.id})}};
  if (!ffs::is_final(j.state))
    keys.push_back({ffs_open_jobs::id, encode_key(ffs_open_jobs::key_type{j.scheduler, j.id, j.instance})});
  return keys;
}

} // namespace weir::records
