#pragma once
// A server on port 0 with a router, and helpers to talk to it.
#include "adapters/http/router.hpp"
#include "adapters/http/server.hpp"
#include "tests/adapters/http/raw_client.hpp"

#include <future>

namespace weir::test {

struct server_fixture : testing::Test {
  ~server_fixture() override { stop(); }

  void serve() {
    server = std::make_unique<http::server>(loop, options, routes.handler());
    loop.start();
    auto bound = server->listen();
    ASSERT_TRUE(bound) << to_string(bound.error());
    port = bound->port;
  }
  void stop() {
    if (server)
      server->stop();
    loop.stop();
    server.reset();
  }
  /// Sends the text on a connection of its own and reads until its end.
  std::string talk(std::string_view text) {
    raw_client client{port};
    client.send(text);
    client.end_sending();
    return client.receive_all();
  }
  static std::string get(std::string_view path, std::string_view more = {}) {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: x\r\n" + std::string{more} + "\r\n";
  }
  static std::string body_of(const std::string& answer) {
    auto end = answer.find("\r\n\r\n");
    return end == std::string::npos ? "" : answer.substr(end + 4);
  }
  /// Looks at a condition on the loop thread until it holds, 20 s at most.
  template <class F>
  bool eventually(F condition) {
    std::promise<bool> done;
    auto future = done.get_future();
    std::unique_ptr<loop::timer> ticking;
    int left = 10'000;
    loop.run([&] {
      ticking = std::make_unique<loop::timer>(loop);
      ticking->start(
          loop::milliseconds{0},
          [&] {
            bool holds = condition();
            if (!holds && --left > 0)
              return;
            ticking.reset();
            done.set_value(holds);
          },
          loop::milliseconds{2});
    });
    return future.get();
  }

  loop::uv_loop loop{"test"};
  http::server_options options;
  http::router routes;
  std::unique_ptr<http::server> server;
  std::uint16_t port = 0;
};

} // namespace weir::test
