#include "actors/records/log_watches.hpp"

#include <algorithm>

namespace weir {

namespace {

/// How much of the journal is looked at in one go: a few hundred microseconds,
/// so that new entries never wait long behind slow readers.
constexpr records::log_limits slice{64u << 10, 128};

bool wanted(const log_filter& filter, const committed& entry) {
  return std::ranges::any_of(entry.events, [&](const event& e) { return wants(filter, e); });
}

} // namespace

void log_watches::add(id name, open_log_watch wish, revision head) {
  auto& w = watches_[name];
  w.filter = std::move(wish.filter);
  w.cursor = wish.after;
  w.level = wish.after == head;
  index_.add(name, w.filter);
  enqueue(name, w);
}

void log_watches::remove(id name) {
  auto found = watches_.find(name);
  if (found == watches_.end())
    return;
  index_.remove(name, found->second.filter);
  watches_.erase(found);
}

void log_watches::touch(id name, watch& w, const committed_ptr& entry) {
  if (!w.level || (!w.due.empty() && w.due.back() == entry))
    return; // behind: it is found in the journal; or two events of one entry
  if (w.busy) {
    w.level = false;
    w.cursor = revision{entry->rev.value - 1};
    return;
  }
  if (w.due.empty())
    touched_.push_back(name);
  w.due.push_back(entry);
}

void log_watches::announce(std::span<const committed_ptr> entries) {
  for (auto& entry : entries)
    for (auto& e : entry->events)
      index_.candidates(e, [&](id name) {
        auto& w = watches_.at(name);
        if (wants(w.filter, e))
          touch(name, w, entry);
      });
  if (!entries.empty())
    send_due(entries.back()->rev);
}

void log_watches::send_due(revision head) {
  std::shared_ptr<log_batch> batch;
  for (auto name : std::exchange(touched_, {})) {
    auto& w = watches_.at(name);
    // Listeners that are due the same share one batch.
    if (!batch || batch->entries != w.due)
      batch = std::make_shared<log_batch>(log_batch{std::move(w.due), head});
    w.due = {};
    w.busy = true;
    deliver_(name, batch);
  }
}

void log_watches::all_behind(revision from) {
  for (auto& [name, w] : watches_)
    if (std::exchange(w.level, false)) {
      w.cursor = from;
      enqueue(name, w);
    }
}

void log_watches::acknowledge(id name) {
  auto found = watches_.find(name);
  if (found == watches_.end())
    return;
  found->second.busy = false;
  enqueue(name, found->second);
}

void log_watches::enqueue(id name, watch& w) {
  if (w.level || w.busy || w.queued)
    return;
  w.queued = true;
  queue_.push_back(name);
}

void log_watches::step(const log_tail& log, revision head) {
  auto name = queue_.front();
  queue_.pop_front();
  auto found = watches_.find(name);
  if (found == watches_.end())
    return;
  auto& w = found->second;
  w.queued = false;
  auto read = log.read(w.cursor, head, slice);
  if (!read) {
    auto last = std::make_shared<log_batch>(log_batch{{}, w.cursor, read.error()});
    remove(name);
    deliver_(name, last);
    return;
  }
  if (!read->empty())
    w.cursor = read->back()->rev;
  w.level = w.cursor >= head;
  std::erase_if(*read, [&](const committed_ptr& entry) { return !wanted(w.filter, *entry); });
  w.busy = !read->empty();
  if (w.busy)
    deliver_(name, std::make_shared<log_batch>(log_batch{*std::move(read), w.cursor}));
  else
    enqueue(name, w);
}

} // namespace weir
