#include "node/api/doors.hpp"

#include "adapters/http/content.hpp"
#include "adapters/http/guard.hpp"
#include "adapters/http/ranges.hpp"
#include "node/api/bytes.hpp"
#include "node/api/token_uses.hpp"
#include "storage/support/file.hpp"

#include <fcntl.h>

namespace weir::api {

namespace {

void health(const http::exchange_ptr& x) {
  x->respond(http::response::json(200, R"({"status":"ok"})"));
}

/// A content with this root whose bytes can be had; local ones first.
result<content> content_of(const records::reader& r, const cid& root) {
  WEIR_TRY(auto keys, r.keys<records::cid_contents>(root));
  std::optional<content> best;
  for (const auto& key : keys) {
    WEIR_TRY(auto found, r.find<content>(std::get<1>(key)));
    if (found && found->value.state != content_state::removed && (!best || (found->value.local && !best->local)))
      best = std::move(found->value);
  }
  if (!best)
    return fail(errc::not_found, "This node has no content with this root.", root.text());
  return *best;
}

void serve_ipfs(const call& c) {
  auto root = cid::parse(c.capture("cid"));
  if (!good(c, root))
    return;
  auto found = content_of(*c.node->newest(), *root);
  if (!good(c, found))
    return;
  auto path = c.capture("path");
  auto name = path.empty() ? found->name : path.substr(path.rfind('/') + 1);
  ask(
      c, c.node->retriever, open_read{{}, found->id, path, read_from::local_or_provider},
      [c, path, name](const read_ticket& t) {
        if (t.entry.type == directory_entry::kind::file)
          return send_bytes(c, t, name, false);
        open_ticket closes{*c.node, t};
        c.fail(fail(errc::invalid_path, "This is not a file; name a file inside it.", path));
      },
      slow_ask_time);
}

void send_piece(const http::exchange_ptr& x, const cid& id, const hosted_piece& piece) {
  auto file = open_file(piece.path, O_RDONLY);
  if (!file)
    return x->respond(http::response::problem(file.error()));
  http::content what;
  what.type = "application/piece";
  what.etag = http::entity_tag(id.text());
  what.file = loop::owned_fd{file->release()};
  what.size = piece.size;
  http::respond_content(*x, std::move(what));
}

void serve_piece(services& node, const piece_host_actor& host, const http::exchange_ptr& x) {
  auto id = cid::parse(x->request().capture("cid"));
  if (!id)
    return x->respond(http::response::problem(id.error()));
  auto refused = [x](const caf::error& e) { x->respond(http::response::problem(from_caf(e))); };
  node.self->request(host, ask_time, piece_access{*id, token_of(x->request())})
      .then([x, id = *id](const hosted_piece& piece) { send_piece(x, id, piece); }, refused);
}

} // namespace

http::router gateway_routes(services& node, access_rules rules) {
  http::router routes;
  auto serve = [&node, rules](const http::exchange_ptr& x) {
    auto who = identify(x->request(), *node.newest(), rules, node.clock());
    auto enough = who ? check_scope(*who, x->request().verb, ffs::scope::read) : status{who.error()};
    if (enough)
      node.uses->note(who->token_hash, node.clock());
    enough ? serve_ipfs(call{x, *who, &node, nullptr, {}}) : x->respond(http::response::problem(enough.error()));
  };
  routes.add("GET", "/health", health);
  routes.add("GET", "/ipfs/{cid}", serve);
  routes.add("GET", "/ipfs/{cid}/{path*}", serve);
  return routes;
}

http::handler gateway_handler(services& node, access_rules rules) {
  return http::guarded({.hosts = {}, .any_host = !rules.loopback, .origins = {}, .same_origin = true},
                       gateway_routes(node, rules).handler());
}

http::router pieces_routes(services& node, const piece_host_actor& host) {
  http::router routes;
  routes.add("GET", "/health", health);
  routes.add("GET", "/piece/{cid}", [&node, host](const http::exchange_ptr& x) { serve_piece(node, host, x); });
  return routes;
}

http::handler pieces_handler(services& node, piece_host_actor host) {
  return pieces_routes(node, host).handler();
}

} // namespace weir::api
