#include "adapters/http/client.hpp"

#include "adapters/http/ranges.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <algorithm>
#include <cstring>

using namespace weir;
using http::exchange_ptr;
using http::response;
using namespace std::chrono_literals;

namespace {

struct http_client : test::server_fixture {
  void connect(http::client_options how = {}) {
    serve();
    client = std::make_unique<http::client>(loop, how);
    base = "http://127.0.0.1:" + std::to_string(port);
  }
  ~http_client() override {
    if (client)
      client->stop();
    stop();
  }
  result<http::client_response> fetch(http::client_request what) {
    std::promise<result<http::client_response>> answer;
    loop.run([&] { client->fetch(std::move(what), [&](auto got) { answer.set_value(std::move(got)); }); });
    return answer.get_future().get();
  }
  std::unique_ptr<http::client> client;
  std::string base;
};

std::string pattern(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return out;
}

} // namespace

TEST_F(http_client, fetches_sends_and_sees_status_and_fields) {
  routes.add("POST", "/up", [](const exchange_ptr& x) {
    x->read_all(1 << 20, [x](result<std::string> body) {
      auto answer = response::text(201, *body + x->request().params.get("q").value_or("").data());
      answer.fields.add("X-Seen", std::string{x->request().header("X-Mine").value_or("")});
      x->respond(std::move(answer));
    });
  });
  connect();
  auto got = fetch({.verb = "POST", .url = base + "/up?q=z", .fields = {{"X-Mine", "yes"}}, .body = "abc"});
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->status, 201);
  EXPECT_EQ(got->body, "abcz");
  EXPECT_EQ(got->fields.get("x-seen"), "yes");
  EXPECT_EQ(fetch({.url = base + "/none"})->status, 404);
  EXPECT_EQ(fetch({.verb = "HEAD", .url = base + "/none"})->body, "");
  EXPECT_EQ(fetch({.verb = "POST", .url = base + "/up"})->body, "");
}

TEST_F(http_client, errors_say_what_kind_they_are) {
  routes.add("GET", "/big", [](const exchange_ptr& x) { x->respond(response::text(200, std::string(5000, 'x'))); });
  routes.add("GET", "/endless", [](const exchange_ptr& x) {
    x->begin({.status = 200});
    x->write(std::string(5000, 'x'));
    x->end();
  });
  routes.add("GET", "/cut", [](const exchange_ptr& x) {
    x->begin({.status = 200, .length = 100});
    x->write("short");
    x->on_drain([x] { x->abort(); });
  });
  routes.add("GET", "/silent", [this](const exchange_ptr& x) { x->on_close([x] {}); });
  connect();
  EXPECT_EQ(fetch({.url = base + "/big", .max_body = 4999}).error().code, errc::too_large);
  EXPECT_EQ(fetch({.url = base + "/endless", .max_body = 4999}).error().code, errc::too_large);
  EXPECT_EQ(fetch({.url = base + "/endless", .max_body = 5000})->body.size(), 5000u);
  EXPECT_EQ(fetch({.url = base + "/cut"}).error().code, errc::unreachable);
  EXPECT_EQ(fetch({.url = base + "/silent", .timeout = 20ms}).error().code, errc::timeout);
  EXPECT_EQ(fetch({.url = "ftp://127.0.0.1/"}).error().code, errc::invalid_argument);
  auto gone = base;
  server->stop();
  EXPECT_EQ(fetch({.url = gone + "/big"}).error().code, errc::unreachable);
}

