#include "adapters/http/url.hpp"

#include <algorithm>
#include <charconv>

namespace weir::http {

namespace {

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'
         || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::uint16_t port_of(std::string_view scheme) {
  return scheme == "https" || scheme == "wss" ? 443 : 80;
}

} // namespace

std::string percent_encode(std::string_view text, bool keep_slash) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (unreserved(c) || (keep_slash && c == '/')) {
      out += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return fail(errc::malformed, "\"%\" must be followed by two hexadecimal digits.", std::string{text});
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0')
      return fail(errc::malformed, "A NUL byte is not allowed here.", std::string{text});
    out += c;
  }
  return out;
}

result<query> query::parse(std::string_view text) {
  query out;
  while (!text.empty()) {
    auto end = std::min(text.find('&'), text.size());
    auto item = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (item.empty())
      continue;
    auto equals = std::min(item.find('='), item.size());
    WEIR_TRY(auto name, percent_decode(item.substr(0, equals), true));
    WEIR_TRY(auto value, percent_decode(item.substr(std::min(equals + 1, item.size())), true));
    out.add(std::move(name), std::move(value));
  }
  return out;
}

std::optional<std::string_view> query::get(std::string_view name) const {
  for (const auto& [key, value] : items_)
    if (key == name)
      return value;
  return std::nullopt;
}

std::vector<std::string> query::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : items_)
    if (key == name)
      out.push_back(value);
  return out;
}

std::string query::text() const {
  std::string out;
  for (const auto& [key, value] : items_)
    out += (out.empty() ? "" : "&") + percent_encode(key) + "=" + percent_encode(value);
  return out;
}

result<target> split_target(std::string_view text) {
  target out;
  if (auto scheme = text.find("://"); scheme != std::string_view::npos && !text.starts_with('/')) {
    auto name = lower_case(text.substr(0, scheme));
    if (name != "http" && name != "https")
      return fail(errc::malformed, "The request target has a foreign scheme.", std::string{text});
    text.remove_prefix(scheme + 3);
    auto end = std::min(text.find_first_of("/?"), text.size());
    out.authority = text.substr(0, end);
    text.remove_prefix(end);
    if (out.authority.empty() || out.authority.find('@') != std::string_view::npos)
      return fail(errc::malformed, "The request target has no proper host.", std::string{out.authority});
    if (text.empty())
      text = "/";
  }
  auto mark = std::min(text.find('?'), text.size());
  out.path = text.substr(0, mark);
  out.query = text.substr(std::min(mark + 1, text.size()));
  if (out.path.empty() && !out.authority.empty())
    out.path = "/";
  if (out.path != "*" && !out.path.starts_with('/'))
    return fail(errc::malformed, "A request target begins with \"/\".", std::string{text});
  if (text.find('#') != std::string_view::npos)
    return fail(errc::malformed, "A request target has no fragment.", std::string{text});
  return out;
}

result<host_port> parse_host_port(std::string_view text) {
  host_port out;
  auto bad = [&] { return fail(errc::malformed, "This is not HOST or HOST:PORT.", std::string{text}); };
  std::string_view rest;
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == std::string_view::npos)
      return bad();
    out.host = lower_case(text.substr(1, end - 1));
    rest = text.substr(end + 1);
    if (out.host.find_first_not_of("0123456789abcdef:.") != std::string::npos)
      return bad();
  } else {
    auto colon = std::min(text.find(':'), text.size());
    out.host = lower_case(text.substr(0, colon));
    rest = text.substr(colon);
    if (!std::all_of(out.host.begin(), out.host.end(), unreserved))
      return bad();
  }
  if (out.host.empty())
    return bad();
  if (rest.empty())
    return out;
  auto digits = rest.substr(1);
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (rest[0] != ':' || digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return bad();
  return out;
}

result<url> parse_url(std::string_view text) {
  auto bad = [&](const char* why) { return fail(errc::malformed, why, std::string{text}); };
  auto mark = text.find("://");
  if (mark == std::string_view::npos)
    return bad("A URL begins with http:// or https://.");
  url out;
  out.scheme = lower_case(text.substr(0, mark));
  if (out.scheme != "http" && out.scheme != "https" && out.scheme != "ws" && out.scheme != "wss")
    return bad("Only http, https, ws and wss URLs are understood.");
  auto rest = text.substr(mark + 3);
  rest = rest.substr(0, rest.find('#'));
  auto end = std::min(rest.find_first_of("/?"), rest.size());
  auto authority = rest.substr(0, end);
  out.target = rest.substr(end);
  if (!out.target.starts_with('/'))
    out.target.insert(0, "/");
  for (char c : out.target)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
      return bad("Spaces and control characters in a URL must be percent-coded.");
  WEIR_TRY(auto where, parse_host_port(authority));
  out.host = std::move(where.host);
  out.port = where.port != 0 ? where.port : port_of(out.scheme);
  out.authority = authority;
  return out;
}

} // namespace weir::http
