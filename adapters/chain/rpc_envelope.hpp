#pragma once
// JSON-RPC 2.0 as go-jsonrpc speaks it (filecoin.md 4.1, 4.2): requests out,
// answers and channel notifications in; errors in our words.
#include "adapters/chain/json_read.hpp"

#include <optional>

namespace weir::lotus {

/// What kind of call it is decides how long it may take and whether it may be
/// sent again.
enum class call_kind : std::uint8_t {
  read,      ///< answered at once; may be repeated
  slow_read, ///< long lists; may be repeated
  push,      ///< has an effect; sent once
};

struct rpc_call {
  std::string method; ///< without "Filecoin."
  std::string params; ///< JSON array
  call_kind kind = call_kind::read;
};

std::string request_text(std::uint64_t id, const rpc_call& call);
/// Ends the channel that the request of this id opened.
std::string cancel_text(std::uint64_t id);

/// An error object of the node: errc::not_found for actors and deals that do
/// not exist, else errc::chain_error with the node's words.
error node_error(std::int64_t code, const std::string& message);

/// The result in an answer to the request of this id; the node's error;
/// errc::protocol for anything else.
result<json_ptr> parse_answer(std::string_view text, std::uint64_t id);

/// A message on a WebSocket.
struct incoming {
  enum class kind { answer, value, closed, other } what = kind::other;
  std::uint64_t id = 0;         ///< of the request, or of the channel
  std::optional<error> problem; ///< of an answer
  json_ptr body;                ///< result of an answer, value of a channel
};
result<incoming> parse_incoming(std::string_view text);

} // namespace weir::lotus
