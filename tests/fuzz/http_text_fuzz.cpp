// The text that HTTP brings: heads, targets, queries, ranges, event streams.
#include "adapters/http/guard.hpp"
#include "adapters/http/head_scanner.hpp"
#include "adapters/http/ranges.hpp"
#include "adapters/http/sse.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

namespace {

using verdict = http::head_scanner::verdict;

http::head_scanner::outcome scan(std::string_view text, std::size_t step) {
  http::head_scanner scanner{64, 1024};
  std::size_t at = 0;
  while (at < text.size()) {
    auto [what, used] = scanner.scan(text.substr(at, step));
    at += used;
    if (what != verdict::more)
      return {what, at};
  }
  return {verdict::more, at};
}

/// The verdict does not depend on how the bytes were cut.
void head(std::string_view text) {
  auto whole = scan(text, text.size() + 1);
  auto bytewise = scan(text, 1);
  fuzz::require(whole.what == bytewise.what);
  if (whole.what == verdict::done)
    fuzz::require(whole.used == bytewise.used && text.substr(0, whole.used).ends_with("\r\n\r\n"));
}

void coding(std::string_view text) {
  if (text.find('\0') == std::string_view::npos)
    fuzz::require(*http::percent_decode(http::percent_encode(text)) == text);
  if (auto query = http::query::parse(text)) {
    auto again = http::query::parse(query->text());
    fuzz::require(again.ok() && again->text() == query->text());
  }
  if (auto where = http::parse_url(text))
    fuzz::require(!where->host.empty() && where->port != 0 && where->target.starts_with('/'));
  if (auto parts = http::split_target(text))
    fuzz::require(parts->path == "*" || parts->path.starts_with('/'));
}

void ranges(std::string_view text) {
  for (std::uint64_t size : {0ull, 1ull, 100ull, ~0ull}) {
    auto range = http::answer_range(text, size);
    if (range.what == http::range_answer::kind::part) {
      fuzz::require(range.length > 0 && range.offset < size && range.length <= size - range.offset);
      auto back = http::parse_content_range(range.field);
      fuzz::require(back && back->offset == range.offset && back->length == range.length);
    }
  }
  (void)http::none_match(text, "\"x\"");
}

void events(std::string_view text) {
  std::vector<std::string> whole;
  std::vector<std::string> bytewise;
  http::sse_reader once{[&](const http::sse_event& e) { whole.push_back(e.id + e.event + e.data); }, 1000};
  http::sse_reader many{[&](const http::sse_event& e) { bytewise.push_back(e.id + e.event + e.data); }, 1000};
  bool fine = once.feed(as_bytes(text)).ok();
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!many.feed(as_bytes(text.substr(i, 1))))
      break;
  fuzz::require(!fine || whole == bytewise);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text_of(data, size);
  head(text);
  coding(text);
  ranges(text);
  events(text);
  http::request asked;
  asked.host = text;
  asked.fields.add("Origin", std::string{text});
  (void)http::check_guard({}, asked);
  return 0;
}
