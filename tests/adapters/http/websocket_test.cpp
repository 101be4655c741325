#include "adapters/http/websocket.hpp"

#include "tests/adapters/http/server_fixture.hpp"

using namespace weir;
using namespace std::chrono_literals;
using http::exchange_ptr;
using http::websocket_ptr;
using http::ws_opcode;
namespace ws_code = http::ws_code;

namespace {

/// What one side of a connection heard.
struct side {
  websocket_ptr socket;
  std::vector<std::string> messages;
  std::vector<std::uint16_t> ends;
  bool drained = false;
  http::websocket_events events() {
    return {.message = [this](bool, std::string data) { messages.push_back(std::move(data)); },
            .closed =
                [this](std::uint16_t code, const std::string&) {
                  ends.push_back(code);
                  socket.reset();
                },
            .drained = [this] { drained = true; }};
  }
};

struct websockets : test::server_fixture {
  websockets() {
    routes.add("GET", "/ws", [this](const exchange_ptr& x) {
      there.socket = http::websocket::accept(x, loop, there_options, there.events());
    });
    routes.add("GET", "/plain", [](const exchange_ptr& x) { x->respond(http::response::text(200, "no")); });
    routes.add("GET", "/echo", [this](const exchange_ptr& x) {
      auto self = std::make_shared<std::weak_ptr<http::websocket>>();
      auto socket = http::websocket::accept(x, loop, {}, {.message = [self](bool text, const std::string& data) {
                                              auto to = self->lock();
                                              text ? to->send_text(data) : to->send_binary(data);
                                            }});
      *self = socket;
    });
  }
  ~websockets() override {
    if (client)
      client->stop();
    if (server)
      server->stop();
    loop.run([this] {
      here.socket.reset();
      there.socket.reset();
    });
    stop();
  }
  void listen() {
    serve();
    client = std::make_unique<http::client>(loop);
  }
  status open(const std::string& path, side& into, http::websocket_options how = {}) {
    std::promise<status> opened;
    loop.run([&] {
      http::websocket::connect(*client, {.url = "ws://127.0.0.1:" + std::to_string(port) + path}, how, into.events(),
                               [&](result<websocket_ptr> got) {
                                 if (got)
                                   into.socket = *got;
                                 opened.set_value(got ? status{} : status{got.error()});
                               });
    });
    return opened.get_future().get();
  }
  /// A hand-made client after its handshake.
  std::unique_ptr<test::raw_client> raw(const std::string& path = "/ws") {
    auto out = std::make_unique<test::raw_client>(port);
    out->send(get(path, "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    auto answer = out->receive_until("\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << answer;
    EXPECT_NE(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
    EXPECT_NE(answer.find("Connection: Upgrade\r\n"), std::string::npos);
    return out;
  }

  side here, there;
  http::websocket_options there_options;
  std::unique_ptr<http::client> client;
};

constexpr std::uint8_t mask[4] = {9, 8, 7, 6};

} // namespace

TEST_F(websockets, messages_both_ways_and_an_orderly_end) {
  listen();
  ASSERT_TRUE(open("/ws", here));
  loop.run([&] {
    here.socket->send_text("to the server");
    there.socket->send_text("to the client");
    there.socket->send_binary(std::string(3 << 20, 'b'));
  });
  ASSERT_TRUE(eventually([&] { return there.messages.size() == 1 && here.messages.size() == 2; }));
  EXPECT_EQ(there.messages[0], "to the server");
  EXPECT_EQ(here.messages[0], "to the client");
  EXPECT_EQ(here.messages[1], std::string(3 << 20, 'b'));
  loop.run([&] { here.socket->close(1000, "done"); });
  ASSERT_TRUE(eventually([&] { return !here.ends.empty() && !there.ends.empty(); }));
  EXPECT_EQ(here.ends, std::vector<std::uint16_t>{1000});
  EXPECT_EQ(there.ends, std::vector<std::uint16_t>{1000});
}

TEST_F(websockets, the_server_may_end_it_too) {
  listen();
  ASSERT_TRUE(open("/ws", here));
  loop.run([&] { there.socket->close(ws_code::going_away); });
  ASSERT_TRUE(eventually([&] { return !here.ends.empty() && !there.ends.empty(); }));
  EXPECT_EQ(here.ends, std::vector<std::uint16_t>{1001});
  EXPECT_EQ(there.ends, std::vector<std::uint16_t>{1001});
}

TEST_F(websockets, many_messages_come_in_order) {
  listen();
  ASSERT_TRUE(open("/echo", here));
  loop.run([&] {
    for (int i = 0; i < 20'000; ++i)
      here.socket->send_text("message " + std::to_string(i));
  });
  ASSERT_TRUE(eventually([&] { return here.messages.size() == 20'000; }));
  for (int i = 0; i < 20'000; ++i)
    ASSERT_EQ(here.messages[static_cast<std::size_t>(i)], "message " + std::to_string(i));
}

TEST_F(websockets, a_refused_upgrade_and_nobody_there) {
  listen();
  EXPECT_EQ(open("/plain", here).error().code, errc::protocol);
  EXPECT_EQ(open("/none", here).error().code, errc::protocol);
  server->stop();
  EXPECT_EQ(open("/ws", here).error().code, errc::unreachable);
  EXPECT_TRUE(here.ends.empty());
}

TEST_F(websockets, requests_that_are_no_proper_upgrade) {
  listen();
  EXPECT_TRUE(talk(get("/ws")).starts_with("HTTP/1.1 400 "));
  auto old = talk(get("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  EXPECT_TRUE(old.starts_with("HTTP/1.1 426 ")) << old;
  EXPECT_NE(old.find("Sec-WebSocket-Version: 13\r\n"), std::string::npos);
}

TEST_F(websockets, a_ping_is_answered_and_a_broken_rule_is_named) {
  listen();
  auto peer = raw();
  peer->send(http::ws_frame(ws_opcode::ping, "hi", mask));
  EXPECT_EQ(peer->receive(4), http::ws_frame(ws_opcode::pong, "hi", nullptr));
  peer->send(http::ws_frame(ws_opcode::text, "unmasked", nullptr));
  auto goodbye = peer->receive_all();
  EXPECT_EQ(goodbye, http::ws_frame(ws_opcode::close, http::ws_close_payload(1002, ""), nullptr));
  peer->close();
  ASSERT_TRUE(eventually([&] { return !there.ends.empty(); }));
  EXPECT_EQ(there.ends, std::vector<std::uint16_t>{1002});
}

TEST_F(websockets, frames_right_behind_the_handshake_are_heard) {
  listen();
  test::raw_client peer{port};
  peer.send(get("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
            + http::ws_frame(ws_opcode::text, "early", mask));
  EXPECT_TRUE(eventually([&] { return there.messages == std::vector<std::string>{"early"}; }));
}

TEST_F(websockets, a_broken_connection_is_1006) {
  listen();
  auto peer = raw();
  peer->reset();
  ASSERT_TRUE(eventually([&] { return !there.ends.empty(); }));
  EXPECT_EQ(there.ends, std::vector<std::uint16_t>{1006});
}

TEST_F(websockets, a_silent_peer_is_dropped) {
  there_options.ping_interval = 10ms;
  listen();
  auto peer = raw();
  EXPECT_EQ(peer->receive(2), http::ws_frame(ws_opcode::ping, "", nullptr));
  ASSERT_TRUE(eventually([&] { return !there.ends.empty(); }));
  EXPECT_EQ(there.ends, std::vector<std::uint16_t>{1006});
}

TEST_F(websockets, a_slow_reader_is_told_of_and_cut_off_when_ignored) {
  there_options.watermark = 64 << 10;
  there_options.max_queue = 1 << 20;
  listen();
  auto peer = raw();
  int until_told = 0;
  loop.run([&] {
    while (there.socket->send_binary(std::string(16 << 10, 'x')))
      ++until_told;
    EXPECT_LE(there.socket->queued(), (64u << 10) + (17u << 10));
  });
  std::size_t got = 0;
  while (!there.drained && got < (64u << 20))
    got += peer->receive().size();
  EXPECT_TRUE(there.drained);
  loop.run([&] {
    for (int i = 0; i < 10'000 && there.socket; ++i)
      there.socket->send_binary(std::string(16 << 10, 'x'));
  });
  EXPECT_EQ(there.ends, std::vector<std::uint16_t>{1006});
}

TEST_F(websockets, a_stopping_server_and_a_stopping_client_say_so) {
  listen();
  ASSERT_TRUE(open("/ws", here));
  server->stop();
  ASSERT_TRUE(eventually([&] { return !here.ends.empty(); }));
  EXPECT_EQ(here.ends, std::vector<std::uint16_t>{1001});
}

TEST_F(websockets, a_stopped_client_ends_its_sockets) {
  listen();
  ASSERT_TRUE(open("/ws", here));
  client->stop();
  ASSERT_TRUE(eventually([&] { return !here.ends.empty() && !there.ends.empty(); }));
  EXPECT_EQ(here.ends, std::vector<std::uint16_t>{1006});
}
