#include "adapters/hot/peer.hpp"

#include "messages/types/base64.hpp"

#include <nlohmann/json.hpp>

namespace weir::hot {

namespace {

constexpr std::size_t max_line = 1 << 20;

} // namespace

result<credentials> parse_credentials(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.remove_suffix(1);
  auto bad = fail(errc::malformed, "Credentials are one line: USER:PASSWORD (for S3 ACCESS-KEY:SECRET-KEY), or "
                                   "bearer:TOKEN.");
  for (auto c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return bad;
  credentials out;
  if (text.starts_with("bearer:")) {
    out.bearer = text.substr(7);
    return out.bearer.empty() ? result<credentials>{bad} : out;
  }
  if (text.starts_with("basic:"))
    text.remove_prefix(6);
  auto colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size())
    return bad;
  out.user = text.substr(0, colon);
  out.secret = text.substr(colon + 1);
  return out;
}

std::string authorization(const credentials& who) {
  if (!who.bearer.empty())
    return "Bearer " + who.bearer;
  return who.user.empty() ? std::string{} : "Basic " + base64_encode(as_bytes(who.user + ":" + who.secret));
}

result<nlohmann::json> parse_answer(std::string_view peer, std::string_view body) {
  auto document = nlohmann::json::parse(body, nullptr, false);
  if (document.is_discarded())
    return fail(errc::protocol, std::string{peer} + " did not answer with JSON; is this its API?", words(body, 80));
  return document;
}

std::string text_of(const nlohmann::json& object, const char* name) {
  auto at = object.is_object() ? object.find(name) : object.end();
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

std::uint64_t number_of(const nlohmann::json& object, const char* name) {
  auto at = object.is_object() ? object.find(name) : object.end();
  return at != object.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

bool flag_of(const nlohmann::json& object, const char* name) {
  auto at = object.is_object() ? object.find(name) : object.end();
  return at != object.end() && at->is_boolean() && at->get<bool>();
}

std::string words(std::string_view text, std::size_t limit) {
  std::string out{text.substr(0, limit)};
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = ' ';
  while (out.ends_with(' '))
    out.pop_back();
  return text.size() > limit ? out + "…" : out;
}

error refused(std::string_view peer, int status, std::string_view said) {
  std::string who{peer}, number = std::to_string(status), why = said.empty() ? number : words(said);
  switch (status) {
  case 401:
    return fail(errc::unauthenticated, who + " wants other credentials.", why);
  case 403:
    return fail(errc::forbidden, who + " does not allow this: look at its list of allowed callers.", why);
  case 404:
    return fail(errc::not_found, who + " does not have it.", why);
  case 429:
  case 503:
    return fail(errc::overloaded, who + " wants fewer requests.", why);
  case 502:
  case 504:
    return fail(errc::unreachable, who + " does not answer behind its proxy.", why);
  default:
    return fail(errc::protocol, who + " refused: " + why, number);
  }
}

void json_lines::take(std::string_view line) {
  if (line.find_first_not_of(" \r\t") == line.npos)
    return;
  auto document = parse_answer(peer_, line);
  state_ = document ? visit_(*document) : status{document.error()};
}

void json_lines::feed(bytes_view data) {
  auto text = as_text(data);
  while (state_ && !text.empty()) {
    auto end = text.find('\n');
    rest_.append(text.substr(0, end));
    if (rest_.size() > max_line) {
      state_ = fail(errc::protocol, peer_ + " sends a line without an end.", {}, std::to_string(max_line));
      return;
    }
    if (end == text.npos)
      return;
    text.remove_prefix(end + 1);
    take(std::exchange(rest_, {}));
  }
}

status json_lines::finish() {
  if (state_)
    take(std::exchange(rest_, {}));
  return state_;
}

} // namespace weir::hot
