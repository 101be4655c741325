#pragma once
// A Lotus node of a few lines: answers are set by method, the WebSocket's
// values are sent by hand.
#include "adapters/chain/lotus_chain.hpp"
#include "adapters/http/websocket.hpp"
#include "tests/adapters/actor_fixture.hpp"
#include "tests/adapters/chain/ear.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <mutex>

namespace weir::test {

using nlohmann::json;

struct fake_node : actor_fixture {
  fake_node() {
    options.drain_timeout = loop::milliseconds{10};
    routes.add("POST", "/rpc/v1", [this](const http::exchange_ptr& x) { posted(x); });
    routes.add("GET", "/rpc/v1", [this](const http::exchange_ptr& x) { upgraded(x); });
    set("ChainGetFinalizedTipSet", tipset(1));
  }
  ~fake_node() override {
    caf::anon_send_exit(listener, caf::exit_reason::user_shutdown);
    listener = nullptr;
    chain = nullptr;
    if (host)
      host->shutdown();
    if (client)
      client->stop();
    if (server)
      server->stop();
    loop.run([this] { socket.reset(); });
    end();
  }
  void begin() {
    actor_fixture::begin();
    how.url = base + "/rpc/v1";
    how.first_pause = how.shortest_poll = loop::milliseconds{1};
    auto made = lotus::spawn_lotus_chain(*host, loop, *client, how);
    ASSERT_TRUE(made) << to_string(made.error());
    chain = *made;
  }
  void listen() {
    listener = system->spawn(listening, &hears);
    auto heard = ask<nothing>(chain, atom::subscribe_v, listener);
    EXPECT_TRUE(heard) << to_string(heard.error());
  }

  void set(const std::string& method, json result) {
    std::lock_guard lock{mutex};
    answers[method] = {{"result", std::move(result)}};
  }
  void set_error(const std::string& method, int code, const std::string& message) {
    std::lock_guard lock{mutex};
    answers[method] = {{"error", {{"code", code}, {"message", message}}}};
  }
  int calls_of(const std::string& method) {
    std::lock_guard lock{mutex};
    return calls[method];
  }
  static json tipset(std::int64_t height) {
    return {{"Cids", {{{"/", cid::v1(codec::dag_cbor, hash_code::identity, as_bytes(std::to_string(height))).text()}}}},
            {"Blocks", {{{"Height", height}, {"Timestamp", 1000 + 30 * height}}}},
            {"Height", height}};
  }
  static json change(const char* type, std::int64_t height) { return {{"Type", type}, {"Val", tipset(height)}}; }
  /// Sends on the subscription.
  void notify(const json& changes) {
    EXPECT_TRUE(eventually([this] { return subscribed; }));
    loop.run([&] { socket->send_text(json{{"method", "xrpc.ch.val"}, {"params", {7, changes}}}.dump()); });
  }
  void cut() {
    loop.run([&] { socket->close(); });
  }

  json reply(const json& request) {
    std::lock_guard lock{mutex};
    auto method = request["method"].get<std::string>().substr(std::string_view{"Filecoin."}.size());
    ++calls[method];
    last_params = request["params"];
    auto out =
        answers.contains(method) ? answers[method] : json{{"error", {{"code", -32601}, {"message", "no " + method}}}};
    out["id"] = request["id"];
    return out;
  }
  void posted(const http::exchange_ptr& x) {
    x->read_all(1 << 20, [this, x](result<std::string> body) {
      token = std::string{x->request().header("Authorization").value_or("")};
      auto answer = reply(json::parse(*body));
      if (status == 0)
        return x->abort();
      x->respond(garbage.empty() ? http::response::json(status, answer.dump()) : http::response::text(status, garbage));
    });
  }
  void upgraded(const http::exchange_ptr& x) {
    if (!offers_websocket)
      return x->respond(http::response::text(404, "no"));
    ++connections;
    subscribed = false;
    socket =
        http::websocket::accept(x, loop, {}, {.message = [this](bool, const std::string& text) {
                                  auto request = json::parse(text);
                                  json answer{{"id", request["id"]}, {"result", 7}};
                                  if (!offers_notify)
                                    answer = {{"id", request["id"]}, {"error", {{"code", -32601}, {"message", "no"}}}};
                                  socket->send_text(answer.dump());
                                  subscribed = true;
                                }});
  }

  lotus::chain_options how;
  chain_actor chain;
  chain_listener listener;
  ear hears;
  std::mutex mutex;
  std::map<std::string, json> answers;
  std::map<std::string, int> calls;
  json last_params;
  std::string token, garbage;
  std::atomic<int> status{200};
  bool offers_websocket = true, offers_notify = true, subscribed = false;
  int connections = 0;
  http::websocket_ptr socket;
};

} // namespace weir::test
