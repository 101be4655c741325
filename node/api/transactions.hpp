#pragma once
// A committed transaction as watchers see it: {"revision","time","events",
// "changes"}; with the events and records that the caller may see.
#include "messages/types/transaction.hpp"
#include "node/api/access.hpp"
#include "node/json/writer.hpp"
#include "storage/records/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weir::api {

/// Transactions that one page of /events looks at.
inline constexpr std::size_t max_transactions_looked_at = 50'000;

struct event_filter {
  caller who;                    ///< who is no admin sees what names them as its owner; what names nobody is the node's
  std::vector<event_kind> kinds; ///< empty: all
  std::vector<std::string> groups;
  std::string subject; ///< empty: all
  bool with_records = false;
  std::function<bool(const event&)> also; ///< what else must hold; nothing: no more
  std::function<snapshot()> newest;       ///< with records: says whose a deal is

  bool shows(const event& e) const;
  /// Something in it is shown (a record's change counts too when they are wanted and nothing is filtered).
  bool interested(const committed& t) const;
};

/// `kinds` are names of the event catalogue, or "thing.*", or "thing", or
/// "alerts": what somebody should look at, as webhooks have it.
/// errc::invalid_argument names one that does not exist.
result<event_filter> filter_of(const caller& who, const std::vector<std::string>& kinds, std::string subject);

/// In a stream with `previous`: nothing for its watcher lies between that revision and this one.
void write_transaction(json::writer& w, const committed& t, const event_filter& f,
                       std::optional<revision> previous = std::nullopt);

} // namespace weir::api
