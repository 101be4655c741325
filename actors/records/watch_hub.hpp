#pragma once
// watch_hub: tells everyone who watches what was committed.
//
// In:  new_entries from the record store; watch, ack, unwatch from listeners.
// Out: log_batch, state_batch to listeners, each as fast as it acknowledges.
// Survives a restart: nothing; a listener comes again with its last revision.
//
// Memory is bounded whatever the listeners do: the newest transactions once
// for all, and for each listener one batch and a number. What a slow one
// missed is read from the journal, a slice at a time, in turn with the others
// and with what is new.
#include "actors/records/log_watches.hpp"
#include "actors/records/state_watches.hpp"
#include "actors/support/self.hpp"

#include <atomic>

namespace weir {

/// How many there are, for whoever looks from another thread.
struct watch_counts {
  std::atomic<std::size_t> events{0}; ///< log watches
  std::atomic<std::size_t> states{0};
};

struct watch_hub_options {
  std::size_t max_watches = 10'000;
  std::shared_ptr<watch_counts> counts = std::make_shared<watch_counts>();
};

/// What it says to itself: read one slice for somebody who is behind.
using watch_hub_impl = watch_hub_actor::extend<caf::reacts_to<atom::wake>>;

struct watch_hub_state {
  explicit watch_hub_state(watch_hub_impl::pointer self) : self{self} {}
  static constexpr const char* name = "watch_hub";

  void start(std::shared_ptr<const records::record_store> records, watch_hub_options how);
  caf::result<nothing> watch(open_log_watch wish, const log_listener& who);
  caf::result<nothing> watch(open_state_watch wish, const state_listener& who);
  void announce(const new_entries& news);
  void step();
  /// Slices are read one message apart, so that others get their turn.
  void wake_if_waiting();

  /// The same number for the same actor as long as it is watched.
  std::uint64_t number_of(const caf::actor_addr& who) const;
  void forget(const caf::actor_addr& who);
  void forget_if_idle(std::uint64_t number);

  watch_hub_impl::pointer self;

private:
  struct listener {
    caf::actor_addr addr;
    caf::actor hdl;
  };
  status check(revision after, std::size_t subjects);
  std::uint64_t remember(const caf::actor& who);
  void catch_up(revision head);
  void count() const;

  watch_hub_options options_;
  std::shared_ptr<const records::record_store> store_;
  std::unique_ptr<log_tail> log_;
  std::unique_ptr<log_watches> logs_;
  std::unique_ptr<state_watches> states_;
  std::unordered_map<std::uint64_t, listener> listeners_;
  std::unordered_map<caf::actor_addr, std::uint64_t> numbers_;
  std::uint64_t next_number_ = 1;
  revision head_; ///< what the watches were told of
  bool awake_ = false;
  std::shared_ptr<const log_batch> shared_; ///< the batch that `message_` holds
  caf::message message_;

public:
  log_watches& logs() { return *logs_; }
  state_watches& states() { return *states_; }
};

watch_hub_impl::behavior_type watch_hub(self_of<watch_hub_impl, watch_hub_state> self,
                                        std::shared_ptr<const records::record_store> records,
                                        watch_hub_options options);

} // namespace weir
