#pragma once
// Requests and responses as handlers see them.
#include "adapters/http/headers.hpp"
#include "adapters/http/url.hpp"
#include "messages/types/bytes.hpp"
#include "messages/types/error.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace weir::http {

enum class method : std::uint8_t { get, head, post, put, patch, del, options, other };
std::string_view to_string(method verb);

/// "Not Found"; empty for a number nobody uses.
std::string_view reason_of(int status);

struct request {
  method verb = method::get;
  std::string verb_name;  ///< as sent, for `method::other`
  std::string raw_target; ///< as sent
  std::string path;       ///< decoded; begins with "/"
  std::string raw_path;   ///< coded: the router splits this one
  http::query params;     ///< decoded query
  std::string raw_query;
  http::headers fields;
  std::string peer; ///< "127.0.0.1:50312"
  std::string host; ///< of the Host field (or the absolute target), lower case, as sent otherwise
  bool http_1_0 = false;
  std::optional<std::uint64_t> content_length; ///< nothing when chunked
  bool has_body = false;
  std::map<std::string, std::string, std::less<>> captures; ///< filled by the router

  std::optional<std::string_view> header(std::string_view name) const { return fields.get(name); }
  /// What the router matched for {name}; empty if there is no such capture.
  std::string_view capture(std::string_view name) const;
};

/// Bytes that somebody owns: moved or shared, never copied on the way out.
struct owned_bytes {
  std::shared_ptr<const void> owner;
  bytes_view view;

  owned_bytes() = default;
  owned_bytes(std::string text);
  owned_bytes(const char* text) : owned_bytes{std::string{text}} {}
  owned_bytes(bytes data);
  /// Shares what a cache or a mapping holds.
  owned_bytes(std::shared_ptr<const void> keep, bytes_view what) : owner{std::move(keep)}, view{what} {}
};

/// Status and fields; the writer adds Date, Content-Length or
/// Transfer-Encoding, and Connection.
struct head {
  int status = 200;
  http::headers fields;
  /// Of a streamed body. Nothing: chunked (or until close for HTTP/1.0).
  std::optional<std::uint64_t> length;
};

/// A whole answer.
struct response {
  int status = 200;
  http::headers fields;
  owned_bytes body;

  static response text(int status, std::string body);
  static response json(int status, std::string body);
  static response html(int status, std::string body);
  static response empty(int status);
  /// application/problem+json (RFC 9457) with the catalogue's code; the status
  /// is the code's unless another is given.
  static response problem(const error& why, int status = 0);
};

} // namespace weir::http
