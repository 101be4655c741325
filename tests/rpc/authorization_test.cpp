// Every HTTP route and every method of the remote API with every kind of
// caller, against the table of authorization.hpp: done-when 4 of issue 5.
#include "node/api/doors.hpp"
#include "node/api/server.hpp"
#include "node/runtime/wall_clock.hpp"
#include "storage/support/file.hpp"
#include "tests/rpc/authorization.hpp"
#include "tests/rpc/rpc_fixture.hpp"

#include <capnp/dynamic.h>

#include <map>
#include <regex>
#include <set>
#include <span>

namespace weir {
namespace {

using test::access_row;
using test::remote_client;

constexpr std::array scope_names{"read", "store", "wallet", "admin"};

/// A node that is not on loopback, so that nobody is let in without a token.
struct authorization : testing::Test {
  ~authorization() noexcept override {}
  test::temp_dir folder;
  std::unique_ptr<test::running_node> node = std::make_unique<test::running_node>(folder.path());
  kj::AsyncIoContext io = kj::setupAsyncIo();
  std::string own, token_of_all; ///< of the instance that is asked for
  std::map<char, std::string> tokens;
  std::string foreign, revoked, expired;

  void SetUp() override {
    auto made = node->post("/ffs/instances", R"({"name":"mine"})").json;
    own = made["id"].text;
    token_of_all = made["token"].text;
    for (auto scope : scope_names)
      tokens[scope[0]] = instance_token(scope, scope);
    revoked = instance_token("gone", "all");
    EXPECT_EQ(node->call("DELETE", tokens_path() + "/gone").status, 204);
    tokens['u'] = node->post("/tokens", R"({"name":"user"})").json["token"].text;
    tokens['o'] = node->post("/tokens", R"({"name":"boss","admin":true})").json["token"].text;
    foreign = node->post("/ffs/instances", R"({"name":"theirs"})").json["token"].text;
    node->node.reset();
    node->options.api = node->options.gateway = "0.0.0.0:0";
    node->options.tls_in_front = true;
    auto again = runtime::start(node->options);
    ASSERT_TRUE(again) << to_string(again.error());
    node->node = std::move(*again);
    expired = expired_token();
  }
  std::string tokens_path() const { return "/api/v1/ffs/instances/" + own + "/tokens"; }
  std::string instance_token(const std::string& name, const std::string& scope) {
    auto scopes = scope == "all" ? std::string{R"(["read","store","wallet","admin"])"} : "\"" + scope + "\"";
    return node->call("POST", tokens_path(), "{\"name\":\"" + name + "\",\"scopes\":" + scopes + "}")
        .json["token"]
        .text;
  }

  struct logged_in {
    logged_in(kj::AsyncIoContext& io, const std::string& address, const std::string& token)
        : client{io, address}, answer{ask(token).wait(io.waitScope)} {}
    auto ask(const std::string& token) -> capnp::RemotePromise<wire::Weir::AuthenticateResults> {
      auto call = client.weir.authenticateRequest();
      call.setToken(token.c_str());
      return call.send();
    }
    wire::Session::Reader session() const { return answer.getSession(); }
    remote_client client;
    capnp::Response<wire::Weir::AuthenticateResults> answer;
  };
  std::unique_ptr<logged_in> login(const std::string& token) {
    return std::make_unique<logged_in>(io, node->node->addresses().at("capnp"), token);
  }
  /// With every scope; `expires` 0: never.
  std::string instance_token_of(logged_in& boss, const char* name, std::int64_t expires) {
    auto call = boss.session().getInstance().getAdmin().createTokenRequest();
    call.setName(name);
    call.setExpires(expires);
    return call.send().wait(io.waitScope).getText().cStr();
  }
  /// One whose time is over: its own watch says when.
  std::string expired_token() {
    auto all = login(token_of_all);
    auto text = instance_token_of(*all, "late", wall_clock().value + 500);
    auto w = kj::heap<test::recorder>();
    auto& seen = *w;
    auto late = login(text);
    auto watch = late->session().getReading().watchRequest();
    watch.setWatcher(kj::mv(w));
    auto subscription = watch.send().wait(io.waitScope);
    seen.until(io, [&] { return !seen.end.empty(); });
    return text;
  }

  std::string_view row_of(std::span<const access_row> rows, const std::string& what) {
    for (auto& row : rows)
      if (row.what == what)
        return row.who;
    ADD_FAILURE() << what << " has no row in authorization.hpp: say who may do it";
    return "?";
  }
  static bool admits(std::string_view who, char letter) { return who == "*" || who.find(letter) != who.npos; }

