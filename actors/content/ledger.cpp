#include "actors/content/ledger.hpp"

#include "storage/support/crash_point.hpp"

#include <cstring>

namespace weir {

namespace {

using records::durability;
using records::local_mutation;

constexpr const char* holders_table = "block-holders"; // (multihash, content) → nothing
constexpr const char* holdings_table = "holdings";     // (content, multihash) → nothing
constexpr const char* uploads_table = "uploads";       // content → nothing

constexpr std::size_t slice = 256;

using pair_key = std::tuple<std::string, std::string>;

std::string key_of(std::string_view first, std::string_view second) {
  return records::encode_key(pair_key{std::string{first}, std::string{second}});
}

std::string text_of(const cid& id) {
  return std::string{as_text(id.multihash())};
}

} // namespace

status block_ledger::start_upload(const content_id& id) {
  local_mutation m{uploads_table, id.value, std::string{}};
  return records_->local_write({&m, 1}, durability::lazy);
}

status block_ledger::finish_upload(const content_id& id) {
  local_mutation m{uploads_table, id.value, std::nullopt};
  return records_->local_write({&m, 1}, durability::lazy);
}

status block_ledger::hold(const content_id& holder, const cid& id) {
  auto block = text_of(id);
  local_mutation rows[] = {{holders_table, key_of(block, holder.value), std::string{}},
                           {holdings_table, key_of(holder.value, block), std::string{}}};
  std::lock_guard lock{mutex_};
  return records_->local_write(rows, durability::lazy);
}

status block_ledger::sync() {
  local_mutation mark{uploads_table, "synced", std::nullopt};
  return records_->local_write({&mark, 1}, durability::synced);
}

result<bool> block_ledger::held_by_others(const std::string& block, const content_id& holder) const {
  bool others = false;
  auto own = key_of(block, holder.value);
  WEIR_CHECK(records_->local_scan(holders_table, {records::encode_prefix(block), {}},
                                  [&](std::string_view key, std::string_view) {
                                    others = key != own;
                                    return !others;
                                  }));
  return others;
}

result<std::vector<std::string>> block_ledger::some_held(const content_id& holder, std::size_t limit) const {
  std::vector<std::string> found;
  WEIR_CHECK(records_->local_scan(holdings_table, {records::encode_prefix(holder.value), {}},
                                  [&](std::string_view key, std::string_view) {
                                    auto parts = records::decode_key<pair_key>(key);
                                    if (parts)
                                      found.push_back(std::get<1>(*parts));
                                    return found.size() < limit;
                                  }));
  return found;
}

bool block_ledger::holds_anything(const content_id& holder) const {
  auto some = some_held(holder, 1);
  return some && !some->empty();
}

result<bool> block_ledger::held(bytes_view multihash) const {
  return held_by_others(std::string{as_text(multihash)}, {});
}

result<std::vector<content_id>> block_ledger::holders(const cid& block, std::size_t limit) const {
  std::vector<content_id> found;
  WEIR_CHECK(records_->local_scan(holders_table, {records::encode_prefix(text_of(block)), {}},
                                  [&](std::string_view key, std::string_view) {
                                    auto parts = records::decode_key<pair_key>(key);
                                    if (parts && !std::get<1>(*parts).starts_with(pin_holder_prefix))
                                      found.emplace_back(std::get<1>(*parts));
                                    return found.size() < limit;
                                  }));
  return found;
}

result<std::uint64_t> block_ledger::release(const content_id& holder) {
  std::uint64_t dropped = 0;
  for (bool any = false;; any = true) {
    std::lock_guard lock{mutex_};
    WEIR_TRY(auto held, some_held(holder, slice));
    if (held.empty()) {
      if (any && released_)
        released_();
      return dropped;
    }
    std::vector<local_mutation> rows;
    for (auto& block : held) {
      WEIR_TRY(bool others, held_by_others(block, holder));
      if (!others) {
        WEIR_CHECK(blocks_->remove(cid::v1(codec::raw, as_bytes(block))));
        ++dropped;
      }
      rows.push_back({holders_table, key_of(block, holder.value), std::nullopt});
      rows.push_back({holdings_table, key_of(holder.value, block), std::nullopt});
    }
    WEIR_CHECK(records_->local_write(rows, durability::lazy));
  }
}

result<content_id> block_ledger::next_holder(const content_id& after) const {
  content_id found;
  auto last_of = after.value.empty() ? std::string{} : records::encode_prefix(after.value) + '\xff';
  WEIR_CHECK(records_->local_scan(holdings_table, {{}, last_of}, [&](std::string_view key, std::string_view) {
    auto parts = records::decode_key<pair_key>(key);
    if (parts)
      found = content_id{std::get<0>(*parts)};
    return !parts || found == after;
  }));
  return found == after ? content_id{} : found;
}

result<std::uint64_t> block_ledger::release_removed(const records::reader& state,
                                                    const std::function<status()>& go_on) {
  std::uint64_t dropped = 0;
  for (content_id at;;) {
    WEIR_CHECK(go_on());
    WEIR_TRY(at, next_holder(at));
    if (at.value.empty())
      return dropped;
    WEIR_TRY(auto c, state.find<content>(at));
    if (!c || c->value.state != content_state::removed)
      continue; // a pin, or an upload that goes on
    WEIR_TRY(auto blocks, release(at));
    dropped += blocks;
  }
}

result<garbage> block_ledger::collect(const records::reader& state, const std::function<status()>& go_on) {
  garbage out;
  WEIR_TRY(out.blocks, release_removed(state, go_on));
  WEIR_CHECK(blocks_->for_each_loose([&](bytes_view multihash, std::uint64_t size) -> status {
    WEIR_CHECK(go_on());
    std::lock_guard lock{mutex_};
    WEIR_TRY(bool needed, held(multihash));
    if (needed)
      return {};
    ++out.blocks;
    out.bytes += size;
    return blocks_->remove(cid::v1(codec::raw, multihash));
  }));
  WEIR_TRY(auto packs, compact(go_on));
  out.packs = packs.packs;
  out.pack_bytes = packs.freed;
  return out;
}

result<store_compaction> block_ledger::compact(const std::function<status()>& go_on) {
  return blocks_->compact([this](bytes_view multihash) { return held(multihash); }, go_on);
}

status block_ledger::drop_leftovers(const records::reader& state) {
  std::vector<content_id> unfinished;
  WEIR_CHECK(records_->local_scan(uploads_table, {}, [&](std::string_view key, std::string_view) {
    unfinished.emplace_back(std::string{key});
    return true;
  }));
  for (auto& id : unfinished) {
    WEIR_TRY(auto record, state.find<content>(id));
    if (!record) {
      WEIR_TRY([[maybe_unused]] auto dropped, release(id));
    }
    WEIR_CHECK(finish_upload(id));
  }
  return {};
}

status held_sink::commit() {
  WEIR_CHECK(writer_->commit());
  if (references_)
    WEIR_CHECK(references_->commit());
  return ledger_.sync();
}

status held_sink::refer_to(const std::filesystem::path& file, std::uint64_t offset) {
  if (!references_)
    references_ = ledger_.blocks().references();
  WEIR_CHECK(references_->begin(file));
  referring_ = true;
  referred_to_ = offset;
  return {};
}

status held_sink::refer(const cid& id, std::uint64_t size, bool fresh) {
  auto at = std::exchange(referred_to_, referred_to_ + size);
  WEIR_CHECK(ledger_.hold(holder_, id));
  WEIR_CHECK(references_->add(id, at, static_cast<std::uint32_t>(size)));
  blocks_ += fresh ? 1 : 0;
  size_ += fresh ? size : 0;
  return {};
}

status held_sink::write(const cid& id, bytes_view block) {
  std::uint64_t first = 0;
  auto digest = id.digest();
  std::memcpy(&first, digest.data(), std::min(sizeof first, digest.size()));
  bool fresh = seen_.insert(first).second;
  if (referring_ && id.codec() == codec::raw)
    return refer(id, block.size(), fresh);
  if (!fresh && ledger_.blocks().has(id))
    return {};
  if (!packs_ && size_ >= pack_after_) {
    WEIR_CHECK(writer_->commit());
    writer_ = ledger_.blocks().pack_writer();
    packs_ = true;
  }
  WEIR_CHECK(ledger_.hold(holder_, id));
  WEIR_CHECK(writer_->put(id, block));
  if (!fresh)
    return {}; // on its way in a pack
  ++blocks_;
  size_ += block.size();
  return {};
}

} // namespace weir
