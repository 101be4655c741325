#pragma once
// Answers with a thing that has a size: HEAD, one range (206, 416),
// If-Range, If-None-Match (304), by sendfile(2) or from memory.
#include "adapters/http/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir::http {

/// By the extension of a name; application/octet-stream for what is unknown.
std::string_view mime_type(std::string_view name);

struct content {
  std::string type = "application/octet-stream";
  std::string etag;     ///< with its quotes (`entity_tag`); empty: none
  http::headers fields; ///< more of them
  loop::owned_fd file;  ///< an open file whose first `size` bytes are the thing, or
  std::uint64_t size = 0;
  owned_bytes memory; ///< … the bytes themselves (`file` not set)
};

void respond_content(exchange& x, content what);

/// What to do with a thing that is streamed from elsewhere: the head to begin
/// with and the part of it to send, or the whole answer at once (304, 416).
struct content_plan {
  head first;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::optional<response> answer;
};
content_plan plan_content(const request& asked, std::uint64_t size, std::string_view type, std::string_view etag,
                          headers fields = {});

} // namespace weir::http
