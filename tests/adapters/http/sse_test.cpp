#include "adapters/http/sse.hpp"

#include "tests/adapters/http/server_fixture.hpp"

using namespace weir;
using namespace std::chrono_literals;
using http::exchange_ptr;

TEST(sse, what_is_written_is_read_however_it_is_cut) {
  std::vector<http::sse_event> sent{
      {"1", "a.b", "one"}, {"2", "", "two\nlines"}, {"", "c", ""}, {"3", "d", "\r\nx\ry"}};
  std::string text = ": comment\n\n";
  for (const auto& event : sent)
    text += http::sse_text(event);
  for (std::size_t cut = 1; cut <= text.size(); ++cut) {
    std::vector<http::sse_event> got;
    http::sse_reader reader{[&](http::sse_event event) { got.push_back(std::move(event)); }};
    for (std::size_t at = 0; at < text.size(); at += cut)
      ASSERT_TRUE(reader.feed(as_bytes(std::string_view{text}.substr(at, cut))));
    ASSERT_EQ(got.size(), sent.size());
    EXPECT_EQ(got[0].data, "one");
    EXPECT_EQ(got[0].event, "a.b");
    EXPECT_EQ(got[0].id, "1");
    EXPECT_EQ(got[1].data, "two\nlines");
    EXPECT_EQ(got[1].event, "");
    EXPECT_EQ(got[2].data, "");
    EXPECT_EQ(got[2].id, "2") << "the last id stays";
    EXPECT_EQ(got[3].data, "\nx\ny");
  }
}

TEST(sse, all_line_ends_and_odd_lines) {
  std::vector<http::sse_event> got;
  http::sse_reader reader{[&](http::sse_event event) { got.push_back(std::move(event)); }};
  EXPECT_TRUE(reader.feed(as_bytes("data:a\r\ndata\rdata: c\n\r\nignored: x\n\ndata:d\n\n")));
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].data, "a\n\nc");
  EXPECT_EQ(got[1].data, "d");
}

TEST(sse, an_event_over_the_limit_is_an_error) {
  http::sse_reader reader{[](const http::sse_event&) {}, 100};
  EXPECT_EQ(reader.feed(as_bytes("data: " + std::string(200, 'x'))).error().code, errc::too_large);
}

struct sse_server : test::server_fixture {
  std::vector<std::shared_ptr<http::sse_stream>> streams;
  int left = 0;
  ~sse_server() override {
    loop.run([this] { streams.clear(); });
    stop();
  }
};

TEST_F(sse_server, events_heartbeats_and_a_watcher_that_leaves) {
  routes.add("GET", "/watch", [this](const exchange_ptr& x) {
    streams.push_back(http::sse_stream::open(x, loop, {}, 5ms));
    streams.back()->on_close([this] { ++left; });
    streams.back()->send({"7", "deal.active", "{}"});
  });
  serve();
  test::raw_client client{port};
  client.send(get("/watch"));
  EXPECT_NE(client.receive_until("\r\n\r\n").find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(client.receive_until("\n\n\r\n"), "");
  EXPECT_NE(client.receive_until("\n\n\r\n").find("id: 7\nevent: deal.active\ndata: {}\n\n"), std::string::npos);
  EXPECT_NE(client.receive_until(": alive\n\n"), "");
  client.close();
  EXPECT_TRUE(eventually([&] { return left == 1; }));
}

TEST_F(sse_server, a_stopped_watcher_is_told_to_wait_and_the_queue_stays_bounded) {
  routes.add("GET", "/watch", [this](const exchange_ptr& x) { streams.push_back(http::sse_stream::open(x, loop)); });
  options.write_watermark = 64 * 1024;
  serve();
  test::raw_client client{port, 4096};
  client.send(get("/watch"));
  ASSERT_TRUE(eventually([&] { return streams.size() == 1; }));
  std::size_t sent = 0;
  bool drained = false;
  loop.run([&] {
    while (streams[0]->send({"", "", std::string(1000, 'x')}))
      ++sent;
    streams[0]->on_drain([&] { drained = true; });
  });
  EXPECT_LT(server->figures().bytes_queued, 70'000u);
  while (!drained)
    if (client.receive().empty())
      break;
  EXPECT_TRUE(drained);
}

TEST_F(sse_server, a_stopping_server_ends_its_watches_at_once) {
  routes.add("GET", "/watch", [this](const exchange_ptr& x) {
    streams.push_back(http::sse_stream::open(x, loop));
    streams.back()->on_close([this] { ++left; });
  });
  options.drain_timeout = 1h; // the test would hang
  serve();
  test::raw_client client{port};
  client.send(get("/watch"));
  ASSERT_NE(client.receive_until(": open\n\n"), "");
  server->stop();
  EXPECT_TRUE(client.receive_all().ends_with("0\r\n\r\n"));
  EXPECT_EQ(left, 1);
}