  /// "" when the caller was let in, else why not.
  std::string refused(const std::string& verb, const std::string& pattern, const std::string& listener,
                      const std::string& token) {
    auto path = std::regex_replace(pattern, std::regex{"\\{instance\\}"}, own);
    if (verb == "DELETE" && pattern.ends_with("/{instance}"))
      path = "/api/v1/ffs/instances/nothing"; // it is needed afterwards
    path = std::regex_replace(path, std::regex{"\\{[^}]*\\}"}, "nothing");
    if (pattern.ends_with("/watch"))
      path += "?from=nonsense"; // let in, and the end of it
    http::headers fields;
    if (!token.empty())
      fields.add("Authorization", "Bearer " + token);
    auto body = verb + pattern == "POST/api/v1/session" ? "{\"token\":\"" + tokens.at('o') + "\"}" : "{}";
    auto a = node->call(verb, path, body, fields, listener);
    auto code = a.json["code"].text;
    if (code == "unauthenticated" || code == "forbidden")
      return code;
    bool no_instance = code == "not-found" && a.body.find("There is no such instance") != std::string::npos;
    return no_instance && verb + pattern != "DELETE/api/v1/ffs/instances/{instance}" ? "not-found" : "";
  }

  void walk(const http::router& routes, std::span<const access_row> rows, const std::string& listener) {
    std::set<std::string> there;
    for (const auto& [verb, pattern] : routes.routes()) {
      auto what = verb + " " + pattern;
      SCOPED_TRACE(listener + ": " + what);
      there.insert(what);
      auto who = row_of(rows, what);
      auto ask = [&](const std::string& token) { return refused(verb, pattern, listener, token); };
      for (const auto& nobody : {std::string{}, revoked, expired, std::string{"weir_wrong"}})
        EXPECT_EQ(ask(nobody), who == "*" ? "" : "unauthenticated") << (nobody.empty() ? "without a token" : nobody);
      for (const auto& [letter, token] : tokens)
        EXPECT_EQ(ask(token).empty(), admits(who, letter)) << letter << ": " << ask(token);
      if (pattern.find("{instance}") != pattern.npos) {
        EXPECT_FALSE(ask(foreign).empty()) << "a token of another instance";
      }
    }
    for (auto& row : rows)
      EXPECT_TRUE(there.contains(std::string{row.what})) << row.what << " is in the table, and nowhere else";
  }
};

TEST_F(authorization, every_route_of_the_api_lets_in_whom_its_row_names) {
  api::services none;
  walk(api::api_routes(none), test::http_rows, "api");
}

TEST_F(authorization, every_route_of_the_gateway_lets_in_whom_its_row_names) {
  api::services none;
  walk(api::gateway_routes(none, {}), test::gateway_rows, "gateway");
}

TEST_F(authorization, every_route_of_the_piece_host_has_a_row) {
  api::services none;
  std::set<std::string> there;
  auto routes = api::pieces_routes(none, {});
  for (const auto& [verb, pattern] : routes.routes()) {
    there.insert(verb + " " + pattern);
    row_of(test::piece_rows, verb + " " + pattern);
  }
  EXPECT_EQ(there.size(), std::size(test::piece_rows));
  for (auto& [letter, token] : tokens)
    EXPECT_NE(node->call("GET", "/piece/nothing", "", {{"Authorization", "Bearer " + token}}, "pieces").status, 200);
}

// ------------------------------------------------------------- the remote API

/// Interfaces that the server gives, from the schema itself: whatever is in an answer, from Weir on.
class given_interfaces {
public:
  given_interfaces() { take(capnp::Schema::from<wire::Weir>()); }
  std::map<std::string, capnp::InterfaceSchema> found;

private:
  void take(capnp::InterfaceSchema i) {
    if (found.emplace(i.getShortDisplayName().cStr(), i).second)
      for (auto m : i.getMethods())
        look(m.getResultType());
  }
  void look(capnp::StructSchema s) {
    if (seen_.insert(s.getProto().getId()).second)
      for (auto f : s.getFields())
        look(f.getType());
  }
  void look(capnp::Type t) {
    if (t.isList())
      return look(t.asList().getElementType());
    if (t.isInterface())
      take(t.asInterface());
    if (t.isStruct())
      look(t.asStruct());
  }
  std::set<std::uint64_t> seen_;
};

/// What a session holds, by the name of the interface.
using capabilities = std::map<std::string, capnp::DynamicCapability::Client>;

struct remote_authorization : authorization {
  ~remote_authorization() noexcept override {}
  std::string code_of(kj::Promise<void> p) {
    auto e = kj::runCatchingExceptions([&] { p.wait(io.waitScope); });
    KJ_IF_MAYBE (problem, e) {
      std::string code = problem->getDescription().cStr();
      constexpr std::string_view prefix{"remote exception: "};
      if (code.starts_with(prefix))
        code.erase(0, prefix.size());
      if (code.find("not of an FFS instance") != code.npos)
        return "forbidden";
      return code.substr(0, code.find(':'));
    }
    return {};
  }
  /// With nothing in its parameters: what is let in is refused for them, or does nothing much.
  std::string call(capnp::DynamicCapability::Client who, capnp::InterfaceSchema::Method m) {
    return code_of(who.newRequest(m).send().ignoreResult());
  }

