// The table of endpoints against a running node: who may call what, and what
// comes back. Without a network, so nothing here waits for a chain.
#include "node/api/access.hpp"
#include "node/api/endpoints.hpp"
#include "tests/node/runtime/node_fixture.hpp"

#include <fstream>
#include <regex>

namespace weir {
namespace {

struct api_table : testing::Test {
  static void SetUpTestSuite() {
    folder = std::make_unique<test::temp_dir>();
    node = std::make_unique<test::running_node>(folder->path());
  }
  static void TearDownTestSuite() {
    node.reset();
    folder.reset();
  }
  static std::string token_of(const std::string& name, const std::string& more = {}) {
    return node->post("/tokens", "{\"name\":\"" + name + "\"" + more + "}").json["token"].text;
  }
  static http::headers bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }
  /// With something harmless in each capture.
  static std::string path_of(const api::endpoint& e) {
    return "/api/v1" + std::regex_replace(std::string{e.path}, std::regex{"\\{[^}]*\\}"}, "nothing-of-this-name");
  }

  static std::unique_ptr<test::temp_dir> folder;
  static std::unique_ptr<test::running_node> node;
};
std::unique_ptr<test::temp_dir> api_table::folder;
std::unique_ptr<test::running_node> api_table::node;

TEST_F(api_table, a_token_that_is_given_must_be_valid) {
  for (const auto& e : api::all_endpoints()) {
    if (e.need == api::access::open)
      continue;
    auto a = node->call(std::string{e.verb}, path_of(e), "", bearer("weir_wrong"));
    EXPECT_EQ(a.status, 401) << e.verb << " " << e.path;
    EXPECT_EQ(a.json["code"].text, "unauthenticated") << a.body;
    EXPECT_TRUE(a.fields.has("www-authenticate"));
  }
}

TEST_F(api_table, what_is_the_operators_needs_an_admin_token) {
  auto token = token_of("plain");
  ASSERT_TRUE(token.starts_with("weir_")) << token;
  for (const auto& e : api::all_endpoints()) {
    if (e.need != api::access::admin)
      continue;
    auto a = node->call(std::string{e.verb}, path_of(e), "{}", bearer(token));
    EXPECT_EQ(a.status, 403) << e.verb << " " << e.path << a.body;
  }
}

TEST_F(api_table, what_does_not_exist_is_a_problem_that_says_so) {
  for (const auto& e : api::all_endpoints()) {
    if (e.path.find('{') == e.path.npos || e.path.starts_with("/devnet"))
      continue;
    auto a = node->call(std::string{e.verb}, path_of(e), "{}");
    EXPECT_GE(a.status, 400) << e.verb << " " << e.path;
    EXPECT_LT(a.status, 500) << e.verb << " " << e.path << a.body;
    EXPECT_EQ(a.fields.get("content-type"), "application/problem+json") << e.path;
    EXPECT_FALSE(a.json["detail"].text.empty()) << e.path;
  }
}

TEST_F(api_table, other_methods_and_other_paths) {
  EXPECT_EQ(node->call("PUT", "/api/v1/contents").status, 405);
  EXPECT_EQ(node->call("GET", "/api/v1/contentss").status, 404);
  EXPECT_EQ(node->call("GET", "/").fields.get("content-type"), "text/html; charset=utf-8");
}

TEST_F(api_table, foreign_pages_are_refused) {
  EXPECT_EQ(node->call("GET", "/api/v1/node", "", {{"Host", "evil.example"}}).status, 403);
  EXPECT_EQ(node->call("POST", "/api/v1/buckets", "{}", {{"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(node->call("POST", "/api/v1/buckets", "{}", {{"Origin", node->url("gateway")}}).status, 403)
      << "what strangers stored must not drive the node";
}

TEST_F(api_table, bad_input_is_named) {
  EXPECT_EQ(node->get("/contents?limit=0").json["code"].text, "invalid-argument");
  EXPECT_EQ(node->get("/contents?limit=1001").json["limit"].text, "1 to 1000");
  EXPECT_EQ(node->get("/contents?cid=nonsense").json["code"].text, "invalid-cid");
  EXPECT_EQ(node->get("/contents?state=lost").json["value"].text, "lost");
  EXPECT_EQ(node->get("/contents?at=999999999").status, 400);
  EXPECT_EQ(node->post("/buckets", "{").json["code"].text, "malformed");
  EXPECT_EQ(node->post("/buckets", "[]").json["code"].text, "malformed");
  EXPECT_EQ(node->post("/buckets", "{\"name\":\"x\",\"threshold\":\"big\"}").json["value"].text, "big");
  auto unknown = node->post("/buckets", R"({"name":"x","maxCont":1})");
  EXPECT_EQ(unknown.json["value"].text, "maxCont");
  EXPECT_NE(unknown.json["detail"].text.find("maxCount"), std::string::npos) << unknown.body;
  EXPECT_EQ(node->get("/events?kind=content.stord").json["code"].text, "invalid-argument");
  EXPECT_EQ(node->get("/flow?window=1").status, 400);
}

TEST_F(api_table, a_repeated_write_has_its_first_answer) {
  http::headers key{{"Idempotency-Key", "once"}};
  auto first = node->call("POST", "/api/v1/buckets", R"({"name":"idem","maxCount":3})", key);
  auto again = node->call("POST", "/api/v1/buckets", R"({"name":"idem","maxCount":3})", key);
  EXPECT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(again.fields.get("idempotency-replayed"), "true");
  EXPECT_EQ(node->call("POST", "/api/v1/buckets", R"({"name":"other"})", key).json["code"].text, "invalid-argument");
}

TEST_F(api_table, tokens_are_shown_once_and_revoked_at_once) {
  auto made = node->post("/tokens", R"({"name":"short","owner":"bob"})");
  auto token = made.json["token"].text;
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(node->get("/tokens").body.find(token), std::string::npos);
  EXPECT_EQ(node->call("GET", "/api/v1/contents", "", bearer(token)).status, 200);
  EXPECT_EQ(node->post("/tokens", R"({"name":"short"})").status, 409);
  EXPECT_EQ(node->call("DELETE", "/api/v1/tokens/short").status, 204);
  EXPECT_EQ(node->call("GET", "/api/v1/contents", "", bearer(token)).status, 401);
}

TEST_F(api_table, a_session_is_a_strict_cookie) {
  auto token = token_of("browser");
  auto opened = node->post("/session", "{\"token\":\"" + token + "\"}");
  ASSERT_EQ(opened.status, 200) << opened.body;
  std::string cookie{opened.fields.get("set-cookie").value_or("")};
  EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), std::string::npos);
  http::headers with{{"Cookie", cookie.substr(0, cookie.find(';'))}};
  EXPECT_EQ(node->call("GET", "/api/v1/wallets", "", with).status, 403) << "the token's rights, not the operator's";
  EXPECT_EQ(node->post("/session", R"({"token":"weir_no"})").status, 401);
}

TEST_F(api_table, the_documentation_names_every_endpoint) {
  std::ifstream file{std::string{WEIR_TEST_DATA} + "/../../docs/api.md"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  auto openapi = node->get("/openapi.json");
  ASSERT_TRUE(openapi.json.is_object());
  for (const auto& e : api::all_endpoints()) {
    auto line = "`" + std::string{e.verb} + " " + std::string{e.path} + "`";
    EXPECT_NE(text.find(line), std::string::npos) << line << " is not in docs/api.md";
    auto path = std::regex_replace("/api/v1" + std::string{e.path}, std::regex{"\\*"}, "");
    EXPECT_TRUE(openapi.json["paths"].has(path)) << path;
  }
}

TEST_F(api_table, machines_can_look_after_it) {
  EXPECT_EQ(node->call("GET", "/health").json["status"].text, "ok");
  EXPECT_EQ(node->call("GET", "/ready").status, 200);
  EXPECT_NE(node->call("GET", "/metrics").body.find("weir_revision "), std::string::npos);
}

} // namespace
} // namespace weir
