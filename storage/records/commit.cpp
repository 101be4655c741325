// Group commit: preconditions one after the other, one write, one sync.
#include "storage/records/layout.hpp"
#include "storage/records/readers.hpp"
#include "storage/records/store_impl.hpp"
#include "storage/support/crash_point.hpp"

#include <unordered_map>

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

/// The transactions of a group on their way into one batch.
class group_writer {
public:
  group_writer(const std::shared_ptr<engine>& target, std::uint64_t head, unix_ms now)
      : before_{target, revision{head}}, head_{head}, now_{now} {}

  /// All reads come first, so that a transaction that fails leaves nothing in the batch.
  result<committed_ptr> add(transaction t) {
    WEIR_CHECK(check_sizes(t));
    for (auto& p : t.preconditions)
      WEIR_CHECK(check(p));
    for (auto& m : t.mutations)
      if (auto read = find(m.table, m.key); !read)
        return std::move(read).error();
    revision rev{++head_};
    for (auto& m : t.mutations)
      apply(m, rev);
    auto made = std::make_shared<committed>(committed{rev, now_, std::move(t.mutations), std::move(t.events)});
    put(layout::journal_key(rev), layout::encode_committed(*made));
    return committed_ptr{std::move(made)};
  }

  std::uint64_t head() const { return head_; }
  leveldb::WriteBatch& batch() {
    engine::put_number(batch_, "head", head_);
    return batch_;
  }

private:
  struct entry {
    std::optional<raw_record> now;
    revision written; ///< by this group, 0 if it was not
  };

  /// The record as the group has left it so far.
  result<entry*> find(table_id table, const std::string& key) {
    auto place = layout::record_key(table, key);
    auto known = seen_.find(place);
    if (known != seen_.end())
      return &known->second;
    WEIR_TRY(auto raw, before_.find_raw(table, key));
    return &seen_.emplace(std::move(place), entry{std::move(raw), {}}).first->second;
  }

  status check(const precondition& p) {
    WEIR_TRY(auto* record, find(p.table, p.key));
    bool holds = p.must == precondition::rule::absent ? !record->now : record->now.has_value();
    if (holds && p.must == precondition::rule::unchanged)
      holds = record->now->rev == p.at;
    if (holds)
      return {};
    auto found = record->now ? "written at revision " + std::to_string(record->now->rev.value) : "absent";
    return fail(errc::conflict, "a record is not as the transaction expects: it is " + found, describe(p.table, p.key));
  }

  void apply(const mutation& m, revision rev) {
    auto place = layout::record_key(m.table, m.key);
    auto& [now, written] = seen_.at(place);
    if (std::exchange(written, rev) != rev) // a second mutation of it has the same "before"
      put(layout::history_key(m.table, m.key, rev), layout::encode_before(now));
    if (m.value) {
      put(place, layout::encode_record(*m.value, rev));
      now = raw_record{*m.value, rev};
    } else {
      batch_.Delete(place);
      now.reset();
    }
  }

  void put(const std::string& key, std::string_view value) { batch_.Put(key, layout::seal(key, value)); }

  newest_reader before_;
  std::uint64_t head_;
  unix_ms now_;
  leveldb::WriteBatch batch_;
  std::unordered_map<std::string, entry> seen_;
};

} // namespace

std::vector<result<committed_ptr>> record_store::commit_group(std::vector<transaction> group, unix_ms now) {
  std::lock_guard lock{impl_->writing};
  std::vector<result<committed_ptr>> answers;
  answers.reserve(group.size());
  auto fail_all = [&](const error& e) {
    for (auto& answer : answers)
      if (answer)
        answer = e;
  };
  auto target = impl_->writable();
  if (!target) {
    answers.resize(group.size(), target.error());
    return answers;
  }
  auto head = impl_->head.load();
  std::optional<group_writer> writer{std::in_place, *target, head, now};
  for (auto& t : group)
    answers.push_back(writer->add(std::move(t)));
  auto wanted = writer->head();
  if (wanted == head)
    return answers;
  crash_point("records.commit.before");
  auto written = impl_->write(**target, writer->batch(), true);
  crash_point("records.commit.after");
  if (written) {
    impl_->head = wanted;
    return answers;
  }
  // Whether it is there is seen when the store is opened anew.
  writer.reset();
  target->reset();
  if (impl_->writable()) {
    if (impl_->head.load() != wanted)
      fail_all(written.error());
  } else if (written.error().code == errc::disk_full)
    fail_all(written.error()); // the log's entry is incomplete: it will not be there
  else
    fail_all(fail(errc::outcome_unknown, "the commit may or may not be there: " + written.error().message));
  return answers;
}

} // namespace weir::records
