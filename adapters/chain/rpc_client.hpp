#pragma once
// Calls to a Lotus node by POST: timeouts and repetition by kind of call,
// bounded answers, at most so many at a time. Loop thread only.
//
//   read       15 s each, three tries, the second after 250 ms, then 1 s
//   slow_read  2 min each, two tries
//   push       30 s, one try; errc::outcome_unknown when it may have arrived
//
// Errors: errc::unreachable, errc::timeout, errc::overloaded (too many waiting),
// errc::protocol (an answer that does not parse, or is larger than 64 MiB),
// errc::not_found and errc::chain_error (the node's words).
#include "adapters/chain/rpc_envelope.hpp"
#include "adapters/http/client.hpp"

namespace weir::lotus {

struct rpc_options {
  std::string url;   ///< "http://127.0.0.1:1234/rpc/v1"
  std::string token; ///< bearer token; empty is none; never logged
  std::size_t max_waiting = 256;
  loop::milliseconds read_timeout{15'000};
  loop::milliseconds slow_timeout{120'000};
  loop::milliseconds push_timeout{30'000};
  loop::milliseconds first_pause{250}; ///< before the second try; four times that before the third
};

class rpc_client {
public:
  using answer = std::function<void(result<json_ptr>)>;

  rpc_client(loop::uv_loop& owner, http::client& client, rpc_options options);
  rpc_client(const rpc_client&) = delete;
  rpc_client& operator=(const rpc_client&) = delete;
  ~rpc_client(); ///< ends all calls with errc::shutting_down

  void call(rpc_call what, answer done);

private:
  struct core;
  struct pending;
  std::shared_ptr<core> core_;
};

/// Header fields that carry the token, if there is one.
http::headers bearer_fields(const std::string& token);

/// First line of the file, for --chain-token-file; errors never show it.
result<std::string> read_token_file(const std::string& path);

} // namespace weir::lotus
