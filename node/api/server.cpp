#include "node/api/server.hpp"

#include "adapters/http/guard.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/health.hpp"
#include "node/api/token_uses.hpp"
#include "webui/assets.hpp"

namespace weir::api {

namespace {

void refuse(const http::exchange_ptr& x, const error& e) {
  auto answer = http::response::problem(e);
  if (e.code == errc::unauthenticated)
    answer.fields.add("WWW-Authenticate", "Bearer realm=\"weir\"");
  x->respond(std::move(answer));
}

/// Who asks, and whether that is enough; answers when it is not.
std::optional<caller> admit(const http::exchange_ptr& x, services& node, access need, std::uint32_t scope) {
  if (need == access::open)
    return caller{};
  auto who = identify(x->request(), *node.newest(), node.rules, node.clock());
  if (!who) {
    refuse(x, who.error());
    return std::nullopt;
  }
  if (need == access::admin && !who->admin) {
    refuse(x, fail(errc::forbidden, "Only the operator may do this: it needs an admin token."));
    return std::nullopt;
  }
  if (auto enough = check_scope(*who, x->request().verb, scope); !enough) {
    refuse(x, enough.error());
    return std::nullopt;
  }
  node.uses->note(who->token_hash, node.clock());
  return *who;
}

void add(http::router& routes, services& node, const endpoint& e, const std::string& path) {
  auto need = e.need;
  auto run = e.run;
  auto members = e.body;
  auto scope = e.scope;
  routes.add(e.verb, path, [&node, need, run, members, scope](const http::exchange_ptr& x) {
    if (auto who = admit(x, node, need, scope))
      run(call{x, *who, &node, nullptr, members});
  });
}

void dashboard(const http::exchange_ptr& x) {
  const auto& r = x->request();
  const auto* a = webui::find_asset(r.path);
  if (a == nullptr || (r.verb != http::method::get && r.verb != http::method::head))
    return refuse(x, fail(errc::not_found, "There is nothing at this address; the API is below /api/v1.", r.path));
  http::response answer;
  answer.fields.add("ETag", std::string{a->etag});
  answer.fields.add("Cache-Control", std::string{webui::cache_control(*a)});
  answer.fields.add("Content-Security-Policy", std::string{webui::content_security_policy});
  answer.fields.add("X-Content-Type-Options", "nosniff");
  answer.fields.add("Referrer-Policy", "no-referrer");
  if (r.header("if-none-match") == a->etag) {
    answer.status = 304;
    return x->respond(std::move(answer));
  }
  answer.fields.add("Content-Type", std::string{a->mime});
  answer.fields.add("Content-Encoding", "gzip");
  answer.body = http::owned_bytes{nullptr, bytes_view{a->gz.data(), a->gz.size()}};
  x->respond(std::move(answer));
}

} // namespace

http::router api_routes(services& node) {
  http::router routes;
  for (const auto& e : all_endpoints())
    add(routes, node, e, "/api/v1" + std::string{e.path});
  for (const auto& e : health_endpoints())
    add(routes, node, e, std::string{e.path});
  routes.fallback(dashboard);
  return routes;
}

http::handler api_handler(services& node) {
  http::guard_rules rules;
  rules.any_host = !node.rules.loopback; // every request there has a token instead
  return http::guarded(std::move(rules), api_routes(node).handler());
}

} // namespace weir::api
