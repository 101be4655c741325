#pragma once
// What the handlers of the API use. Lives on the API's loop thread, like the
// handlers; the actors are reached through the gate, a hosted actor.
#include "actors/support/committer.hpp"
#include "messages/actors/buckets.hpp"
#include "messages/actors/clock.hpp"
#include "messages/actors/content.hpp"
#include "messages/actors/deals.hpp"
#include "messages/actors/pieces.hpp"
#include "messages/actors/store.hpp"
#include "node/api/access.hpp"
#include "node/config/options.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace weir::ffs {
class desk;
}

namespace weir::api {

class tally;
class token_uses;
class watch_service;
class devnet_door;
class ffs_door;

/// What the node says of itself; asked on the loop thread, must be quick.
struct node_figures {
  std::string network;
  std::int64_t genesis_time = 0; ///< seconds since 1970
  epoch now = no_epoch;
  epoch finalized = no_epoch;
  bool chain_connected = false;
  epoch_delta chain_lag = 0;
  error chain_problem{errc::none, {}, {}, {}};
  std::uint64_t blocks = 0;
  std::uint64_t block_bytes = 0;
  std::uint64_t piece_bytes = 0;
  std::uint64_t free_bytes = 0;
  std::uint64_t rss = 0;
  struct queue {
    std::string name;
    std::uint64_t length = 0;
    std::uint64_t limit = 0;
  };
  std::vector<queue> queues;
};

/// Handles that were not spawned (a role without them) are null: errc::unsupported.
struct services {
  node_options options;
  access_rules rules;
  caf::event_based_actor* self = nullptr;
  committer commits;
  content_actor contents;
  retriever_actor retriever;
  bucket_creator_actor buckets;
  wallet_actor wallet;
  piece_prover_actor prover;
  keeper_actor keeper;
  std::function<unix_ms()> clock;
  std::function<std::string()> uuid;
  std::function<node_figures()> figures;
  unix_ms started;
  std::shared_ptr<api::tally> tally;
  std::shared_ptr<token_uses> uses;
  std::shared_ptr<watch_service> watches;
  std::shared_ptr<devnet_door> devnet;
  std::shared_ptr<ffs_door> ffs; ///< null without the role that runs it
  std::shared_ptr<ffs::desk> desk;

  /// Who opened an upload; the content actor does not know callers.
  std::map<std::string, owner_id> uploads;
  /// Idempotency keys whose first request is still running.
  std::set<std::string> busy_keys;

  snapshot newest() const { return commits.records->snapshot(); }
};

/// How long an actor may take for a request of the API.
inline constexpr std::chrono::seconds ask_time{60};
/// Fetching from providers, hashing the last of an upload.
inline constexpr std::chrono::minutes slow_ask_time{15};

} // namespace weir::api
