#pragma once
// What the answers of Kubo's HTTP RPC mean (internal to adapters/hot). It has
// one status for every failure; the kind is in the words.
// Source: ipfs-cluster-kubo.md 4.
#include "adapters/hot/kubo_client.hpp"

#include <nlohmann/json_fwd.hpp>

namespace weir::hot {

/// For people, in errors.
inline constexpr const char* kubo_peer = "The IPFS node";

/// `said`: Kubo's message.
error error_in_words(const std::string& said, int status);
/// Of an answer with another status than 200.
error kubo_refusal(int status, const std::string& body);
/// Of a line of an answer that is a stream of JSON.
status line_problem(const nlohmann::json& line);

/// A streamed answer: what it says at its end, in a trailer, counts, too.
struct kubo_stream {
  int status = 0;
  std::string refused_with;
  std::string trailer;

  http::call_events events(std::shared_ptr<kubo_stream> self, std::function<void(bytes_view)> data, then_status done);
  weir::status outcome(const weir::status& how) const;
};

} // namespace weir::hot
