#pragma once
// The fetcher of messages/actors/fetch.hpp over plain HTTP: GET /piece/{cid}
// with ranges at the base URLs of a provider's multiaddresses, tried in turn.
// Nothing but 206 with exactly the range is taken, and what comes is bounded
// by what was asked for. What the bytes are is for the caller to verify.
#include "adapters/http/client.hpp"
#include "adapters/loop/hosted.hpp"
#include "messages/actors/fetch.hpp"

namespace weir::retrieval {

struct fetcher_options {
  loop::milliseconds connect_timeout{10'000};
  loop::milliseconds range_timeout{30'000};
  std::uint32_t max_range = 4 << 20; ///< bytes: errc::too_large above it
  std::size_t max_waiting = 256;     ///< requests under way; more are errc::overloaded
  std::size_t parallel = 5;          ///< ranges of one whole piece
};

/// `client` lives on `loop`, the host's, and outlives the actor.
fetcher_actor spawn_fetcher(loop::host& host, loop::uv_loop& loop, http::client& client, fetcher_options options = {});

/// "http://host:port" of every address that speaks HTTP, in their order, each
/// once. errc::unsupported when there is none.
result<std::vector<std::string>> base_urls(const provider_endpoint& of);

} // namespace weir::retrieval
