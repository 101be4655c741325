#pragma once
// The chain's heads as they change: ChainNotify over a WebSocket, taken up
// again with back-off when it breaks; where the node offers none, ChainHead is
// asked, the less often the longer nothing changes. Loop thread only.
//
// What is reported is what ChainNotify says, in its order, together with the
// finalized epoch after it, which never goes back. After a break the first
// change is a `current` again. While the node cannot be reached, or lags behind
// the wall clock, there are no heads, and `health` has said so.
#include "adapters/chain/rpc_client.hpp"
#include "messages/actors/chain.hpp"

namespace weir::lotus {

struct feed_options {
  std::string websocket_url; ///< empty: always ask
  std::string token;
  loop::milliseconds first_pause{500}; ///< after a break; doubled up to
  loop::milliseconds longest_pause{30'000};
  loop::milliseconds shortest_poll{1'000}; ///< doubled while nothing changes, up to
  loop::milliseconds longest_poll{15'000};
  loop::milliseconds patience{30'000}; ///< for the first value of a subscription
  /// Seconds since 1970; without it nobody looks whether the node lags.
  std::function<std::int64_t()> wall_clock;
  std::int64_t longest_lag = 300; ///< seconds
};

struct feed_events {
  std::function<void(head_changes)> heads;
  std::function<void(chain_health)> health; ///< only when it changes
};

class head_feed {
public:
  head_feed(loop::uv_loop& owner, http::client& client, rpc_client& rpc, feed_options options, feed_events events);
  head_feed(const head_feed&) = delete;
  head_feed& operator=(const head_feed&) = delete;
  ~head_feed(); ///< no event after it

  void start();
  /// What a new listener has to know: the head as `current`, or nothing yet.
  const std::optional<head_changes>& newest() const;
  const error& problem() const; ///< code none while all is well

private:
  struct core;
  std::shared_ptr<core> core_;
};

} // namespace weir::lotus
