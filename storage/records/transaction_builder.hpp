#pragma once
// Makes a shared transaction out of records. Keeps the index tables itself.
//
//   transaction_builder t;
//   t.create(content);                        // fails if it exists
//   t.update(stored_bucket, changed_bucket);  // fails if somebody changed it
//   t.say(event_kind::content_stored, id, owner, {fact("size", 5)});
//   store.commit(t.take());
//
// `create`, `update` and `remove` add the precondition that makes them safe;
// `put` and `erase` write whatever is there.
#include "messages/types/transaction.hpp"
#include "storage/records/codec.hpp"
#include "storage/records/facts.hpp"
#include "storage/records/tables.hpp"

#include <algorithm>
#include <unordered_map>

namespace weir::records {

class transaction_builder {
public:
  /// A new record; errc::conflict if its key is taken.
  template <class R>
  transaction_builder& create(const R& record) {
    must(table_of<R>::id, key_of(record), precondition::rule::absent);
    return write(record, static_cast<const R*>(nullptr));
  }

  /// A changed one; errc::conflict if `before` is no longer the newest.
  template <class R>
  transaction_builder& update(const stored<R>& before, const R& after) {
    must_be_unchanged(before);
    return write(after, &before.value);
  }

  /// The record goes; errc::conflict if `before` is no longer the newest.
  template <class R>
  transaction_builder& remove(const stored<R>& before) {
    must_be_unchanged(before);
    return erase(before.value);
  }

  /// Without a precondition.
  template <class R>
  transaction_builder& put(const R& record) {
    static_assert(!index_changes<R>, "say what the record was before: put(record, before)");
    return write(record, static_cast<const R*>(nullptr));
  }
  /// `before` is null for a new record.
  template <class R>
  transaction_builder& put(const R& record, const R* before) {
    return write(record, before);
  }
  template <class R>
  transaction_builder& erase(const R& before) {
    for (auto& [table, key] : index_of(before))
      mutate(table, key, std::nullopt);
    return mutate(table_of<R>::id, key_of(before), std::nullopt);
  }

  template <class R>
  transaction_builder& must_be_absent(const typename table_of<R>::key_type& key) {
    return must(table_of<R>::id, encode_key(key), precondition::rule::absent);
  }
  template <class R>
  transaction_builder& must_be_present(const typename table_of<R>::key_type& key) {
    return must(table_of<R>::id, encode_key(key), precondition::rule::present);
  }
  template <class R>
  transaction_builder& must_be_unchanged(const stored<R>& record) {
    return must(table_of<R>::id, key_of(record.value), precondition::rule::unchanged, record.rev);
  }

  transaction_builder& say(event e) {
    made_.events.push_back(std::move(e));
    return *this;
  }
  transaction_builder& say(event_kind kind, std::string subject, owner_id owner = {}, facts fields = {}) {
    return say(event{kind, std::move(subject), std::move(owner), std::move(fields)});
  }

  bool empty() const { return made_.mutations.empty() && made_.events.empty(); }
  const transaction& look() const { return made_; }
  transaction take() { return std::move(made_); }

private:
  template <class R>
  static std::string key_of(const R& record) {
    return encode_key(table_of<R>::key(record));
  }

  template <class R>
  transaction_builder& write(const R& record, const R* before) {
    auto wanted = index_of(record);
    auto had = before != nullptr ? index_of(*before) : index_keys{};
    for (auto& entry : had)
      if (std::ranges::find(wanted, entry) == wanted.end())
        mutate(entry.first, entry.second, std::nullopt);
    for (auto& entry : wanted)
      if (std::ranges::find(had, entry) == had.end())
        mutate(entry.first, entry.second, std::string{});
    return mutate(table_of<R>::id, key_of(record), encode(record));
  }

  /// The last word on a key within the transaction counts.
  transaction_builder& mutate(table_id table, std::string key, std::optional<std::string> value) {
    auto [place, added] = places_.try_emplace(encode_prefix(std::uint64_t(table)) + key, made_.mutations.size());
    if (added)
      made_.mutations.push_back({table, std::move(key), std::move(value)});
    else
      made_.mutations[place->second].value = std::move(value);
    return *this;
  }

  transaction_builder& must(table_id table, std::string key, precondition::rule rule, revision at = {}) {
    made_.preconditions.push_back({table, std::move(key), rule, at});
    return *this;
  }

  transaction made_;
  std::unordered_map<std::string, std::size_t> places_; ///< of a key among the mutations
};

} // namespace weir::records
