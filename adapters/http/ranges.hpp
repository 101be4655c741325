#pragma once
// Byte ranges and conditional requests (RFC 9110, sections 13 and 14).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::http {

struct content_range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::optional<std::uint64_t> total; ///< nothing for "*"
};

/// What a Range field asks of a thing of `size` bytes.
struct range_answer {
  enum class kind {
    whole,        ///< no range, one that may be ignored (other unit, several ranges, malformed): 200
    part,         ///< 206 with `what`
    unsatisfiable ///< 416 with `Content-Range: bytes */size`
  } what = kind::whole;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  /// The Content-Range field of 206 and 416; empty for 200.
  std::string field;
};
range_answer answer_range(std::optional<std::string_view> range, std::uint64_t size);

/// As above, but a range counts only if the If-Range field, where there is
/// one, names this (strong) entity tag.
range_answer answer_range(std::optional<std::string_view> range, std::optional<std::string_view> if_range,
                          std::string_view etag, std::uint64_t size);

/// "bytes 0-9/100"
std::optional<content_range> parse_content_range(std::string_view text);

/// `"tag"`, quoted; a weak one with `W/`.
std::string entity_tag(std::string_view text, bool weak = false);

/// Whether an If-None-Match field ("*" or a list) holds the tag, compared
/// weakly: the answer is 304.
bool none_match(std::string_view if_none_match, std::string_view etag);

} // namespace weir::http
