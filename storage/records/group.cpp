// Preconditions and before-images, one transaction after the other.
#include "storage/records/group_impl.hpp"

#include <utility>

namespace weir::records {

namespace {

status check_sizes(const transaction& t) {
  if (t.mutations.empty() && t.events.empty())
    return fail(errc::invalid_argument, "a transaction without mutations and events says nothing");
  if (t.mutations.size() > max_transaction_mutations)
    return fail(errc::too_large, "the transaction has too many mutations", std::to_string(t.mutations.size()),
                std::to_string(max_transaction_mutations));
  std::size_t bytes = 0;
  for (auto& m : t.mutations) {
    if (table_name(m.table).empty() || m.key.empty() || m.key.size() > max_key_size)
      return fail(errc::invalid_argument, "a mutation has no valid table or key", describe(m.table, m.key),
                  std::to_string(max_key_size));
    bytes += m.key.size() + (m.value ? m.value->size() : 0);
  }
  if (bytes > max_transaction_bytes)
    return fail(errc::too_large, "the transaction is too large", std::to_string(bytes),
                std::to_string(max_transaction_bytes));
  return {};
}

} // namespace

/// All reads come first, so that a transaction that fails leaves nothing in the batch.
result<committed_ptr> transaction_group::impl::apply(transaction t, unix_ms now) {
  if (closed)
    return *closed;
  WEIR_CHECK(check_sizes(t));
  for (auto& p : t.preconditions)
    WEIR_CHECK(check(p));
  for (auto& m : t.mutations)
    if (auto read = find(m.table, m.key); !read)
      return std::move(read).error();
  revision rev{++upto};
  auto made = std::make_shared<committed>(committed{rev, now, std::move(t.mutations), std::move(t.events)});
  for (auto& m : made->mutations)
    write(m, rev);
  put(layout::journal_key(rev), layout::encode_committed(*made));
  return committed_ptr{std::move(made)};
}

result<transaction_group::impl::entry*> transaction_group::impl::find(table_id table, const std::string& key) {
  auto place = layout::record_key(table, key);
  if (auto known = seen.find(place); known != seen.end())
    return &known->second;
  entry found;
  auto* last = before ? &before->impl_->seen : nullptr;
  if (auto known = last ? last->find(place) : seen.end(); last && known != last->end()) {
    found.at = known->second.at;
    found.kept = known->second.value;
  } else {
    WEIR_TRY(auto raw, newest->find_raw(table, key));
    if (raw) {
      found.at = raw->rev;
      found.kept = std::move(raw->value);
    }
  }
  auto& made = seen.emplace(std::move(place), std::move(found)).first->second;
  made.value = made.kept;
  return &made;
}

status transaction_group::impl::check(const precondition& p) {
  WEIR_TRY(auto* record, find(p.table, p.key));
  bool holds = p.must == precondition::rule::absent ? !record->at : record->at.has_value();
  if (holds && p.must == precondition::rule::unchanged)
    holds = *record->at == p.at;
  if (holds)
    return {};
  auto found = record->at ? "written at revision " + std::to_string(record->at->value) : "absent";
  return fail(errc::conflict, "a record is not as the transaction expects: it is " + found, describe(p.table, p.key));
}

/// `m` lives as long as the group.
void transaction_group::impl::write(const mutation& m, revision rev) {
  auto place = layout::record_key(m.table, m.key);
  auto& now = seen.at(place);
  if (std::exchange(now.written, rev) != rev) // a second mutation of it has the same "before"
    put(layout::history_key(m.table, m.key, rev), layout::encode_before(now.at, now.value));
  if (m.value) {
    put(place, layout::encode_record(*m.value, rev));
    now.at = rev;
    now.value = *m.value;
  } else {
    batch.Delete(place);
    now.at.reset();
  }
}

transaction_group::transaction_group(std::unique_ptr<impl> parts) : impl_{std::move(parts)} {}
transaction_group::~transaction_group() = default;

void transaction_group::add(transaction t, unix_ms now) {
  impl_->done.push_back(impl_->apply(std::move(t), now));
}

std::size_t transaction_group::size() const {
  return impl_->done.size();
}

} // namespace weir::records
