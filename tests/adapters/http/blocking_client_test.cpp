#include "adapters/http/blocking_client.hpp"

#include "adapters/http/sse.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <cstring>

using namespace weir;
using http::exchange_ptr;
using http::response;

struct blocking : test::server_fixture {
  void connect() {
    serve();
    base = "http://127.0.0.1:" + std::to_string(port);
  }
  http::blocking_client client;
  std::string base;
};

TEST_F(blocking, fetches_over_one_connection) {
  routes.add("GET", "/peer", [](const exchange_ptr& x) { x->respond(response::text(200, x->request().peer)); });
  connect();
  auto first = client.fetch({.url = base + "/peer"});
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_EQ(first->body, client.fetch({.url = base + "/peer"})->body);
  EXPECT_EQ(client.fetch({.url = base + "/none"})->status, 404);
}

TEST_F(blocking, uploads_a_stream_with_continue) {
  routes.add("PUT", "/up", [](const exchange_ptr& x) {
    auto seen = std::make_shared<std::uint64_t>(0);
    x->read({.data = [seen](bytes_view data) { *seen += data.size(); },
             .end = [x, seen](const status&) { x->respond(response::text(200, std::to_string(*seen))); }});
  });
  connect();
  std::uint64_t left = 5 << 20;
  http::upload source;
  source.length = left;
  source.read = [&](std::span<std::uint8_t> into) {
    auto step = std::min<std::uint64_t>(left, into.size());
    std::memset(into.data(), 'x', step);
    left -= step;
    return step > 0 ? http::upload_step::bytes(step) : http::upload_step::end();
  };
  EXPECT_EQ(client.fetch({.verb = "PUT", .url = base + "/up", .source = source})->body, std::to_string(5 << 20));
}

TEST_F(blocking, an_early_refusal_of_an_upload_is_its_answer) {
  routes.add("PUT", "/up", [](const exchange_ptr& x) { x->respond(response::problem(fail(errc::unauthenticated))); });
  connect();
  http::upload source;
  source.read = [&](std::span<std::uint8_t> into) { return http::upload_step::bytes(into.size()); };
  auto got = client.fetch({.verb = "PUT", .url = base + "/up", .source = source});
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->status, 401);
}

TEST_F(blocking, a_sink_and_another_thread_can_end_a_watch) {
  routes.add("GET", "/watch", [](const exchange_ptr& x) {
    x->begin({.status = 200});
    x->write(http::sse_text({"1", "a", "b"}));
    x->on_close([x] {});
  });
  connect();
  std::vector<std::string> ids;
  http::sse_reader reader{[&](const http::sse_event& event) { ids.push_back(event.id); }};
  auto how = client.stream({.url = base + "/watch"},
                           {.data = [&](bytes_view data) { return reader.feed(data).ok() && ids.empty(); }});
  EXPECT_EQ(how.error().code, errc::cancelled);
  EXPECT_EQ(ids, std::vector<std::string>{"1"});
  std::thread other;
  how = client.stream({.url = base + "/watch"}, {.data = [&](bytes_view) {
                        other = std::thread{[&] { client.cancel(); }};
                        return true;
                      }});
  EXPECT_EQ(how.error().code, errc::cancelled);
  other.join();
  EXPECT_EQ(client.fetch({.url = base + "/watch"}).error().code, errc::cancelled);
}

TEST_F(blocking, nobody_there) {
  connect();
  server->stop();
  EXPECT_EQ(client.fetch({.url = base + "/"}).error().code, errc::unreachable);
}
