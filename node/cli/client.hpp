#pragma once
// The command line's way to a node: its HTTP API, with blocking calls. Errors
// are the node's own, read back from problem+json; errc::unreachable when no
// node answers.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"
#include "node/json/value.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

using query = std::vector<std::pair<std::string, std::string>>;
/// "?a=b&c=d", coded; empty values are left out.
std::string query_text(const query& q);
/// One segment, or with `keep_slash` several, of a path of the API.
std::string coded(std::string_view text, bool keep_slash = false);

/// Fills the buffer; 0 is the end.
using byte_source = std::function<result<std::size_t>(std::span<std::uint8_t>)>;
using byte_sink = std::function<status(bytes_view)>;
/// `event` and `data` of a server-sent event; false ends the stream.
using event_sink = std::function<bool(const std::string& event, const std::string& data)>;

class client {
public:
  /// `api` is HOST:PORT or a URL.
  client(std::string api, std::string token);
  ~client();
  /// Another one to the same node, with connections of its own: for a call
  /// while a stream is open.
  explicit client(const client& other);

  /// Paths are below /api/v1 and coded already.
  result<json::value> get(const std::string& path);
  /// `body` is JSON; empty for none. Sent with an idempotency key, and once
  /// more when it is not known whether it arrived.
  result<json::value> send(const std::string& verb, const std::string& path, const std::string& body = {});
  /// Without a length the body goes in chunks.
  result<json::value> put(const std::string& path, std::optional<std::uint64_t> length, const byte_source& source);
  status download(const std::string& path, const byte_sink& sink);
  status watch(const std::string& path, const event_sink& sink);

  /// Every item of a list, page by page; `use` returns false to stop.
  status each(const std::string& path, query q, const std::function<bool(const json::value&)>& use);

  const std::string& base() const { return base_; }

private:
  struct impl;
  std::string base_;
  std::unique_ptr<impl> impl_;
};

} // namespace weir::cli
