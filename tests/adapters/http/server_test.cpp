#include "tests/adapters/http/server_fixture.hpp"

#include <future>

using namespace weir;
using http::exchange_ptr;
using http::response;
using testing::Test;
using weir::test::raw_client;

struct http_server : test::server_fixture {
  http_server() {
    routes.add("GET", "/hello", [](const exchange_ptr& x) { x->respond(response::text(200, "hello\n")); });
    routes.add("GET", "/named/{who}", [](const exchange_ptr& x) {
      x->respond(response::text(200, std::string{x->request().capture("who")}));
    });
    routes.add("PUT", "/echo", [](const exchange_ptr& x) {
      x->read_all(1 << 20, [x](result<std::string> body) {
        x->respond(body ? response::text(200, *body) : response::problem(body.error()));
      });
    });
  }
};

TEST_F(http_server, answers_a_get_and_keeps_the_connection) {
  serve();
  raw_client client{port};
  for (int i = 0; i < 3; ++i) {
    client.send(get("/hello"));
    auto head = client.receive_until("\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
    EXPECT_NE(head.find("Content-Length: 6\r\n"), std::string::npos);
    EXPECT_EQ(client.receive_until("\n"), "hello\n");
  }
}

TEST_F(http_server, answers_pipelined_requests_in_order) {
  serve();
  std::string many;
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    many += get("/named/n" + std::to_string(i) + "-");
    expected += "n" + std::to_string(i) + "-";
  }
  auto answer = talk(many);
  std::string bodies;
  for (std::size_t at = 0; (at = answer.find("\r\n\r\n", at)) != std::string::npos;) {
    at += 4;
    bodies += answer.substr(at, answer.find("HTTP/1.1", at) - at);
  }
  EXPECT_EQ(bodies, expected);
}

TEST_F(http_server, a_reader_that_pauses_at_the_last_byte_hears_the_end) {
  std::promise<void> resumed;
  routes.add("PUT", "/slow", [&](const exchange_ptr& x) {
    auto got = std::make_shared<std::string>();
    x->read({[&, x, got](bytes_view part) {
               EXPECT_GT(part.size(), 0u);
               got->append(reinterpret_cast<const char*>(part.data()), part.size());
               x->pause();
               loop.wake([&, x, first = got->size() == 2] {
                 x->resume();
                 if (first)
                   resumed.set_value();
               });
             },
             [x, got](const status& s) { x->respond(response::text(s ? 200 : 400, *got)); }});
  });
  serve();
  raw_client client{port};
  client.send("PUT /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_TRUE(client.receive_until("abc").starts_with("HTTP/1.1 200 "));
  client.send("PUT /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  resumed.get_future().wait();
  client.send("cde");
  EXPECT_TRUE(client.receive_until("abcde").starts_with("HTTP/1.1 200 "));
  client.send("PUT /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.send("2\r\nde\r\n0\r\n\r\n" + get("/hello"));
  EXPECT_TRUE(client.receive_until("abcde").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(client.receive_until("hello\n").starts_with("HTTP/1.1 200 "));
}

TEST_F(http_server, takes_a_request_byte_by_byte) {
  serve();
  raw_client client{port};
  for (char c : std::string{
           "PUT /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"})
    client.send({&c, 1});
  client.receive_until("\r\n\r\n");
  EXPECT_EQ(client.receive_until("e"), "abcde");
}

TEST_F(http_server, head_has_the_length_and_no_body) {
  serve();
  auto answer = talk("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 6\r\n"), std::string::npos);
  EXPECT_EQ(body_of(answer), "");
}

TEST_F(http_server, http_1_0_is_closed_after_the_answer) {
  serve();
  raw_client client{port};
  client.send("GET /hello HTTP/1.0\r\n\r\n");
  auto answer = client.receive_all();
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(body_of(answer), "hello\n");
}

TEST_F(http_server, says_continue_when_the_handler_starts_to_read) {
  serve();
  raw_client client{port};
  client.send("PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_TRUE(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(client.receive_until("abc"), "abc");
}

TEST_F(http_server, a_refusal_instead_of_continue_closes) {
  serve();
  raw_client client{port};
  client.send("PUT /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  auto answer = client.receive_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 404 ")) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
}

TEST_F(http_server, an_exchange_without_an_answer_is_a_500) {
  routes.add("GET", "/forgets", [](const exchange_ptr&) {});
  routes.add("GET", "/throws", [](const exchange_ptr&) { throw std::runtime_error{"no"}; });
  serve();
  EXPECT_TRUE(talk(get("/forgets")).starts_with("HTTP/1.1 500 "));
  EXPECT_TRUE(talk(get("/throws")).starts_with("HTTP/1.1 500 "));
}

TEST_F(http_server, an_answer_from_another_thread_by_way_of_the_loop) {
  std::thread helper;
  routes.add("GET", "/later", [&](const exchange_ptr& x) {
    helper = std::thread{[this, mine = exchange_ptr{x}]() mutable {
      loop.post([mine] { mine->respond(response::text(200, "later")); });
      mine.reset();
    }};
  });
  serve();
  EXPECT_EQ(body_of(talk(get("/later"))), "later");
  helper.join();
}

TEST_F(http_server, unknown_paths_and_methods) {
  serve();
  EXPECT_TRUE(talk(get("/nothing")).starts_with("HTTP/1.1 404 "));
  auto answer = talk("DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 405 ")) << answer;
  EXPECT_NE(answer.find("Allow: GET, HEAD, OPTIONS\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(talk("BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 501 "));
}

TEST_F(http_server, streams_chunks_in_order_and_keeps_the_connection) {
  routes.add("GET", "/count", [](const exchange_ptr& x) {
    x->begin({.status = 200});
    for (int i = 0; i < 50; ++i)
      x->write(std::string(i % 7 == 0 ? 5000 : 3, static_cast<char>('a' + i % 26)));
    x->end();
  });
  serve();
  raw_client client{port};
  for (int round = 0; round < 2; ++round) {
    client.send(get("/count"));
    EXPECT_NE(client.receive_until("\r\n\r\n").find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    for (int i = 0; i < 50; ++i) {
      auto size = std::stoul(client.receive_until("\r\n"), nullptr, 16);
      std::string expected(i % 7 == 0 ? 5000 : 3, static_cast<char>('a' + i % 26));
      ASSERT_EQ(size, expected.size());
      ASSERT_EQ(client.receive_until("\r\n"), expected + "\r\n");
    }
    EXPECT_EQ(client.receive_until("\r\n\r\n"), "0\r\n\r\n");
  }
}

TEST_F(http_server, a_port_in_use_is_said_with_its_address) {
  serve();
  http::server_options same;
  same.port = port;
  http::server second{loop, same, routes.handler()};
  auto bound = second.listen();
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, errc::already_exists);
  EXPECT_EQ(bound.error().value, "127.0.0.1:" + std::to_string(port));
}

TEST_F(http_server, a_host_that_is_no_address_is_refused) {
  options.host = "no.such.host";
  server = std::make_unique<http::server>(loop, options, routes.handler());
  loop.start();
  auto bound = server->listen();
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, errc::invalid_argument);
}