TEST_F(http_client, a_range_is_exactly_what_was_asked_for) {
  auto whole = pattern(100'000);
  auto serve_range = [&](std::uint64_t shift, std::size_t more) {
    return [&, shift, more](const exchange_ptr& x) {
      auto range = http::answer_range(x->request().header("Range"), whole.size());
      auto answer = response::text(206, whole.substr(range.offset, range.length + more));
      auto first = range.offset + shift;
      answer.fields.add("Content-Range",
                        "bytes " + std::to_string(first) + "-" + std::to_string(first + range.length - 1) + "/100000");
      x->respond(std::move(answer));
    };
  };
  routes.add("GET", "/right", serve_range(0, 0));
  routes.add("GET", "/shifted", serve_range(1, 0));
  routes.add("GET", "/more", serve_range(0, 1));
  routes.add("GET", "/ignored", [&](const exchange_ptr& x) { x->respond(response::text(200, whole)); });
  connect();
  http::byte_range range{1000, 50};
  EXPECT_EQ(fetch({.url = base + "/right", .range = range})->body, whole.substr(1000, 50));
  EXPECT_EQ(fetch({.url = base + "/shifted", .range = range}).error().code, errc::protocol);
  EXPECT_EQ(fetch({.url = base + "/ignored", .range = range}).error().code, errc::protocol);
  EXPECT_EQ(fetch({.url = base + "/more", .range = range}).error().code, errc::too_large);
  EXPECT_EQ(fetch({.url = base + "/none", .range = range})->status, 404);
}

TEST_F(http_client, a_paused_download_holds_the_server_back) {
  static constexpr std::uint64_t total = 32 << 20;
  auto sent = std::make_shared<std::uint64_t>(0);
  routes.add("GET", "/much", [&](const exchange_ptr& x) {
    x->begin({.status = 200, .length = total});
    auto more = std::make_shared<std::function<void()>>();
    *more = [x, sent, weak = std::weak_ptr{more}] {
      while (*sent < total) {
        *sent += 1 << 16;
        if (!x->write(std::string(1 << 16, 'x')))
          return x->on_drain([again = weak.lock()] { (*again)(); });
      }
      x->end();
    };
    (*more)();
  });
  connect();
  std::uint64_t received = 0;
  http::call_ptr call;
  std::promise<status> done;
  loop.run([&] {
    call = client->stream({.url = base + "/much"}, {.data =
                                                        [&](bytes_view data) {
                                                          if (received == 0)
                                                            call->pause();
                                                          received += data.size();
                                                        },
                                                    .done = [&](status how) { done.set_value(std::move(how)); }});
  });
  // The server stops when both sockets' buffers are full.
  std::uint64_t last = 0;
  int same = 0;
  ASSERT_TRUE(eventually([&] {
    same = *sent == last && last > 0 ? same + 1 : 0;
    last = *sent;
    return same > 50;
  }));
  EXPECT_LT(last, total);
  EXPECT_LE(received, 2u << 16);
  loop.run([&] { call->resume(); });
  EXPECT_TRUE(done.get_future().get());
  EXPECT_EQ(received, total);
}

TEST_F(http_client, uploads_from_a_source_that_has_to_wait) {
  routes.add("PUT", "/count", [](const exchange_ptr& x) {
    auto seen = std::make_shared<std::uint64_t>(0);
    x->read({.data = [seen](bytes_view data) { *seen += data.size(); },
             .end = [x, seen](const status&) { x->respond(response::text(200, std::to_string(*seen))); }});
  });
  connect();
  for (bool with_length : {true, false}) {
    http::call_ptr call;
    int steps = 0;
    http::upload source;
    source.read = [&](std::span<std::uint8_t> into) {
      if (++steps == 2)
        return http::upload_step::wait();
      if (steps > 4)
        return http::upload_step::end();
      std::memset(into.data(), 'x', 1000);
      return http::upload_step::bytes(1000);
    };
    if (with_length)
      source.length = 3000;
    std::promise<std::string> body;
    loop.run([&] {
      call = client->fetch({.verb = "PUT", .url = base + "/count", .source = source},
                           [&](auto got) { body.set_value(got ? got->body : to_string(got.error())); });
    });
    ASSERT_TRUE(eventually([&] { return steps == 2; }));
    loop.run([&] { call->resume_upload(); });
    EXPECT_EQ(body.get_future().get(), "3000");
  }
}

TEST_F(http_client, cancel_from_inside_and_outside) {
  routes.add("GET", "/silent", [](const exchange_ptr& x) { x->on_close([x] {}); });
  routes.add("GET", "/hello", [](const exchange_ptr& x) { x->respond(response::text(200, "hello")); });
  connect();
  std::vector<errc> ends;
  loop.run([&] {
    auto call = client->stream({.url = base + "/silent"},
                               {.done = [&](const status& how) { ends.push_back(how.error().code); }});
    call->cancel();
    call->cancel();
  });
  EXPECT_EQ(ends, std::vector<errc>{errc::cancelled});
  std::promise<status> done;
  http::call_ptr call;
  loop.run([&] {
    call = client->stream({.url = base + "/hello"}, {.data = [&](bytes_view) { call->cancel(); },
                                                     .done = [&](status how) { done.set_value(std::move(how)); }});
  });
  EXPECT_EQ(done.get_future().get().error().code, errc::cancelled);
}

TEST_F(http_client, stop_cancels_what_runs_and_refuses_what_comes) {
  routes.add("GET", "/silent", [](const exchange_ptr& x) { x->on_close([x] {}); });
  connect();
  std::promise<errc> end;
  loop.run([&] { client->fetch({.url = base + "/silent"}, [&](auto got) { end.set_value(got.error().code); }); });
  client->stop();
  EXPECT_EQ(end.get_future().get(), errc::cancelled);
  EXPECT_EQ(fetch({.url = base + "/silent"}).error().code, errc::shutting_down);
}

TEST_F(http_client, many_calls_at_a_time_over_few_connections) {
  routes.add("GET", "/n/{n}",
             [](const exchange_ptr& x) { x->respond(response::text(200, std::string{x->request().capture("n")})); });
  connect();
  std::promise<void> all;
  int left = 500;
  int wrong = 0;
  std::size_t most = 0;
  loop.run([&] {
    for (int i = 0; i < 500; ++i)
      client->fetch({.url = base + "/n/" + std::to_string(i)}, [&, i](auto got) {
        wrong += got && got->body == std::to_string(i) ? 0 : 1;
        most = std::max(most, server->figures().connections);
        if (--left == 0)
          all.set_value();
      });
  });
  all.get_future().get();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(most, 8u);
}
