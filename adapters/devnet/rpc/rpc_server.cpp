#include "adapters/devnet/rpc/rpc_server.hpp"

namespace weir::devnet::rpc {

namespace {

constexpr std::uint64_t max_request = 100 << 20; // Lotus'
constexpr std::size_t max_sockets = 256;

http::response reply_of(std::string text, int status) {
  return http::response::json(status, std::move(text));
}

} // namespace

struct rpc_server::socket {
  http::websocket_ptr connection;
  std::unique_ptr<session> subscriptions;
};

rpc_server::rpc_server(loop::uv_loop& loop, context c, std::string token)
    : loop_{loop}, dispatcher_{c}, token_{std::move(token)} {}

rpc_server::~rpc_server() {
  close_sockets();
}

void rpc_server::add_routes(http::router& routes) {
  routes.add("POST", "/rpc/v1", [this](http::exchange_ptr x) { on_post(x); });
  routes.add("GET", "/rpc/v1", [this](http::exchange_ptr x) { on_upgrade(x); });
}

/// False: it is answered already.
bool rpc_server::admitted(http::exchange& x) {
  if (outage_) {
    x.abort();
    return false;
  }
  if (token_.empty())
    return true;
  auto& r = x.request();
  auto header = r.header("Authorization");
  auto given = header && header->starts_with("Bearer ") ? header->substr(7) : r.params.get("token").value_or("");
  if (given == token_)
    return true;
  x.respond(http::response::empty(401));
  return false;
}

void rpc_server::on_post(const http::exchange_ptr& x) {
  if (!admitted(*x))
    return;
  last_call_ = loop_.now();
  x->read_all(max_request, [this, x](result<std::string> body) {
    if (!body)
      return x->respond(http::response::empty(400));
    std::weak_ptr<http::exchange> waits = x;
    dispatcher_.handle(
        *body, nullptr,
        [this, x](std::string text, int status) {
          last_call_ = loop_.now();
          x->respond(reply_of(std::move(text), status));
        },
        [waits] {
          auto x = waits.lock();
          return x && x->open();
        });
  });
}

void rpc_server::on_upgrade(const http::exchange_ptr& x) {
  if (!admitted(*x))
    return;
  if (sockets_.size() >= max_sockets)
    return x->respond(http::response::empty(503));
  last_call_ = loop_.now();
  auto number = next_socket_++;
  auto s = std::make_shared<socket>();
  std::weak_ptr<socket> weak = s;
  http::websocket_events events;
  events.message = [this, weak](bool, std::string text) {
    auto s = weak.lock(); // gone with the server
    if (!s || outage_)
      return;
    last_call_ = loop_.now();
    auto send = [weak](std::string reply, int) {
      if (auto s = weak.lock(); s && s->connection && !reply.empty())
        s->connection->send_text(reply);
    };
    dispatcher_.handle(text, s->subscriptions.get(), send, [weak] { return !weak.expired(); });
  };
  events.closed = [this, number, loop = &loop_, life = std::weak_ptr{life_}](std::uint16_t, const std::string&) {
    // Not inside the connection's own call, and perhaps after the server's end.
    loop->wake([this, number, life] {
      if (!life.expired())
        sockets_.erase(number);
    });
  };
  s->subscriptions = std::make_unique<session>(dispatcher_.where(), [weak](std::string text) {
    if (auto s = weak.lock(); s && s->connection)
      s->connection->send_text(text);
  });
  s->connection = http::websocket::accept(x, loop_, {}, std::move(events));
  if (s->connection)
    sockets_[number] = std::move(s);
}

void rpc_server::set_outage(bool on) {
  outage_ = on;
  if (on)
    close_sockets();
}

void rpc_server::close_sockets() {
  auto all = std::move(sockets_);
  sockets_.clear();
  for (auto& [number, s] : all)
    s->connection->close(1001, "the node goes away");
}

bool rpc_server::drained() const {
  for (auto& [number, s] : sockets_)
    if (s->connection && s->connection->queued() > 0)
      return false;
  return true;
}

} // namespace weir::devnet::rpc
