#pragma once
// record_store: commits what everyone wants committed, many transactions with
// one sync.
//
// In:  (commit, transaction) from any actor; fold_log from the node.
// Out: the committed transaction to whoever asked, all of them to the watch hub.
// Survives a restart: everything that was answered; it lies in records::record_store.
//
// Its record_writer waits for the disk. While that writes a group, the next one
// is filled here: at most 1,000 transactions or 4 MiB; what comes then waits.
// The writer takes it from the slot that both have (group_slot.hpp).
// The hub's answers are its credit; when it is slow it is told only how far the
// journal goes and reads there.
//
// Every transaction is answered within `patience` looks at the clock, also
// when the disk hangs: whoever asks needs no timeout of his own, and CAF need
// not keep one for each of 50,000 transactions a second.
#include "actors/records/record_writer.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <deque>
#include <functional>

namespace weir {

struct record_store_options {
  std::size_t max_waiting = 10'000; ///< transactions
  std::size_t max_waiting_bytes = 64u << 20;
  std::size_t group = 1000;
  std::size_t group_bytes = 4u << 20;
  unsigned hub_credit = 16;     ///< announcements that the hub has not yet answered
  std::chrono::seconds look{5}; ///< how often it is seen to that nothing waits too long
  unsigned patience = 6;        ///< looks until an answer is given without the disk's
};

/// What it hears from itself and from its writer: tell the writer; look at what waits; a group is done.
using record_store_impl = record_store_actor::extend<caf::reacts_to<atom::flush>, caf::reacts_to<atom::wake>,
                                                     caf::reacts_to<group_write_ptr>>;

struct record_store_state {
  explicit record_store_state(record_store_impl::pointer self) : self{self} {}
  static constexpr const char* name = "record_store";

  void start(std::shared_ptr<records::record_store> records, record_writer_actor writer, watch_hub_actor told,
             std::function<unix_ms()> clock, record_store_options how);
  caf::result<committed_ptr> commit(transaction t);
  /// Tells the writer that there is a group, if it does not look by itself.
  void flush();
  void written(const group_write& done);
  /// What has waited too long is answered.
  void look();
  /// What waits is still committed: whoever asked may have gone, the wish has not.
  void end(const caf::error& reason);
  void fold(const fold_log& wish) { self->send(writer_, wish); }
  record_store_status status() const;

  record_store_impl::pointer self;

private:
  struct asked {
    std::uint64_t since; ///< looks
    caf::typed_response_promise<committed_ptr> answer;
    bool told = false; ///< answered before its group was written
  };
  struct waiting_commit {
    transaction what;
    std::size_t bytes;
    asked who;
  };
  unix_ms moment();
  bool has_room() const;
  std::size_t waits() const { return askers_.size() + waiting_.size(); }
  void fill_from_waiting();
  void wake();
  void watch_time();
  void quit_if_done();
  void announce(std::vector<committed_ptr> entries);
  void hub_answered();

  std::shared_ptr<records::record_store> store_;
  record_writer_actor writer_;
  watch_hub_actor hub_;
  std::function<unix_ms()> now_;
  unix_ms time_{0}; ///< of the newest entry
  record_store_options options_;
  group_slot_ptr slot_ = std::make_shared<group_slot>();
  std::deque<asked> askers_;           ///< of what the writer has and of what it will take, in their order
  std::deque<waiting_commit> waiting_; ///< no room in the slot
  std::size_t waiting_bytes_ = 0;
  bool flushing_ = false; ///< a flush is in the mailbox
  bool looking_ = false;  ///< a look is due
  std::uint64_t looks_ = 0;
  std::optional<caf::error> ending_;
  unsigned unanswered_ = 0; ///< announcements
  revision announced_;      ///< the hub knows of everything up to here
  revision newest_;         ///< and should know of this
  std::uint64_t groups_ = 0;
  std::uint64_t committed_ = 0;
};

/// The writer is its own from now on, and ends with it.
record_store_impl::behavior_type record_store(self_of<record_store_impl, record_store_state> self,
                                              std::shared_ptr<records::record_store> store, record_writer_actor writer,
                                              watch_hub_actor hub, std::function<unix_ms()> now,
                                              record_store_options options);

} // namespace weir
