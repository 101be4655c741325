#pragma once
// The log watches of the hub, as plain logic: who is told what when. A watch
// is *level* while everything wanted up to the head was sent; one that cannot
// be sent to falls *behind* and keeps only how far it came. From there the
// journal is read for it at its own pace.
//
//            entry wanted while a batch is out
//   level ────────────────────────────────────► behind
//     ▲                                           │ batch acknowledged: in the queue,
//     └──────────────── read up to the head ──────┘ a slice of the journal at a time
#include "actors/records/log_tail.hpp"
#include "actors/records/watch_index.hpp"

#include <deque>
#include <functional>
#include <span>

namespace weir {

class log_watches {
public:
  using id = watch_index::id;
  /// `batch` may be shared by many: the same object is meant for all listeners in a row that get it.
  using send = std::function<void(id, const std::shared_ptr<const log_batch>&)>;

  explicit log_watches(send deliver) : deliver_{std::move(deliver)} {}

  void add(id watch, open_log_watch wish, revision head);
  void remove(id watch);
  bool knows(id watch) const { return watches_.contains(watch); }
  std::size_t size() const { return watches_.size(); }

  /// New entries in order; the head is now the last one's revision.
  void announce(std::span<const committed_ptr> entries);
  /// The last batch was dealt with.
  void acknowledge(id watch);

  /// The head went on to `head` without an announcement: what comes from `from` on is read by all.
  void all_behind(revision from);

  /// Somebody waits for the journal.
  bool waiting() const { return !queue_.empty(); }
  /// Reads one slice for the first in the queue.
  void step(const log_tail& log, revision head);

private:
  struct watch {
    log_filter filter;
    revision cursor; ///< while behind: everything up to here was looked at
    bool level = false;
    bool busy = false; ///< a batch is out
    bool queued = false;
    std::vector<committed_ptr> due; ///< to be sent, while entries are announced
  };

  void touch(id name, watch& w, const committed_ptr& entry);
  void send_due(revision head);
  void enqueue(id name, watch& w);

  send deliver_;
  std::unordered_map<id, watch> watches_;
  watch_index index_;
  std::deque<id> queue_;
  std::vector<id> touched_; ///< level ones that an announcement has entries for
};

} // namespace weir
