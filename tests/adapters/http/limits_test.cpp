// Limits, slow and rude clients, and what memory they may cost.
#include "tests/adapters/http/server_fixture.hpp"

using namespace weir;
using namespace std::chrono_literals;
using http::exchange_ptr;
using http::response;
using test::raw_client;

namespace {

struct http_limits : test::server_fixture {
  http_limits() {
    routes.add("GET", "/hello", [](const exchange_ptr& x) { x->respond(response::text(200, "hello")); });
    routes.add("PUT", "/ten", [](const exchange_ptr& x) {
      x->read_all(10, [x](result<std::string> body) {
        x->respond(body ? response::text(200, *body) : response::problem(body.error()));
      });
    });
  }
  std::string status_of(std::string_view request) {
    auto answer = talk(request);
    return answer.size() > 12 ? answer.substr(9, 3) : "none";
  }
};

/// Writes `total` bytes as the client takes them.
void pour(const exchange_ptr& x, std::uint64_t left) {
  while (left > 0) {
    auto step = std::min<std::uint64_t>(left, 64 << 10);
    left -= step;
    if (!x->write(std::string(step, 'x'))) {
      x->on_drain([x, left] { pour(x, left); });
      return;
    }
  }
  x->end();
}

} // namespace

TEST_F(http_limits, target_head_and_body) {
  options.max_target = 100;
  options.max_head = 500;
  serve();
  EXPECT_EQ(status_of(get("/hello?" + std::string(90, 'q'))), "200");
  EXPECT_EQ(status_of(get("/hello?" + std::string(100, 'q'))), "414");
  EXPECT_EQ(status_of(get("/hello", "A: " + std::string(400, 'a') + "\r\n")), "200");
  EXPECT_EQ(status_of(get("/hello", "A: " + std::string(500, 'a') + "\r\n")), "431");
  EXPECT_EQ(status_of("GET /hello HTTP/1.1\r\nHost: x\r\n" + std::string(1000, 'a')), "431");
  EXPECT_EQ(status_of("PUT /ten HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789"), "200");
  EXPECT_EQ(status_of("PUT /ten HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n0123456789a"), "413");
  EXPECT_EQ(
      status_of("PUT /ten HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n"),
      "413");
}

TEST_F(http_limits, the_servers_own_body_limit_needs_no_handler) {
  options.max_body = 5;
  serve();
  EXPECT_EQ(status_of("PUT /ten HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabcdef"), "413");
  EXPECT_EQ(status_of("PUT /ten HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde"), "200");
}

