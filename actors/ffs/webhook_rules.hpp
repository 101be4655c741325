#pragma once
// Webhooks of FFS instances as transactions, and which events are theirs:
// plain logic. The journal is the outbox: a webhook's record says up to which
// revision everything was delivered.
#include "actors/support/committer.hpp"
#include "messages/types/ffs_views.hpp"

namespace weir::ffs {

inline constexpr std::size_t max_webhooks = 20;      ///< of an instance
inline constexpr std::size_t max_webhook_url = 2000; ///< bytes
inline constexpr std::string_view alerts = "alerts"; ///< names all that somebody should look at

/// Names of events ("job.done"), of all of a kind ("job"), or "alerts": what
/// somebody should look at. Empty is everything that concerns an instance.
/// errc::invalid_argument names what is none.
result<std::vector<event_kind>> webhook_kinds(const std::vector<std::string>& names);

/// Whether the event is of the instance: its own, or of a deal or an address of it.
result<bool> concerns(const records::reader& state, const instance_id& of, const event& e);

/// errc::overloaded over max_webhooks.
result<transaction_builder> create_webhook(const records::reader& state, const webhook& made);
/// errc::not_found.
result<transaction_builder> change_webhook(const records::reader& state, const instance_id& of, const std::string& id,
                                           const webhook_change& wish, webhook& out);
result<transaction_builder> remove_webhook(const records::reader& state, const instance_id& of, const std::string& id);

/// What its sender came to. Nothing when the webhook is gone meanwhile.
struct webhook_progress {
  revision told;
  std::uint32_t failures = 0;
  unix_ms tried, succeeded; ///< 0: not now
  unix_ms next;             ///< when it is tried again; 0: it need not be
  err_cause err;            ///< none: the last try was good
};
result<transaction_builder> note_webhook(const records::reader& state, const instance_id& of, const std::string& id,
                                         const webhook_progress& now);

} // namespace weir::ffs
