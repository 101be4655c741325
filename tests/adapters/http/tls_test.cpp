// https:// and wss://, with certificates that are checked.
#include "adapters/http/websocket.hpp"
#include "tests/adapters/http/server_fixture.hpp"
#include "tests/adapters/http/tls_front.hpp"
#include "tests/support/temp_dir.hpp"

using namespace weir;
using http::exchange_ptr;
using http::websocket_ptr;

namespace {

struct http_tls : test::server_fixture {
  http_tls() {
    routes.add("GET", "/hello",
               [](const exchange_ptr& x) { x->respond(http::response::text(200, std::string(200'000, 'h'))); });
    routes.add("GET", "/ws", [this](const exchange_ptr& x) {
      there = http::websocket::accept(x, loop, {}, {.message = [this](bool, const std::string& data) {
                                        if (there)
                                          there->send_text(data);
                                      }});
    });
  }
  ~http_tls() override {
    client->stop();
    server->stop();
    loop.run([this] { there.reset(); });
    front.reset();
    stop();
  }
  void listen(bool trusted) {
    serve();
    front = std::make_unique<test::tls_front>(port, dir.path());
    http::client_options how;
    if (trusted)
      how.ca_file = (dir / "cert.pem").string();
    client = std::make_unique<http::client>(loop, how);
  }
  std::string at(const std::string& scheme, const std::string& path) {
    return scheme + "://127.0.0.1:" + std::to_string(front->port()) + path;
  }
  test::temp_dir dir;
  std::unique_ptr<test::tls_front> front;
  std::unique_ptr<http::client> client;
  websocket_ptr there;
};

} // namespace

TEST_F(http_tls, a_call_and_an_unknown_certificate) {
  listen(true);
  http::client stranger{loop};
  std::promise<result<http::client_response>> fine;
  std::promise<result<http::client_response>> refused;
  loop.run([&] { client->fetch({.url = at("https", "/hello")}, [&](auto got) { fine.set_value(got); }); });
  auto got = fine.get_future().get();
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->body.size(), 200'000u);
  client->stop();
  loop.run([&] { stranger.fetch({.url = at("https", "/hello")}, [&](auto answer) { refused.set_value(answer); }); });
  EXPECT_EQ(refused.get_future().get().error().code, errc::unreachable);
}

TEST_F(http_tls, a_secure_websocket_with_many_and_large_messages) {
  listen(true);
  websocket_ptr here;
  std::vector<std::string> heard;
  std::vector<std::uint16_t> ends;
  std::promise<status> opened;
  loop.run([&] {
    http::websocket::connect(*client, {.url = at("wss", "/ws")}, {},
                             {.message = [&](bool, std::string data) { heard.push_back(std::move(data)); },
                              .closed = [&](std::uint16_t code, const std::string&) { ends.push_back(code); }},
                             [&](result<websocket_ptr> got) {
                               if (got)
                                 here = *got;
                               opened.set_value(got ? status{} : status{got.error()});
                             });
  });
  auto how = opened.get_future().get();
  ASSERT_TRUE(how) << to_string(how.error());
  loop.run([&] {
    for (int i = 0; i < 500; ++i)
      here->send_text("m" + std::to_string(i));
    here->send_text(std::string(1 << 20, 'l'));
  });
  ASSERT_TRUE(eventually([&] { return heard.size() == 501; }));
  EXPECT_EQ(heard[499], "m499");
  EXPECT_EQ(heard[500].size(), 1u << 20);
  loop.run([&] { here->close(); });
  EXPECT_TRUE(eventually([&] { return !ends.empty(); }));
  EXPECT_EQ(ends, std::vector<std::uint16_t>{1000});
  loop.run([&] { here.reset(); });
}

TEST_F(http_tls, a_websocket_with_an_unknown_certificate) {
  listen(false);
  std::promise<errc> end;
  loop.run([&] {
    http::websocket::connect(*client, {.url = at("wss", "/ws")}, {}, {},
                             [&](result<websocket_ptr> got) { end.set_value(got ? errc::none : got.error().code); });
  });
  EXPECT_EQ(end.get_future().get(), errc::unreachable);
}
