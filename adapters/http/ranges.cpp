#include "adapters/http/ranges.hpp"

#include "adapters/http/headers.hpp"

#include <algorithm>
#include <charconv>

namespace weir::http {

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t out = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return out;
}

range_answer part(std::uint64_t first, std::uint64_t last, std::uint64_t size) {
  auto field = "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(size);
  return {range_answer::kind::part, first, last - first + 1, std::move(field)};
}

range_answer unsatisfiable(std::uint64_t size) {
  return {range_answer::kind::unsatisfiable, 0, 0, "bytes */" + std::to_string(size)};
}

} // namespace

range_answer answer_range(std::optional<std::string_view> range, std::uint64_t size) {
  range_answer whole{range_answer::kind::whole, 0, size, {}};
  if (!range || range->size() < 6 || !same_name(range->substr(0, 6), "bytes="))
    return whole;
  auto spec = trimmed(range->substr(6));
  auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos)
    return whole;
  auto from = trimmed(spec.substr(0, dash));
  auto to = trimmed(spec.substr(dash + 1));
  if (from.empty()) { // the last so many bytes
    auto count = number(to);
    if (!count)
      return whole;
    if (*count == 0 || size == 0)
      return unsatisfiable(size);
    return part(size - std::min(*count, size), size - 1, size);
  }
  auto first = number(from);
  auto last = to.empty() ? std::optional{UINT64_MAX} : number(to);
  if (!first || !last || *last < *first)
    return whole;
  if (*first >= size)
    return unsatisfiable(size);
  return part(*first, std::min(*last, size - 1), size);
}

range_answer answer_range(std::optional<std::string_view> range, std::optional<std::string_view> if_range,
                          std::string_view etag, std::uint64_t size) {
  if (if_range && (*if_range != etag || etag.starts_with("W/")))
    range.reset();
  return answer_range(range, size);
}

std::optional<content_range> parse_content_range(std::string_view text) {
  if (text.size() < 6 || !same_name(text.substr(0, 6), "bytes "))
    return std::nullopt;
  text.remove_prefix(6);
  auto dash = text.find('-');
  auto slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash)
    return std::nullopt;
  auto first = number(text.substr(0, dash));
  auto last = number(text.substr(dash + 1, slash - dash - 1));
  auto total = text.substr(slash + 1);
  if (!first || !last || *last < *first || (total != "*" && !number(total)))
    return std::nullopt;
  if (number(total) && *last >= *number(total))
    return std::nullopt;
  return content_range{*first, *last - *first + 1, number(total)};
}

std::string entity_tag(std::string_view text, bool weak) {
  return (weak ? "W/\"" : "\"") + std::string{text} + "\"";
}

bool none_match(std::string_view if_none_match, std::string_view etag) {
  auto strong = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
  while (!if_none_match.empty()) {
    auto comma = std::min(if_none_match.find(','), if_none_match.size());
    auto tag = trimmed(if_none_match.substr(0, comma));
    if (tag == "*" || (!tag.empty() && strong(tag) == strong(etag)))
      return true;
    if_none_match.remove_prefix(std::min(comma + 1, if_none_match.size()));
  }
  return false;
}

} // namespace weir::http
