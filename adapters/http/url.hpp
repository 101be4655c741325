#pragma once
// Percent coding, query strings and request targets (RFC 3986, RFC 9112 3.2),
// and the few URLs that a client needs to take apart.
#include "messages/types/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::http {

/// Everything but unreserved characters is coded; with `keep_slash` "/" stays.
std::string percent_encode(std::string_view text, bool keep_slash = false);
/// Strict: an error on "%" without two hexadecimal digits. With `plus_is_space`
/// as in a form. NUL is refused: no name of ours can hold one.
result<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// Parameters of a query, decoded, in their order; names may repeat.
class query {
public:
  static result<query> parse(std::string_view text);
  std::optional<std::string_view> get(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  bool has(std::string_view name) const { return get(name).has_value(); }
  void add(std::string name, std::string value) { items_.emplace_back(std::move(name), std::move(value)); }
  /// "a=b&c=d", coded.
  std::string text() const;
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

private:
  std::vector<std::pair<std::string, std::string>> items_;
};

/// The target of a request, taken apart but not yet decoded.
struct target {
  std::string_view path;      ///< begins with "/", or is "*"
  std::string_view query;     ///< what follows "?", without it
  std::string_view authority; ///< only of the absolute form
};
result<target> split_target(std::string_view text);

/// http://host:port/path?query; ws and wss too.
struct url {
  std::string scheme;     ///< lower case
  std::string host;       ///< without the brackets of an IPv6 address
  std::uint16_t port = 0; ///< the scheme's own if none is given
  std::string target;     ///< path and query as they were, at least "/"
  std::string authority;  ///< host and port as a Host header has them
};
result<url> parse_url(std::string_view text);

/// "host:port", "[::1]:80", "host" (port 0). For Host headers and options.
struct host_port {
  std::string host; ///< lower case, without brackets
  std::uint16_t port = 0;
};
result<host_port> parse_host_port(std::string_view text);

} // namespace weir::http