TEST_F(http_limits, a_413_reaches_a_client_that_is_still_sending) {
  serve();
  raw_client client{port};
  client.send("PUT /ten HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
  client.send(std::string(2'000'000, 'x'));
  EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 413 "));
}

TEST_F(http_limits, slow_heads_and_bodies_get_408_and_idle_connections_end) {
  options.head_timeout = 30ms;
  options.body_timeout = 30ms;
  options.idle_timeout = 30ms;
  serve();
  raw_client head{port};
  head.send("GET /hello HTT");
  EXPECT_TRUE(head.receive_all().starts_with("HTTP/1.1 408 "));
  raw_client body{port};
  body.send("PUT /ten HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(body.receive_all().starts_with("HTTP/1.1 408 "));
  raw_client idle{port};
  idle.send(get("/hello"));
  EXPECT_TRUE(idle.receive_all().ends_with("hello"));
  raw_client silent{port};
  EXPECT_EQ(silent.receive_all(), "");
  for (auto* client : {&head, &body, &idle, &silent})
    client->close();
  EXPECT_TRUE(eventually([&] { return server->figures().connections == 0; }));
}

TEST_F(http_limits, a_client_that_takes_nothing_is_dropped) {
  options.write_timeout = 50ms;
  bool left = false;
  routes.add("GET", "/much", [&](const exchange_ptr& x) {
    x->begin({.status = 200});
    x->on_close([&] { left = true; });
    pour(x, 64 << 20);
  });
  serve();
  raw_client client{port, 4096};
  client.send(get("/much"));
  EXPECT_TRUE(eventually([&] { return left && server->figures().connections == 0; }));
}

TEST_F(http_limits, connections_over_the_limit_hear_503) {
  options.max_connections = 2;
  serve();
  raw_client first{port};
  raw_client second{port};
  first.send(get("/hello"));
  first.receive_until("hello");
  second.send(get("/hello"));
  second.receive_until("hello");
  auto refused = raw_client{port}.receive_all();
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 503 ")) << refused;
  EXPECT_NE(refused.find("Retry-After: 1\r\n"), std::string::npos);
  first.close();
  EXPECT_TRUE(eventually([&] { return server->figures().connections == 1; }));
  EXPECT_EQ(status_of(get("/hello")), "200");
}

TEST_F(http_limits, a_slow_reader_costs_no_memory) {
  routes.add("GET", "/much", [&](const exchange_ptr& x) {
    x->begin({.status = 200});
    pour(x, 16 << 20);
  });
  serve();
  raw_client client{port, 4096};
  client.send(get("/much"));
  std::uint64_t most = 0;
  auto body = client.receive_until("\r\n\r\n").size();
  while (body < (8u << 20)) {
    auto part = client.receive(1 << 20).size();
    ASSERT_GT(part, 0u);
    body += part;
    most = std::max(most, server->figures().bytes_queued);
  }
  EXPECT_LE(most, options.write_watermark + (65u << 10));
}

TEST_F(http_limits, pipelining_without_reading_costs_no_memory) {
  routes.add("GET", "/big", [](const exchange_ptr& x) { x->respond(response::text(200, std::string(100'000, 'x'))); });
  serve();
  raw_client client{port, 4096};
  std::string many;
  for (int i = 0; i < 200; ++i)
    many += get("/big");
  client.send(many);
  ASSERT_TRUE(eventually([&] { return server->figures().bytes_queued > 0; }));
  EXPECT_LT(server->figures().bytes_queued, options.write_watermark + 200'000);
  std::size_t got = 0;
  while (got < 20'000'000)
    got += client.receive(1 << 20).size();
  EXPECT_EQ(server->figures().requests, 200u);
}

TEST_F(http_limits, a_paused_upload_holds_the_client_back) {
  exchange_ptr held;
  std::uint64_t seen = 0;
  routes.add("PUT", "/up", [&](const exchange_ptr& x) {
    held = x;
    x->read({.data =
                 [&, x](bytes_view data) {
                   if (seen == 0)
                     x->pause();
                   seen += data.size();
                 },
             .end =
                 [&, x](const status& how) {
                   held.reset();
                   x->respond(response::text(how ? 200 : 500, std::to_string(seen)));
                 }});
  });
  serve();
  constexpr std::size_t total = 32 << 20;
  raw_client client{port};
  std::thread sender{[&] {
    client.send("PUT /up HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(total) + "\r\n\r\n");
    client.send(std::string(total, 'u'));
  }};
  ASSERT_TRUE(eventually([&] { return seen > 0; }));
  auto before = seen;
  EXPECT_LE(before, 64u << 10);
  // A full turn of the loop while the client keeps pushing brings nothing new.
  for (int i = 0; i < 20; ++i)
    loop.run([] {});
  loop.run([&] {
    EXPECT_EQ(seen, before);
    held->resume();
  });
  EXPECT_TRUE(client.receive_until(std::to_string(total)).starts_with("HTTP/1.1 200 "));
  sender.join();
}

TEST_F(http_limits, resets_in_the_middle_of_answers_harm_nobody) {
  routes.add("GET", "/much", [&](const exchange_ptr& x) {
    x->begin({.status = 200});
    pour(x, 64 << 20);
  });
  serve();
  for (int i = 0; i < 50; ++i) {
    raw_client client{port};
    client.send(get("/much"));
    client.receive(1 + static_cast<std::size_t>(i) * 1000);
    client.reset();
  }
  EXPECT_TRUE(eventually([&] { return server->figures().connections == 0; }));
  EXPECT_EQ(status_of(get("/hello")), "200");
}

TEST_F(http_limits, a_writer_without_regard_to_the_queue_is_cut_off) {
  bool left = false;
  routes.add("GET", "/flood", [&](const exchange_ptr& x) {
    x->begin({.status = 200});
    x->on_close([&] { left = true; });
    for (int i = 0; i < 1000; ++i)
      x->write(std::string(1 << 20, 'x'));
  });
  serve();
  raw_client client{port, 4096};
  client.send(get("/flood"));
  EXPECT_TRUE(eventually([&] { return left; }));
}

TEST_F(http_limits, an_answer_shorter_or_longer_than_it_said_is_cut_off) {
  routes.add("GET", "/short", [](const exchange_ptr& x) {
    x->begin({.status = 200, .length = 10});
    x->write("12345");
    x->end();
  });
  routes.add("GET", "/long", [](const exchange_ptr& x) {
    x->begin({.status = 200, .length = 3});
    x->write("12345");
    x->end();
  });
  serve();
  EXPECT_LT(body_of(talk(get("/short"))).size(), 10u);
  EXPECT_LE(body_of(talk(get("/long"))).size(), 3u);
}

TEST_F(http_limits, a_field_value_cannot_start_a_new_field) {
  routes.add("GET", "/split", [](const exchange_ptr& x) {
    auto answer = response::text(200, "");
    answer.fields.add("Location", "/a\r\nSet-Cookie: evil=1");
    x->respond(std::move(answer));
  });
  serve();
  EXPECT_EQ(talk(get("/split")).find("\r\nSet-Cookie"), std::string::npos);
}

TEST_F(http_limits, stopping_lets_the_running_answer_end) {
  exchange_ptr held;
  routes.add("GET", "/slow", [&](const exchange_ptr& x) { held = x; });
  options.drain_timeout = 1h;
  serve();
  raw_client idle{port};
  idle.send(get("/hello"));
  idle.receive_until("hello");
  raw_client busy{port};
  busy.send(get("/slow"));
  ASSERT_TRUE(eventually([&] { return held != nullptr; }));
  std::thread stopper{[&] { server->stop(); }};
  EXPECT_EQ(idle.receive_all(), "");
  loop.run([&] { std::exchange(held, nullptr)->respond(response::text(200, "done")); });
  auto answer = busy.receive_all();
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("done"));
  busy.close();
  stopper.join();
}

TEST_F(http_limits, stopping_cuts_what_does_not_end_in_time) {
  exchange_ptr held;
  routes.add("GET", "/never", [&](const exchange_ptr& x) { held = x; });
  options.drain_timeout = 20ms;
  serve();
  raw_client client{port};
  client.send(get("/never"));
  ASSERT_TRUE(eventually([&] { return held != nullptr; }));
  server->stop();
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_FALSE(held->open());
  held->respond(response::text(200, "too late"));
}

TEST(http_exchange, may_outlive_its_loop) {
  exchange_ptr held;
  {
    loop::uv_loop home{"test"};
    home.start();
    http::server server{home, {}, [&](const exchange_ptr& x) { held = x; }};
    auto bound = server.listen();
    ASSERT_TRUE(bound);
    raw_client client{bound->port};
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    while (server.figures().requests == 0) {
    }
    home.stop();
  }
  EXPECT_FALSE(held->open());
  held.reset();
}
