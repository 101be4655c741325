#pragma once
// A server, and a hosted actor with an HTTP client that talks to it.
#include "adapters/http/client.hpp"
#include "adapters/loop/hosted.hpp"
#include "messages/actors/caf.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <optional>

namespace weir::test {

/// A port of loopback that refuses connections: bound, not listening.
class dead_port {
public:
  dead_port() : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    number_ = ntohs(address.sin_port);
  }
  dead_port(const dead_port&) = delete;
  dead_port& operator=(const dead_port&) = delete;
  ~dead_port() { ::close(fd_); }
  std::uint16_t number() const { return number_; }

private:
  int fd_;
  std::uint16_t number_;
};

struct actor_fixture : server_fixture {
  actor_fixture() : system{std::make_unique<caf::actor_system>(config)} {}
  ~actor_fixture() override { end(); }

  /// After the routes are made.
  void begin() {
    serve();
    host = std::make_unique<loop::host>(*system, loop);
    client = std::make_unique<http::client>(loop);
    base = "http://127.0.0.1:" + std::to_string(port);
  }
  void end() {
    if (host)
      host->shutdown();
    if (client)
      client->stop();
    stop();
    host.reset();
    client.reset();
    system.reset();
  }
  /// The answer to one request.
  template <class T, class Actor, class... Xs>
  result<T> ask(const Actor& whom, Xs... what) {
    caf::scoped_actor self{*system};
    std::optional<result<T>> out;
    self->request(whom, std::chrono::seconds{20}, std::move(what)...)
        .receive([&](T& answer) { out.emplace(std::move(answer)); }, [&](caf::error& e) { out.emplace(from_caf(e)); });
    return *std::move(out);
  }

  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
  std::unique_ptr<loop::host> host;
  std::unique_ptr<http::client> client;
  std::string base;
};

} // namespace weir::test
