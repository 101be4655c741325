#pragma once
// Events: what a shared transaction means, in words that anyone can watch.
// The name is `thing.happened`; one table (event.cpp) lists them all.
#include "messages/types/ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

enum class event_kind : std::uint16_t {
  content_stored,
  content_assigned,
  content_packed,
  content_proposed,
  content_published,
  content_active,
  content_degraded,
  content_failed,
  content_problem,
  content_offloaded,
  content_restored,
  content_removed,
  content_requeued,
  bucket_created,
  bucket_filled,
  bucket_ready,
  bucket_complete,
  bucket_problem,
  bucket_collected,
  piece_built,
  piece_placed,
  piece_degraded,
  piece_problem,
  piece_offloaded,
  piece_restored,
  piece_retired,
  deal_intended,
  deal_proposed,
  deal_rejected,
  deal_published,
  deal_activated,
  deal_active,
  deal_failed,
  deal_slashed,
  deal_expired,
  deal_reverted,
  deal_renewed,
  provider_seen,
  provider_changed,
  provider_lost,
  provider_selected,
  wallet_created,
  wallet_low,
  message_intended,
  message_sent,
  message_landed,
  message_failed,
  chain_lost,
  chain_back,
  chain_reorg,
  retrieval_done,
  retrieval_failed,
  store_damaged,
  store_repaired,
  token_created,
  token_revoked,
  node_started,
  node_stopped,
  content_changed,
  instance_created,
  instance_changed,
  instance_deleted,
  config_pushed,
  config_removed,
  job_queued,
  job_started,
  job_progress,
  job_done,
  job_failed,
  job_cancelled,
  content_wanted,
  retrieval_changed,
  webhook_changed,
  job_stuck,
};

struct event_info {
  event_kind kind;
  std::string_view name; ///< "content.stored"
  std::string_view meaning;
};

std::span<const event_info> event_catalogue();
std::string_view to_string(event_kind kind);
std::optional<event_kind> event_kind_from_name(std::string_view name);

/// `subject` is the key of the thing: content id, bucket uuid, piece CID, deal
/// uuid, provider address… `owner` is empty for what belongs to the node.
/// `fields` are small facts for people and programs, never secrets.
struct event {
  event_kind kind = event_kind::node_started;
  std::string subject;
  owner_id owner;
  std::vector<std::pair<std::string, std::string>> fields;

  friend bool operator==(const event&, const event&) = default;
};

} // namespace weir
