#include "node/api/devnet_door.hpp"

#include "node/api/endpoints.hpp"

namespace weir::api {

namespace {

bool has_devnet(const call& c) {
  if (!c.node->devnet)
    c.fail(fail(errc::precondition, "This node runs no devnet; start it with --devnet."));
  return c.node->devnet != nullptr;
}

void look(call c) {
  if (has_devnet(c))
    c.node->devnet->pass(c, "GET", "/status", {});
}

void read(call c) {
  if (has_devnet(c))
    c.node->devnet->pass(c, "GET", "/" + http::percent_encode(c.capture("word"), true), {});
}

void act(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    if (has_devnet(ready))
      ready.node->devnet->pass(ready, "POST", "/" + http::percent_encode(ready.capture("word"), true), body.dump());
  });
}

} // namespace

void devnet_door::pass(const call& c, std::string verb, const std::string& path, const std::string& body) const {
  http::client_request r;
  r.verb = std::move(verb);
  r.url = control_ + "/devnet" + path;
  r.stall_timeout = slow_ask_time; // an advance of weeks answers when it is done
  if (!body.empty()) {
    r.fields.add("Content-Type", "application/json");
    r.body = http::owned_bytes{body};
  }
  client_.fetch(std::move(r), [c](result<http::client_response> got) {
    if (!good(c, got))
      return;
    http::response answer;
    answer.status = got->status;
    answer.fields.set("Content-Type", std::string{got->fields.get("content-type").value_or("application/json")});
    answer.body = http::owned_bytes{std::move(got->body)};
    c.reply(std::move(answer));
  });
}

endpoints devnet_endpoints() {
  return {
      {"GET", "/devnet", access::admin, "The devnet: epoch, clock.", "", "", 200, look},
      {"GET", "/devnet/{word*}", access::admin, "What the devnet's control says, as in /devnet/providers.", "", "", 200,
       read},
      {"POST", "/devnet/{word*}", access::admin,
       "The devnet's control: advance, clock, providers, fund, datacap, slash, reorg, rpc-outage, out-of-sync.", "",
       "*", 200, act},
  };
}

} // namespace weir::api
