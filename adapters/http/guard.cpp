#include "adapters/http/guard.hpp"

#include <algorithm>

namespace weir::http {

namespace {

bool loopback(std::string_view host) {
  if (host == "localhost" || host == "::1")
    return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool listed(const std::vector<std::string>& list, std::string_view text) {
  return std::any_of(list.begin(), list.end(), [&](const auto& each) { return same_name(each, text); });
}

bool same_origin(std::string_view origin, std::string_view host) {
  auto mark = origin.find("://");
  return mark != std::string_view::npos && same_name(origin.substr(mark + 3), host);
}

/// What a browser says of where a request comes from. "same-site" is another
/// port of this host: the gateway, which serves what strangers uploaded.
status check_origin(const guard_rules& rules, const request& what) {
  auto origin = what.header("Origin");
  if (origin && !same_origin(*origin, what.host) && !listed(rules.origins, *origin))
    return fail(errc::forbidden, "A web page of another origin may not do this.", std::string{*origin});
  auto site = what.header("Sec-Fetch-Site");
  bool own = !site || *site == "same-origin" || *site == "none" || (origin && listed(rules.origins, *origin));
  bool link = what.header("Sec-Fetch-Mode") == "navigate" && (what.verb == method::get || what.verb == method::head);
  if (!own && !link)
    return fail(errc::forbidden, "A web page of another origin may not do this.", std::string{*site});
  return {};
}

} // namespace

status check_guard(const guard_rules& rules, const request& what) {
  if (!rules.any_host) {
    auto host = parse_host_port(what.host);
    if (!host || (!loopback(host->host) && !listed(rules.hosts, host->host)))
      return fail(errc::forbidden, "This node does not answer to that host name; see --public-url.", what.host);
  }
  return rules.same_origin ? check_origin(rules, what) : status{};
}

handler guarded(guard_rules rules, handler next) {
  return [rules = std::move(rules), next = std::move(next)](exchange_ptr x) {
    auto checked = check_guard(rules, x->request());
    if (!checked)
      return x->respond(response::problem(checked.error()));
    next(std::move(x));
  };
}

} // namespace weir::http
