#include "storage/records/readers.hpp"

#include "storage/records/layout.hpp"

namespace weir::records {

namespace {

std::string base_of(char kind, table_id table) {
  return {kind, static_cast<char>(table)};
}

/// The record that the cursor stands on; errors name it.
result<layout::record_view> record_at(const cursor& at, table_id table) {
  auto value = layout::unseal(at.full_key(), at.sealed());
  auto record = value ? layout::decode_record(*value) : std::nullopt;
  if (!record)
    return layout::damaged(describe(table, at.key()));
  return *record;
}

status ended(const cursor& at, table_id table, const std::string& last) {
  if (at.status().ok())
    return {};
  return from_leveldb(at.status(), "behind " + describe(table, last));
}

/// Steps through the history of a table, and tells for each record what it
/// was at a revision if it has changed since.
class past_cursor {
public:
  past_cursor(const std::shared_ptr<engine>& source, const leveldb::ReadOptions& how, table_id table,
              const scan_range& range, revision at)
      : table_{table}, when_{at}, prefix_{range.prefix}, raw_{source,
                                                              how,
                                                              base_of(layout::history, table),
                                                              {{}, escaped(std::max(range.after, range.prefix))}} {}

  /// Moves on to the next record that changed after the revision.
  status next() {
    for (; raw_.valid(); raw_.next()) {
      auto place = layout::parse_history(raw_.key());
      if (!place)
        return layout::damaged("history of " + describe(table_, raw_.key()));
      if (!place->key.starts_with(prefix_))
        break; // keys are in order and began at the prefix
      if (place->rev <= when_ || (key_ && place->key == *key_))
        continue;
      key_ = std::move(place->key);
      return read();
    }
    key_.reset();
    return ended(raw_, table_, {});
  }

  /// Nothing at the end.
  const std::optional<std::string>& key() const { return key_; }
  const std::optional<raw_record>& before() const { return before_.record; }

private:
  /// Where to start: everything that is not before `text` sorts behind it.
  static std::string escaped(const std::string& text) {
    std::string out;
    for (char c : text)
      out.append(c == '\0' ? std::string{"\0\xff", 2} : std::string{c});
    return out;
  }

  status read() {
    auto value = layout::unseal(raw_.full_key(), raw_.sealed());
    auto image = value ? layout::decode_before(*value) : std::nullopt;
    if (!image)
      return layout::damaged("history of " + describe(table_, *key_));
    before_ = *std::move(image);
    return {};
  }

  table_id table_;
  revision when_;
  std::string prefix_;
  cursor raw_;
  std::optional<std::string> key_;
  layout::before_image before_;
};

} // namespace

revision newest_reader::at() const {
  std::call_once(asked_, [this] {
    auto head = pin_.source()->number("head", pin_.at());
    head_ = head ? revision{*head} : at_; // too early: whoever goes on from there hears some things twice
  });
  return head_;
}

status past_reader::reachable() const {
  WEIR_TRY(auto head, pin_.source()->number("head", pin_.at()));
  WEIR_TRY(auto oldest, pin_.source()->number("oldest", pin_.at()));
  if (at_.value > head)
    return fail(errc::invalid_argument, "there is no such revision yet", std::to_string(at_.value),
                std::to_string(head));
  if (at_.value + 1 < oldest)
    return fail(errc::compacted, "the state at that revision is no longer kept", std::to_string(at_.value),
                std::to_string(oldest));
  return {};
}

result<std::optional<raw_record>> newest_reader::find_raw(table_id table, std::string_view key) const {
  auto where = [&] { return describe(table, key); };
  WEIR_TRY(auto data, pin_.source()->get(layout::record_key(table, key), pin_.at(), where));
  if (!data)
    return std::optional<raw_record>{};
  auto record = layout::decode_record(*data);
  if (!record)
    return layout::damaged(where());
  return std::optional{raw_record{std::string{record->value}, record->rev}};
}

status newest_reader::scan_raw(table_id table, const scan_range& range, const raw_visitor& visit) const {
  cursor at{pin_.source(), checked(pin_.at()), base_of(layout::record, table), range};
  std::string last;
  for (; at.valid(); at.next()) {
    WEIR_TRY(auto record, record_at(at, table));
    if (!visit(at.key(), record.value, record.rev))
      return {};
    last = at.key();
  }
  return ended(at, table, last);
}

result<std::optional<raw_record>> past_reader::find_raw(table_id table, std::string_view key) const {
  auto prefix = layout::history_prefix(table, key);
  std::string after;
  detail::put_big_endian(after, at_.value);
  cursor later{pin_.source(), checked(pin_.at()), prefix, {{}, after}};
  if (!later.valid()) {
    WEIR_CHECK(ended(later, table, std::string{key}));
    return newest_reader::find_raw(table, key);
  }
  auto value = layout::unseal(later.full_key(), later.sealed());
  auto image = value ? layout::decode_before(*value) : std::nullopt;
  if (!image)
    return layout::damaged("history of " + describe(table, key));
  return std::move(image->record);
}

// Two ordered walks at once: the newest records, and those that changed since.
// A record that changed counts as it was before the first change.
status past_reader::scan_raw(table_id table, const scan_range& range, const raw_visitor& visit) const {
  cursor now{pin_.source(), checked(pin_.at()), base_of(layout::record, table), range};
  past_cursor changed{pin_.source(), checked(pin_.at()), table, range, at_};
  WEIR_CHECK(changed.next());
  while (now.valid() || changed.key()) {
    bool same = now.valid() && changed.key() && now.key() == *changed.key();
    bool take_changed = changed.key() && (!now.valid() || *changed.key() <= now.key());
    if (take_changed) {
      auto& before = changed.before();
      if (before && *changed.key() > range.after && !visit(*changed.key(), before->value, before->rev))
        return {};
      if (same)
        now.next();
      WEIR_CHECK(changed.next());
      continue;
    }
    WEIR_TRY(auto record, record_at(now, table));
    if (!visit(now.key(), record.value, record.rev))
      return {};
    now.next();
  }
  return ended(now, table, {});
}

} // namespace weir::records
