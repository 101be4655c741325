#pragma once
// Committing shared transactions and watching what was committed. Reading
// needs no actor: whoever may read is given the record store itself
// (storage/records/store.hpp) and takes snapshots.
#include "messages/actors/caf.hpp"
#include "messages/types/transaction.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// Which events a log watch is for. An empty list is "any"; all three must fit.
struct log_filter {
  std::vector<event_kind> kinds;
  std::vector<std::string> subjects; ///< at most max_watch_subjects
  std::optional<owner_id> owner;
};
inline constexpr std::size_t max_watch_subjects = 1000;

bool wants(const log_filter& filter, const event& e);

/// From behind `after`: 0 is everything there ever was, the head only what is to come.
struct open_log_watch {
  revision after;
  log_filter filter;
};

/// Transactions that have at least one wanted event, in order. They are shared
/// and whole: a listener looks with `wants` at which events are its own.
struct log_batch {
  std::vector<committed_ptr> entries;
  revision upto;                       ///< nothing wanted is missing up to here
  error ended{errc::none, {}, {}, {}}; ///< the watch is over: compacted, corrupt, io
};

/// Credit is one batch: the next comes when this one was acknowledged.
using log_listener = caf::typed_actor<caf::reacts_to<log_batch>>;

/// The records of some tables, those whose key begins with `prefix`.
struct open_state_watch {
  std::vector<table_id> tables;
  std::string prefix;            ///< encoded, see storage/records/key.hpp
  std::optional<revision> after; ///< none: every record there is, then every change
};

/// The newest state of a record; without a value it is gone.
struct state_change {
  table_id table{};
  std::string key;
  std::optional<std::string> value; ///< encoded
  revision rev;
};
struct state_batch {
  std::vector<state_change> changes;
  revision upto; ///< 0 while the first full state is under way
  error ended{errc::none, {}, {}, {}};
};
using state_listener = caf::typed_actor<caf::reacts_to<state_batch>>;

/// What the record store tells the hub: everything new, or only the number.
struct new_entries {
  std::vector<committed_ptr> entries;
  revision head;
};

/// Fold what is older than this away, in slices.
struct fold_log {
  unix_ms before;
};

struct record_store_status {
  revision head;
  revision oldest;
  std::uint64_t waiting = 0;      ///< transactions not yet committed
  std::uint64_t groups = 0;       ///< writes since start
  std::uint64_t transactions = 0; ///< committed since start
};

} // namespace weir

CAF_BEGIN_TYPE_ID_BLOCK(weir_records, WEIR_TYPE_IDS(0))
WEIR_MESSAGE(weir_records, (weir::transaction))
WEIR_MESSAGE(weir_records, (weir::committed_ptr))
WEIR_MESSAGE(weir_records, (weir::open_log_watch))
WEIR_MESSAGE(weir_records, (weir::log_batch))
WEIR_MESSAGE(weir_records, (weir::log_listener))
WEIR_MESSAGE(weir_records, (weir::open_state_watch))
WEIR_MESSAGE(weir_records, (weir::state_batch))
WEIR_MESSAGE(weir_records, (weir::state_listener))
WEIR_MESSAGE(weir_records, (weir::new_entries))
WEIR_MESSAGE(weir_records, (weir::fold_log))
WEIR_MESSAGE(weir_records, (weir::record_store_status))
CAF_END_TYPE_ID_BLOCK(weir_records)

namespace weir {

/// Commits what waits in groups. Errors: conflict, disk_full, io,
/// outcome_unknown (read before you try again), too_large, overloaded (more
/// than 10,000 wait), shutting_down; later not_leader.
using record_store_actor =
    caf::typed_actor<caf::replies_to<atom::commit, transaction>::with<committed_ptr>, caf::reacts_to<fold_log>,
                     caf::replies_to<atom::status>::with<record_store_status>>;

/// Both watches. A listener has one watch of a kind: a second replaces the
/// first. It is forgotten when it goes down. Errors: compacted (`limit` is the
/// oldest revision there is), invalid_argument (a revision that is not yet),
/// too_large, overloaded (too many watches).
using watch_hub_actor =
    caf::typed_actor<caf::replies_to<atom::watch, open_log_watch, log_listener>::with<nothing>,
                     caf::reacts_to<atom::ack, log_listener>, caf::reacts_to<atom::unwatch, log_listener>,
                     caf::replies_to<atom::watch, open_state_watch, state_listener>::with<nothing>,
                     caf::reacts_to<atom::ack, state_listener>, caf::reacts_to<atom::unwatch, state_listener>,
                     // Only from the record store, in order; the answer is the hub's credit.
                     caf::replies_to<new_entries>::with<nothing>>;

} // namespace weir
