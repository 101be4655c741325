#pragma once
// The state watches of the hub, as plain logic. Like a log watch, but what
// is sent is the newest state of each record: a watch that was behind is not
// told of states that are already superseded, and always of the last one. A
// watch without a starting revision gets every record first, page by page, as
// of the head when it is told the first one.
#include "actors/records/log_tail.hpp"
#include "actors/records/watch_index.hpp"
#include "messages/actors/records.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <unordered_map>

namespace weir {

class state_watches {
public:
  using id = std::uint64_t;
  using send = std::function<void(id, state_batch)>;

  state_watches(std::shared_ptr<const records::record_store> store, send deliver)
      : store_{std::move(store)}, deliver_{std::move(deliver)} {}

  void add(id watch, open_state_watch wish, revision head);
  void remove(id watch);
  bool knows(id watch) const { return watches_.contains(watch); }
  std::size_t size() const { return watches_.size(); }

  void announce(std::span<const committed_ptr> entries);
  void acknowledge(id watch);
  void all_behind(revision from);
  bool waiting() const { return !queue_.empty(); }
  void step(const log_tail& log, revision head);

private:
  struct watch {
    std::vector<table_id> tables;
    std::string prefix;
    revision cursor;       ///< while behind: everything up to here was looked at
    bool filling = false;  ///< the first full state is under way
    std::size_t table = 0; ///< of `tables`, while filling
    std::string last;      ///< key, while filling
    bool level = false;
    bool busy = false;
    bool queued = false;
    std::vector<state_change> due;
  };

  static bool covers(const watch& w, const mutation& m);
  void touch(id name, watch& w, const mutation& m, revision rev);
  void enqueue(id name, watch& w);
  result<std::shared_ptr<const records::reader>> state_of(watch& w) const;
  result<state_batch> fill(watch& w) const;
  result<state_batch> follow(watch& w, const log_tail& log, revision head) const;

  std::shared_ptr<const records::record_store> store_;
  send deliver_;
  std::unordered_map<id, watch> watches_;
  prefix_index index_;
  std::deque<id> queue_;
  std::vector<id> touched_;
};

} // namespace weir
