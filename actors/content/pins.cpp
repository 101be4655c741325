#include "actors/content/pins.hpp"

#include "messages/types/varint.hpp"
#include "storage/ipld/links.hpp"

namespace weir {

namespace {

constexpr const char* pins_table = "pins";            // (owner, CID) → what it is
constexpr const char* changing_table = "pin-changes"; // holder → nothing: being made or taken away

using records::durability;
using records::local_mutation;

std::string encode_pin(const pin& p) {
  std::string out;
  put_varint(out, p.recursive ? 1 : 0);
  put_varint(out, static_cast<std::uint64_t>(p.created));
  put_varint(out, p.blocks);
  put_varint(out, p.bytes);
  return out + p.name;
}

result<pin> decode_pin(std::string_view key, std::string_view value) {
  auto bad = fail(errc::corrupt, "The record of a pin cannot be read.");
  auto parts = records::decode_key<std::tuple<std::string, cid>>(key);
  auto rest = as_bytes(value);
  auto recursive = take_varint(rest), created = take_varint(rest);
  auto blocks = take_varint(rest), bytes = take_varint(rest);
  if (!parts || !recursive || !created || !blocks || !bytes)
    return bad;
  pin p{owner_id{std::get<0>(*parts)}, std::get<1>(*parts), *recursive == 1, std::string{as_text(rest)}};
  p.created = static_cast<std::int64_t>(*created);
  p.blocks = *blocks;
  p.bytes = *bytes;
  return p;
}

std::string pin_key(const owner_id& owner, const cid& id) {
  return records::encode_key(std::tuple<std::string, cid>{owner.value, id});
}

content_id holder_of(const owner_id& owner, const cid& id) {
  return content_id{std::string{pin_holder_prefix} + pin_key(owner, id)};
}

} // namespace

result<std::optional<pin>> pin_set::find(const owner_id& owner, const cid& id) const {
  auto key = pin_key(owner, id);
  WEIR_TRY(auto value, records_->local_find(pins_table, key));
  if (!value)
    return std::optional<pin>{};
  WEIR_TRY(auto p, decode_pin(key, *value));
  return std::optional{std::move(p)};
}

status pin_set::put(const pin& p) {
  local_mutation m{pins_table, pin_key(p.owner, p.cid), encode_pin(p)};
  return records_->local_write({&m, 1}, durability::synced);
}

status pin_set::mark(const content_id& holder, bool changing) {
  local_mutation m{changing_table, holder.value, changing ? std::optional{std::string{}} : std::nullopt};
  return records_->local_write({&m, 1}, changing ? durability::synced : durability::lazy);
}

/// Each block is held first and put then, although it is here: whoever takes
/// it away in between has seen the hold, or the block is written again.
status pin_set::hold_all(const content_id& holder, pin& p, const on_progress& go_on) {
  held_sink sink{*ledger_, holder};
  auto take = [&](const cid& id, bytes_view block) -> status {
    if (go_on)
      WEIR_CHECK(go_on());
    return sink.put(id, block);
  };
  if (p.recursive) {
    WEIR_CHECK(for_each_block(p.cid, ledger_->blocks(), take));
  } else {
    WEIR_TRY(auto block, ledger_->blocks().get(p.cid));
    WEIR_CHECK(take(p.cid, block));
  }
  WEIR_CHECK(sink.commit());
  p.blocks = sink.blocks();
  p.bytes = sink.size();
  return {};
}

result<pin> pin_set::add(const add_pin& wanted, std::int64_t now, const on_progress& go_on) {
  WEIR_TRY(auto known, find(wanted.owner, wanted.cid));
  if (known && known->recursive && !wanted.recursive)
    return fail(errc::precondition, "It is pinned with all below it already; remove that pin first.",
                wanted.cid.text());
  pin p{wanted.owner, wanted.cid, wanted.recursive, wanted.name, known ? known->created : now};
  if (known && known->recursive == p.recursive) {
    p.blocks = known->blocks;
    p.bytes = known->bytes;
    WEIR_CHECK(put(p));
    return p;
  }
  auto holder = holder_of(p.owner, p.cid);
  WEIR_CHECK(mark(holder, true));
  auto done = hold_all(holder, p, go_on);
  if (done)
    done = put(p);
  if (!done && !known) // else some of it is held for nothing, until that pin goes
    (void)ledger_->release(holder);
  (void)mark(holder, false);
  if (!done)
    return done.error();
  return p;
}

status pin_set::remove(const remove_pin& wanted) {
  WEIR_TRY(auto known, find(wanted.owner, wanted.cid));
  if (!known)
    return fail(errc::not_found, "There is no such pin.", wanted.cid.text());
  auto holder = holder_of(wanted.owner, wanted.cid);
  WEIR_CHECK(mark(holder, true));
  local_mutation m{pins_table, pin_key(wanted.owner, wanted.cid), std::nullopt};
  WEIR_CHECK(records_->local_write({&m, 1}, durability::synced));
  WEIR_TRY([[maybe_unused]] auto dropped, ledger_->release(holder));
  return mark(holder, false);
}

result<pin_list> pin_set::list(const list_pins& wanted) const {
  pin_list found;
  status bad;
  auto after = wanted.after.empty() ? std::string{} : pin_key(wanted.after_owner, wanted.after);
  auto prefix = wanted.owner.value.empty() ? std::string{} : records::encode_prefix(wanted.owner.value);
  auto visit = [&](std::string_view key, std::string_view value) {
    auto p = decode_pin(key, value);
    if (!p) {
      bad = p.error();
      return false;
    }
    found.push_back(*std::move(p));
    return found.size() < wanted.limit;
  };
  WEIR_CHECK(records_->local_scan(pins_table, {prefix, after}, visit));
  WEIR_CHECK(bad);
  return found;
}

status pin_set::settle() {
  std::vector<content_id> changing;
  WEIR_CHECK(records_->local_scan(changing_table, {}, [&](std::string_view key, std::string_view) {
    changing.emplace_back(std::string{key});
    return true;
  }));
  for (auto& holder : changing) {
    auto key = holder.value.substr(std::string_view{pin_holder_prefix}.size());
    WEIR_TRY(auto stands, records_->local_find(pins_table, key));
    if (!stands) {
      WEIR_TRY([[maybe_unused]] auto dropped, ledger_->release(holder));
    }
    WEIR_CHECK(mark(holder, false));
  }
  return {};
}

} // namespace weir
