// Reading the journal, folding its old part away, and erasing from it.
#include "storage/records/layout.hpp"
#include "storage/records/readers.hpp"
#include "storage/records/store_impl.hpp"

#include <set>

namespace weir::records {

namespace {

std::string place(revision rev) {
  return "journal/" + std::to_string(rev.value);
}

/// Walks the journal behind a revision; each step must be the next revision.
class journal_cursor {
public:
  journal_cursor(const std::shared_ptr<engine>& source, revision after)
      : expected_{after.value + 1}, raw_{source,
                                         checked(nullptr),
                                         std::string{layout::journal},
                                         {{}, big_endian(after)}} {}

  bool valid() const { return raw_.valid(); }
  void next() { raw_.next(); }

  /// `oldest` is read after the walk began: what it still has may be missing.
  result<committed> read(std::uint64_t oldest) {
    auto value = layout::unseal(raw_.full_key(), raw_.sealed());
    auto entry = value ? layout::decode_committed(*value) : std::nullopt;
    if (!entry)
      return layout::damaged("journal/" + printable_key(raw_.key()));
    if (entry->rev.value != expected_)
      return gap(oldest);
    ++expected_;
    return *std::move(entry);
  }

  status ended() const {
    return raw_.status().ok() ? status{} : status{from_leveldb(raw_.status(), place(revision{expected_}))};
  }

private:
  error gap(std::uint64_t oldest) const {
    if (expected_ < oldest)
      return fail(errc::compacted, "that part of the journal is no longer kept", std::to_string(expected_ - 1),
                  std::to_string(oldest));
    return fail(errc::corrupt, "the journal has a gap", place(revision{expected_}));
  }

  static std::string big_endian(revision rev) {
    std::string out;
    detail::put_big_endian(out, rev.value);
    return out;
  }

  std::uint64_t expected_;
  cursor raw_;
};

} // namespace

std::size_t size_of(const committed& c) {
  std::size_t size = sizeof c;
  for (auto& m : c.mutations)
    size += sizeof m + m.key.size() + (m.value ? m.value->size() : 0);
  for (auto& e : c.events) {
    size += sizeof e + e.subject.size() + e.owner.value.size();
    for (auto& [name, value] : e.fields)
      size += sizeof name * 2 + name.size() + value.size();
  }
  return size;
}

result<std::vector<committed_ptr>> record_store::read_log(revision after, log_limits limits) const {
  auto source = impl_->current();
  if (!source)
    return impl_->closed_because();
  std::vector<committed_ptr> found;
  std::size_t bytes = 0;
  journal_cursor at{source, after};
  auto first = impl_->oldest.load();
  if (after.value + 1 < first)
    return fail(errc::compacted, "that part of the journal is no longer kept", std::to_string(after.value),
                std::to_string(first));
  for (; at.valid() && found.size() < limits.count && (found.empty() || bytes < limits.bytes); at.next()) {
    WEIR_TRY(auto entry, at.read(first));
    bytes += size_of(entry);
    found.push_back(std::make_shared<committed>(std::move(entry)));
  }
  WEIR_CHECK(at.ended());
  return found;
}

result<revision> record_store::first_since(unix_ms since) const {
  auto low = impl_->oldest.load();
  auto high = impl_->head.load() + 1; // the first one is in [low, high]
  while (low < high) {
    auto middle = low + (high - low) / 2;
    WEIR_TRY(auto entry, read_log(revision{middle - 1}, {1, 1}));
    if (entry.empty() || entry.front()->time >= since)
      high = middle;
    else
      low = middle + 1;
  }
  return revision{low};
}

result<bool> record_store::superseded(table_id table, std::string_view key, revision at) const {
  auto source = impl_->current();
  if (!source)
    return impl_->closed_because();
  std::string after;
  detail::put_big_endian(after, at.value);
  cursor later{source, checked(nullptr), layout::history_prefix(table, key), {{}, after}};
  if (later.valid())
    return true;
  if (!later.status().ok())
    return from_leveldb(later.status(), "history of " + describe(table, key));
  return false;
}

result<std::vector<std::pair<table_id, std::string>>> record_store::changes_since(revision after,
                                                                                  std::size_t limit) const {
  std::set<std::pair<table_id, std::string>> found;
  for (;;) {
    WEIR_TRY(auto entries, read_log(after));
    if (entries.empty())
      return std::vector<std::pair<table_id, std::string>>{found.begin(), found.end()};
    for (auto& entry : entries)
      for (auto& m : entry->mutations)
        found.emplace(m.table, m.key);
    if (found.size() > limit)
      return fail(errc::too_large, "too many records changed; read the whole table", std::to_string(found.size()),
                  std::to_string(limit));
    after = entries.back()->rev;
  }
}

// The number goes first: a crash in between leaves entries that nobody is
// shown, and the next call finds them at the journal's front.
result<bool> record_store::retain(revision keep_from, std::size_t slice_size) {
  std::lock_guard folding{impl_->folding};
  std::lock_guard lock{impl_->writing};
  WEIR_TRY(auto target, impl_->writable());
  auto wanted = std::max(std::min(keep_from.value, impl_->head.load()), impl_->oldest.load());
  leveldb::WriteBatch batch;
  if (wanted != impl_->oldest) {
    engine::put_number(batch, "oldest", wanted);
    WEIR_CHECK(impl_->write(*target, batch, true));
    impl_->oldest = wanted;
    batch.Clear();
  }
  cursor at{target, checked(nullptr), std::string{layout::journal}, {}};
  auto end = layout::journal_key(revision{wanted});
  std::size_t dropped = 0;
  for (; at.valid() && at.full_key() < end && dropped < slice_size; at.next(), ++dropped) {
    auto value = layout::unseal(at.full_key(), at.sealed());
    auto entry = value ? layout::decode_committed(*value) : std::nullopt;
    batch.Delete(slice(at.full_key()));
    for (auto& m : entry ? entry->mutations : std::vector<mutation>{})
      batch.Delete(layout::history_key(m.table, m.key, entry->rev));
  }
  bool done = !at.valid() || at.full_key() >= end;
  if (!at.status().ok())
    return from_leveldb(at.status(), "journal");
  if (dropped != 0)
    WEIR_CHECK(impl_->write(*target, batch, false));
  return done;
}

namespace {

/// Takes out of one transaction what the rules name.
class eraser {
public:
  eraser(engine& source, const record_store::mutation_rule& mutations, const record_store::event_rule& events)
      : source_{source}, mutations_{mutations}, events_{events} {}

