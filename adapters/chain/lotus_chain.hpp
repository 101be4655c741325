#pragma once
// The chain as an actor, over the JSON-RPC of a Lotus node or of anything that
// speaks it (Forest, a gateway, the devnet). Runs on a loop thread.
#include "adapters/http/client.hpp"
#include "adapters/loop/hosted.hpp"
#include "messages/actors/chain.hpp"

namespace weir::lotus {

struct chain_options {
  std::string url;       ///< "http://127.0.0.1:1234/rpc/v1"
  std::string token;     ///< bearer token (`read_token_file`), or empty; never logged
  bool subscribe = true; ///< ChainNotify over a WebSocket at the same URL; else the head is asked for
  loop::milliseconds call_timeout{15'000};
  loop::milliseconds first_pause{500}; ///< before it connects again; doubled up to 30 s
  loop::milliseconds shortest_poll{1'000};
  /// Seconds since 1970, to notice a node that lags; none for a chain with a
  /// clock of its own.
  std::function<std::int64_t()> wall_clock;
  std::int64_t longest_lag = 300; ///< seconds
};

/// `client` lives on the host's loop and outlives the actor.
/// errc::invalid_argument for a URL that is neither http nor https.
result<chain_actor> spawn_lotus_chain(loop::host& host, loop::uv_loop& loop, http::client& client,
                                      chain_options options);

} // namespace weir::lotus
