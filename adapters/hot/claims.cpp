#include "adapters/hot/claims.hpp"

#include "messages/types/varint.hpp"
#include "storage/records/key.hpp"

namespace weir::hot {

namespace {

constexpr const char* table = "hot-claims"; // (layer, CID, instance) → what is kept

using records::durability;
using records::local_mutation;

std::string encode(const claim& c) {
  std::string out;
  put_varint(out, (c.kept ? 1u : 0u) | (c.found ? 2u : 0u));
  put_varint(out, c.size);
  put_varint(out, static_cast<std::uint64_t>(c.since.value));
  return out;
}

std::optional<claim> decode(std::string_view text) {
  auto in = as_bytes(text);
  auto flags = take_varint(in), size = take_varint(in), since = take_varint(in);
  if (!flags || !size || !since || !in.empty())
    return std::nullopt;
  return claim{*size, unix_ms{static_cast<std::int64_t>(*since)}, (*flags & 1) != 0, (*flags & 2) != 0};
}

error unreadable() {
  return fail(errc::corrupt, "The record of what a hot layer keeps cannot be read.");
}

} // namespace

std::string claim_book::key(const cid& id, const instance_id& who) const {
  return records::encode_key(std::tuple<std::string, cid, std::string>{layer_, id, who.value});
}

result<std::optional<claim>> claim_book::find(const cid& id, const instance_id& who) const {
  WEIR_TRY(auto value, records_->local_find(table, key(id, who)));
  if (!value)
    return std::optional<claim>{};
  auto c = decode(*value);
  return c ? result<std::optional<claim>>{c} : result<std::optional<claim>>{unreadable()};
}

status claim_book::each(const cid& id, const std::function<void(const claim&)>& visit) const {
  bool readable = true;
  // The key of an empty instance is the prefix of all.
  WEIR_CHECK(records_->local_scan(table, {key(id, instance_id{}), {}}, [&](std::string_view, std::string_view value) {
    auto c = decode(value);
    if (c)
      visit(*c);
    return readable = c.has_value();
  }));
  return readable ? status{} : status{unreadable()};
}

result<std::optional<claim>> claim_book::any(const cid& id) const {
  std::optional<claim> out;
  WEIR_CHECK(each(id, [&](const claim& c) {
    if (!out || c.kept)
      out = c;
  }));
  return out;
}

result<std::size_t> claim_book::count(const cid& id) const {
  std::size_t out = 0;
  WEIR_CHECK(each(id, [&](const claim&) { ++out; }));
  return out;
}

status claim_book::put(const cid& id, const instance_id& who, const claim& what) {
  local_mutation m{table, key(id, who), encode(what)};
  return records_->local_write({&m, 1}, durability::synced);
}

status claim_book::remove(const cid& id, const instance_id& who) {
  local_mutation m{table, key(id, who), std::nullopt};
  return records_->local_write({&m, 1}, durability::synced);
}

} // namespace weir::hot
