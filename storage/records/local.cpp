// Local tables: what only this node knows.
#include "storage/records/layout.hpp"
#include "storage/records/store_impl.hpp"

#include <algorithm>

namespace weir::records {

namespace {

status check_name(std::string_view table) {
  auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (table.empty() || table.size() > 64 || !std::ranges::all_of(table, allowed))
    return fail(errc::invalid_argument, "not the name of a local table", std::string{table});
  return {};
}

std::string place(std::string_view table, std::string_view key) {
  return "local " + std::string{table} + "/" + printable_key(key);
}

} // namespace

status record_store::local_write(std::span<const local_mutation> mutations, durability durable) {
  leveldb::WriteBatch batch;
  for (auto& m : mutations) {
    WEIR_CHECK(check_name(m.table));
    if (m.key.size() > max_key_size)
      return fail(errc::invalid_argument, "the key of a local record is too long", place(m.table, m.key),
                  std::to_string(max_key_size));
    auto key = layout::local_key(m.table, m.key);
    if (m.value)
      batch.Put(key, layout::seal(key, *m.value));
    else
      batch.Delete(key);
  }
  std::lock_guard lock{impl_->writing};
  WEIR_TRY(auto target, impl_->writable());
  return impl_->write(*target, batch, durable == durability::synced);
}

result<std::optional<std::string>> record_store::local_find(std::string_view table, std::string_view key) const {
  auto source = impl_->current();
  if (!source)
    return impl_->closed_because();
  return source->get(layout::local_key(table, key), nullptr, [&] { return place(table, key); });
}

status record_store::local_scan(std::string_view table, const scan_range& range, const local_visitor& visit) const {
  auto source = impl_->current();
  if (!source)
    return impl_->closed_because();
  cursor at{source, checked(nullptr), layout::local_key(table, {}), range};
  for (; at.valid(); at.next()) {
    auto value = layout::unseal(at.full_key(), at.sealed());
    if (!value)
      return layout::damaged(place(table, at.key()));
    if (!visit(at.key(), *value))
      return {};
  }
  if (!at.status().ok())
    return from_leveldb(at.status(), place(table, {}));
  return {};
}

} // namespace weir::records
