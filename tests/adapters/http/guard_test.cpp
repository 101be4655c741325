#include "adapters/http/guard.hpp"

#include "tests/adapters/http/server_fixture.hpp"

using namespace weir;

namespace {

status check(const http::guard_rules& rules, std::string host, http::headers fields,
             http::method verb = http::method::get) {
  http::request asked;
  asked.host = std::move(host);
  asked.verb = verb;
  asked.fields = std::move(fields);
  return http::check_guard(rules, asked);
}

} // namespace

TEST(guard, only_loopback_and_listed_names_are_hosts) {
  http::guard_rules rules;
  for (const char* good : {"localhost", "localhost:3004", "127.0.0.1:1", "127.1.2.3", "[::1]:3004", "LOCALHOST:1"})
    EXPECT_TRUE(check(rules, good, {})) << good;
  for (const char* bad :
       {"", "evil.example", "evil.example:3004", "127.0.0.1.evil.example", "localhost.evil", "0.0.0.0"})
    EXPECT_EQ(check(rules, bad, {}).error().code, errc::forbidden) << bad;
  rules.hosts = {"weir.example"};
  EXPECT_TRUE(check(rules, "weir.example:443", {}));
  EXPECT_FALSE(check(rules, "other.example", {}));
}

TEST(guard, foreign_pages_are_refused_and_programs_are_not) {
  http::guard_rules rules;
  rules.origins = {"https://ui.example"};
  const std::string host = "localhost:3004";
  EXPECT_TRUE(check(rules, host, {}, http::method::post)) << "curl sends no Origin";
  EXPECT_TRUE(check(rules, host, {{"Origin", "http://localhost:3004"}}, http::method::post));
  EXPECT_TRUE(check(rules, host, {{"Origin", "https://ui.example"}, {"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(check(rules, host, {{"Origin", "http://localhost:3005"}})) << "the gateway's pages";
  EXPECT_FALSE(check(rules, host, {{"Origin", "https://evil.example"}}));
  EXPECT_FALSE(check(rules, host, {{"Origin", "null"}}));
  EXPECT_FALSE(check(rules, host, {{"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Mode", "no-cors"}}));
  EXPECT_FALSE(
      check(rules, host, {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}}, http::method::post));
  EXPECT_TRUE(check(rules, host, {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}})) << "a link";
  EXPECT_TRUE(check(rules, host, {{"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_TRUE(check(rules, host, {{"Sec-Fetch-Site", "none"}}));
}

struct guarded_server : test::server_fixture {};

TEST_F(guarded_server, answers_403) {
  routes.add("GET", "/", [](const http::exchange_ptr& x) { x->respond(http::response::text(200, "in")); });
  server = std::make_unique<http::server>(loop, options, http::guarded({}, routes.handler()));
  loop.start();
  port = server->listen()->port;
  EXPECT_TRUE(talk("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").starts_with("HTTP/1.1 403 "));
  EXPECT_TRUE(talk("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 403 "));
  EXPECT_TRUE(talk("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 200 "));
}
