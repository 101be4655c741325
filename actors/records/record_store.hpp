#pragma once
// record_store: commits what everyone wants committed, many transactions with
// one sync.
//
// In:  (commit, transaction) from any actor; fold_log from the node.
// Out: the committed transaction to whoever asked, all of them to the watch hub.
// Survives a restart: everything that was answered; it lies in records::record_store.
//
// While a group is written, others arrive in the mailbox; the message that it
// sends to itself comes behind them, so that they form the next group: at most
// 1,000 transactions or 4 MiB. The hub's answers are its credit; when it is
// slow it is told only how far the journal goes and reads there. Spawned with
// a thread of its own, because it waits for the disk.
#include "actors/support/self.hpp"
#include "messages/actors/records.hpp"
#include "storage/records/store.hpp"

#include <caf/typed_response_promise.hpp>

#include <deque>
#include <functional>

namespace weir {

struct record_store_options {
  std::size_t max_waiting = 10'000; ///< transactions
  std::size_t max_waiting_bytes = 64u << 20;
  std::size_t group = 1000;
  std::size_t group_bytes = 4u << 20;
  unsigned hub_credit = 16; ///< announcements that the hub has not yet answered
};

/// What it says to itself: commit a group; fold a slice.
using record_store_impl = record_store_actor::extend<caf::reacts_to<atom::flush>, caf::reacts_to<atom::wake>>;

struct record_store_state {
  explicit record_store_state(record_store_impl::pointer self) : self{self} {}
  static constexpr const char* name = "record_store";

  caf::result<committed_ptr> commit(transaction t);
  /// One group; another one follows by itself while some wait.
  void flush();
  unix_ms moment();
  void flush_everything();
  void announce(std::vector<committed_ptr> entries);
  void fold(const fold_log& wish);
  void fold_slice();
  record_store_status status() const;

  void start(std::shared_ptr<records::record_store> records, watch_hub_actor told, std::function<unix_ms()> clock,
             record_store_options how);

  record_store_impl::pointer self;

private:
  struct waiting_commit {
    transaction what;
    std::size_t bytes;
    caf::typed_response_promise<committed_ptr> answer;
  };
  std::vector<waiting_commit> take_group();
  void hub_answered();

  std::shared_ptr<records::record_store> store_;
  watch_hub_actor hub_;
  std::function<unix_ms()> now_;
  unix_ms time_{0}; ///< of the newest entry
  record_store_options options_;
  std::deque<waiting_commit> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool flushing_ = false;
  unsigned unanswered_ = 0; ///< announcements
  revision announced_;      ///< the hub knows of everything up to here
  revision newest_;         ///< and should know of this
  revision keep_from_;
  bool folding_ = false;
  std::uint64_t groups_ = 0;
  std::uint64_t committed_ = 0;
};

record_store_impl::behavior_type record_store(self_of<record_store_impl, record_store_state> self,
                                              std::shared_ptr<records::record_store> store, watch_hub_actor hub,
                                              std::function<unix_ms()> now, record_store_options options);

} // namespace weir