  status erase(committed entry, leveldb::WriteBatch& batch) {
    auto before = entry.mutations.size() + entry.events.size();
    std::vector<mutation> kept;
    for (auto& m : entry.mutations) {
      WEIR_TRY(auto named, names(m, entry.rev));
      if (named)
        batch.Delete(layout::history_key(m.table, m.key, entry.rev));
      else
        kept.push_back(std::move(m));
    }
    entry.mutations = std::move(kept);
    std::erase_if(entry.events, events_);
    if (entry.mutations.size() + entry.events.size() == before)
      return {};
    auto key = layout::journal_key(entry.rev);
    batch.Put(key, layout::seal(key, layout::encode_committed(entry)));
    return {};
  }

private:
  /// A deletion has no value of its own: what it deleted counts too.
  result<bool> names(const mutation& m, revision rev) {
    if (mutations_(m))
      return true;
    auto where = [&] { return "history of " + describe(m.table, m.key); };
    WEIR_TRY(auto data, source_.get(layout::history_key(m.table, m.key, rev), nullptr, where));
    auto image = data ? layout::decode_before(*data) : std::optional{layout::before_image{}};
    if (!image)
      return layout::damaged(where());
    return image->record && mutations_({m.table, m.key, std::move(image->record->value)});
  }

  engine& source_;
  const record_store::mutation_rule& mutations_;
  const record_store::event_rule& events_;
};

} // namespace

result<revision> record_store::erase_from_history(const mutation_rule& mutations, const event_rule& events,
                                                  revision after, std::size_t slice_size) {
  std::lock_guard folding{impl_->folding};
  std::lock_guard lock{impl_->writing};
  WEIR_TRY(auto target, impl_->writable());
  after.value = std::max(after.value, impl_->oldest - 1);
  leveldb::WriteBatch batch;
  eraser rules{*target, mutations, events};
  journal_cursor at{target, after};
  for (std::size_t seen = 0; at.valid() && seen < slice_size; at.next(), ++seen) {
    WEIR_TRY(auto entry, at.read(impl_->oldest));
    after = entry.rev;
    WEIR_CHECK(rules.erase(std::move(entry), batch));
  }
  WEIR_CHECK(at.ended());
  WEIR_CHECK(impl_->write(*target, batch, true));
  return after;
}

// LevelDB rewrites a table only where a younger one overlaps it. So what is in
// memory becomes a table first, and then two writes at the ends of all keys
// make one that overlaps everything.
status record_store::compact() {
  std::lock_guard lock{impl_->writing};
  WEIR_TRY(auto target, impl_->writable());
  auto first = slice(layout::ends[0]);
  target->db().CompactRange(&first, &first);
  leveldb::WriteBatch batch;
  for (auto end : layout::ends)
    batch.Put(slice(end), layout::seal(end, {}));
  WEIR_CHECK(impl_->write(*target, batch, true));
  target->db().CompactRange(nullptr, nullptr);
  return {};
}

} // namespace weir::records
