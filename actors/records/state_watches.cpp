#include "actors/records/state_watches.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr records::log_limits slice{64u << 10, 128};
constexpr std::size_t page_records = 128;
constexpr std::size_t page_bytes = 64u << 10;

} // namespace

void state_watches::add(id name, open_state_watch wish, revision head) {
  auto& w = watches_[name];
  w.tables = std::move(wish.tables);
  w.prefix = std::move(wish.prefix);
  w.filling = !wish.after;
  w.cursor = wish.after.value_or(head);
  w.level = !w.filling && w.cursor == head;
  for (auto table : w.tables)
    index_.add(name, table, w.prefix);
  enqueue(name, w);
}

void state_watches::remove(id name) {
  auto found = watches_.find(name);
  if (found == watches_.end())
    return;
  for (auto table : found->second.tables)
    index_.remove(name, table, found->second.prefix);
  watches_.erase(found);
}

bool state_watches::covers(const watch& w, const mutation& m) {
  return std::ranges::find(w.tables, m.table) != w.tables.end() && m.key.starts_with(w.prefix);
}

void state_watches::touch(id name, watch& w, const mutation& m, revision rev) {
  if (!w.level || rev <= w.cursor)
    return; // behind; or it was further already when it began
  if (w.busy) {
    w.level = false;
    w.cursor = revision{rev.value - 1};
    return;
  }
  if (w.due.empty())
    touched_.push_back(name);
  auto same = [&](const state_change& c) { return c.table == m.table && c.key == m.key; };
  std::erase_if(w.due, same);
  w.due.push_back({m.table, m.key, m.value, rev});
}

void state_watches::announce(std::span<const committed_ptr> entries) {
  for (auto& entry : entries)
    for (auto& m : entry->mutations)
      index_.each(m.table, m.key, [&](id name) { touch(name, watches_.at(name), m, entry->rev); });
  for (auto name : std::exchange(touched_, {})) {
    auto& w = watches_.at(name);
    w.busy = true;
    deliver_(name, {std::exchange(w.due, {}), entries.back()->rev});
  }
}

void state_watches::all_behind(revision from) {
  for (auto& [name, w] : watches_)
    if (std::exchange(w.level, false)) {
      w.cursor = std::max(w.cursor, from);
      enqueue(name, w);
    }
}

void state_watches::acknowledge(id name) {
  auto found = watches_.find(name);
  if (found == watches_.end())
    return;
  found->second.busy = false;
  enqueue(name, found->second);
}

void state_watches::enqueue(id name, watch& w) {
  if (w.level || w.busy || w.queued)
    return;
  w.queued = true;
  queue_.push_back(name);
}

void state_watches::step(const log_tail& log, revision head) {
  auto name = queue_.front();
  queue_.pop_front();
  auto found = watches_.find(name);
  if (found == watches_.end())
    return;
  auto& w = found->second;
  w.queued = false;
  auto batch = w.filling ? fill(w) : follow(w, log, head);
  if (!batch) {
    state_batch last{{}, w.cursor, batch.error()};
    remove(name);
    deliver_(name, std::move(last));
    return;
  }
  w.level = !w.filling && w.cursor >= head;
  w.busy = !batch->changes.empty();
  if (w.busy)
    deliver_(name, *std::move(batch));
  else
    enqueue(name, w);
}

/// The newest state for the first page, which is mostly all: the watch begins there. What comes behind is read as
/// of that revision, at the cost of the table's history. What changed since is followed, so the pages fit together.
result<std::shared_ptr<const records::reader>> state_watches::state_of(watch& w) const {
  if (w.table != 0 || !w.last.empty())
    return store_->view_at(w.cursor);
  auto newest = store_->snapshot();
  w.cursor = std::max(w.cursor, newest->at());
  return newest;
}

result<state_batch> state_watches::fill(watch& w) const {
  state_batch page;
  WEIR_TRY(auto state, state_of(w));
  std::size_t bytes = 0;
  for (; w.table < w.tables.size(); ++w.table, w.last.clear()) {
    bool full = false;
    auto take = [&](std::string_view key, std::string_view value, revision rev) {
      page.changes.push_back({w.tables[w.table], std::string{key}, std::string{value}, rev});
      bytes += key.size() + value.size();
      full = page.changes.size() >= page_records || bytes >= page_bytes;
      return !full;
    };
    WEIR_CHECK(state->scan_raw(w.tables[w.table], {w.prefix, w.last}, take));
    if (full) {
      w.last = page.changes.back().key;
      return page;
    }
  }
  w.filling = false;
  page.upto = w.cursor;
  return page;
}

/// A slice of the journal, without what was written again later.
result<state_batch> state_watches::follow(watch& w, const log_tail& log, revision head) const {
  state_batch batch;
  WEIR_TRY(auto entries, log.read(w.cursor, head, slice));
  for (auto& entry : entries)
    for (auto& m : entry->mutations) {
      if (!covers(w, m))
        continue;
      WEIR_TRY(auto old, store_->superseded(m.table, m.key, entry->rev));
      if (!old)
        batch.changes.push_back({m.table, m.key, m.value, entry->rev});
    }
  if (!entries.empty())
    w.cursor = entries.back()->rev;
  batch.upto = w.cursor;
  return batch;
}

} // namespace weir