  capabilities of(logged_in& l) {
    auto s = l.session();
    capabilities out;
    auto add = [&](const char* name, auto client) { out.emplace(name, kj::mv(client)); };
    add("Weir", l.client.weir);
    add("Reading", s.getReading());
    add("Storing", s.getStoring());
    add("Manager", s.getManager());
    auto instance = s.getInstance();
    add("InstanceReading", instance.getReading());
    add("InstanceStoring", instance.getStoring());
    add("InstanceWallets", instance.getWallets());
    add("InstanceAdmin", instance.getAdmin());
    auto wish = s.getStoring().uploadRequest();
    wish.initWish().setName("x");
    auto upload = wish.send().getUpload();
    auto file = upload.fileRequest();
    file.setPath("x");
    add("Upload", upload);
    add("FileSink", file.send().getSink());
    auto watch = s.getReading().watchRequest();
    watch.setWatcher(kj::heap<test::recorder>());
    add("Subscription", watch.send().getSubscription());
    return out;
  }
  /// The operator's way to an instance.
  void open(logged_in& l, capabilities& into) {
    auto call = l.session().getManager().openRequest();
    call.setId(own.c_str());
    opened = kj::heap(call.send().wait(io.waitScope));
    auto i = opened->getInstance();
    into.insert_or_assign("InstanceReading", i.getReading());
    into.insert_or_assign("InstanceStoring", i.getStoring());
    into.insert_or_assign("InstanceWallets", i.getWallets());
    into.insert_or_assign("InstanceAdmin", i.getAdmin());
  }
  kj::Own<capnp::Response<wire::Manager::OpenResults>> opened;
  given_interfaces schema;

  template <class Visit>
  void each_method(Visit visit) {
    for (auto& [name, interface] : schema.found)
      for (auto m : interface.getMethods()) {
        auto what = name + "." + m.getProto().getName().cStr();
        SCOPED_TRACE(what);
        visit(name, m, row_of(test::method_rows, what));
      }
  }
  static bool is_refusal(const std::string& code) { return code == "forbidden" || code == "unauthenticated"; }
};

TEST_F(remote_authorization, every_method_has_a_row_and_every_row_a_method) {
  std::set<std::string> there;
  for (auto& [name, interface] : schema.found)
    for (auto m : interface.getMethods())
      there.insert(name + "." + m.getProto().getName().cStr());
  each_method([](auto&, auto&, auto) {});
  for (auto& row : test::method_rows)
    EXPECT_TRUE(there.contains(std::string{row.what})) << row.what << " is in the table, and nowhere else";
  EXPECT_GT(there.size(), 50u);
}

TEST_F(remote_authorization, every_method_lets_in_whom_its_row_names) {
  for (auto& [letter, token] : tokens) {
    auto l = login(token);
    auto held = of(*l);
    if (letter == 'o')
      open(*l, held);
    each_method([&, who = letter](const std::string& name, auto m, std::string_view row) {
      auto& c = held.at(name);
      if (name == "Subscription" || (name == "Weir" && m.getProto().getName() == "authenticate"))
        return; // the one is what it is got for, the other says itself
      auto code = call(c, m);
      EXPECT_EQ(!is_refusal(code), admits(row, who)) << who << ": " << code;
    });
  }
}

TEST_F(remote_authorization, nobody_gets_a_session_without_a_token_that_holds) {
  for (const auto& nobody : {std::string{}, revoked, expired, std::string{"weir_wrong"}}) {
    remote_client c{io, node->node->addresses().at("capnp")};
    auto call = c.weir.authenticateRequest();
    call.setToken(nobody.c_str());
    EXPECT_EQ(code_of(call.send().ignoreResult()), "unauthenticated");
  }
}

TEST_F(remote_authorization, what_was_got_with_a_token_ends_with_it) {
  auto boss = login(token_of_all);
  auto refused_everywhere = [&](logged_in& l, capabilities& held) {
    each_method([&](const std::string& name, auto m, std::string_view row) {
      if (row != "*" && name != "Manager") {
        auto code = call(held.at(name), m);
        EXPECT_EQ(code, "unauthenticated");
      }
    });
    (void)l;
  };
  auto text = instance_token_of(*boss, "soon-gone", 0);
  auto revoked_later = login(text);
  auto held = of(*revoked_later);
  EXPECT_EQ(call(held.at("FileSink"), schema.found.at("FileSink").getMethodByName("write")), "");
  auto revoke = boss->session().getInstance().getAdmin().revokeTokenRequest();
  revoke.setName("soon-gone");
  revoke.send().wait(io.waitScope);
  refused_everywhere(*revoked_later, held);

  auto late = login(instance_token_of(*boss, "soon-late", wall_clock().value + 500));
  auto held_late = of(*late);
  EXPECT_EQ(call(held_late.at("FileSink"), schema.found.at("FileSink").getMethodByName("write")), "");
  auto w = kj::heap<test::recorder>();
  auto& seen = *w;
  auto watch = late->session().getReading().watchRequest();
  watch.setWatcher(kj::mv(w));
  auto subscription = watch.send().wait(io.waitScope);
  seen.until(io, [&] { return !seen.end.empty(); });
  refused_everywhere(*late, held_late);
}

} // namespace
} // namespace weir
