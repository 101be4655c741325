#pragma once
// The deal carrier over plain HTTP, as Curio serves mk12 (filecoin.md 1.9):
// POST <base>/market/mk12/store, GET …/status and …/ask, each with a CBOR
// body. The base URLs come from the provider's multiaddresses and are tried in
// turn until one answers.
//
// A proposal is never repeated here: once any of it went out and no verdict
// came back (a 503, a lost connection, garbage), the answer is
// errc::outcome_unknown and the deal maker asks for the status first.
#include "adapters/http/client.hpp"
#include "adapters/loop/hosted.hpp"
#include "messages/actors/deals.hpp"

namespace weir::deals {

struct mk12_options {
  loop::milliseconds connect_timeout{10'000};
  loop::milliseconds ask_timeout{15'000};
  loop::milliseconds status_timeout{15'000};
  loop::milliseconds propose_timeout{60'000}; ///< acceptance includes checks on the chain
  std::size_t max_answer = 64 << 10;          ///< bytes
  std::size_t max_waiting = 1024;             ///< requests under way; more are errc::overloaded
};

/// `client` lives on the host's loop and outlives the actor.
deal_carrier_actor spawn_mk12_http(loop::host& host, http::client& client, mk12_options options = {});

} // namespace weir::deals
