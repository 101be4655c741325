#include "adapters/webhooks/poster.hpp"

#include "tests/adapters/actor_fixture.hpp"

#include <nlohmann/json.hpp>

using namespace weir;
using http::exchange_ptr;
using http::response;

namespace {

struct poster : test::actor_fixture {
  poster() {
    routes.add("POST", "/hook", [this](const exchange_ptr& x) {
      for (auto name : {"webhook-id", "webhook-timestamp", "webhook-signature", "Content-Type"})
        fields[name] = std::string{x->request().header(name).value_or("")};
      x->read_all(1 << 20, [this, x](result<std::string> text) {
        body = text ? *text : "";
        x->respond(response::text(status, "heard"));
      });
    });
    begin();
    webhooks::poster_options o;
    o.wall = [] { return unix_ms{1'700'000'000'123}; };
    actor = webhooks::spawn_poster(*host, *client, o);
  }
  ~poster() override {
    actor = nullptr;
    end();
  }
  ffs::post_webhook event(std::string url) const {
    return {std::move(url),
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "17-0",
            instance_id{"one"},
            revision{17},
            unix_ms{1'699'999'999'007},
            "job.done",
            "job-1",
            {{"cid", "bafy\xff"}}};
  }

  ffs::webhook_poster_actor actor;
  std::map<std::string, std::string> fields;
  std::string body;
  int status = 200;
};

// The vector of the Standard Webhooks libraries.
TEST(webhook_signature, is_that_of_the_specification) {
  auto made = webhooks::signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                                  R"({"test": 2432232314})");
  ASSERT_TRUE(made);
  EXPECT_EQ(*made, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(webhook_signature, wants_a_secret_that_is_one) {
  for (auto* bad : {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%%"})
    EXPECT_EQ(webhooks::signature(bad, "a", 1, "b").error().code, errc::malformed) << bad;
  auto made = webhooks::secret_text(bytes(24, 7));
  EXPECT_TRUE(webhooks::signature(made, "a", 1, "b")) << made;
}

TEST_F(poster, an_event_arrives_signed) {
  auto said = ask<nothing>(actor, event(base + "/hook"));
  ASSERT_TRUE(said) << to_string(said.error());
  EXPECT_EQ(fields["webhook-id"], "17-0");
  EXPECT_EQ(fields["webhook-timestamp"], "1700000000");
  EXPECT_EQ(fields["Content-Type"], "application/json");
  EXPECT_EQ(fields["webhook-signature"], *webhooks::signature(event("").secret, "17-0", 1'700'000'000, body));
  auto heard = nlohmann::json::parse(body);
  EXPECT_EQ(heard["type"], "job.done");
  EXPECT_EQ(heard["timestamp"], "2023-11-14T22:13:19.007Z");
  EXPECT_EQ(heard["data"]["revision"], 17);
  EXPECT_EQ(heard["data"]["facts"]["cid"], "bafy\xef\xbf\xbd") << "what is no UTF-8 is replaced";
}

TEST_F(poster, what_is_not_2xx_is_an_error) {
  for (int bad : {301, 404, 500}) {
    status = bad;
    auto said = ask<nothing>(actor, event(base + "/hook"));
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code, errc::protocol);
    EXPECT_NE(said.error().message.find(std::to_string(bad)), std::string::npos) << said.error().message;
  }
  EXPECT_EQ(ask<nothing>(actor, event("http://127.0.0.1:" + std::to_string(test::dead_port{}.number()))).error().code,
            errc::unreachable);
}

TEST_F(poster, an_address_inside_is_not_called) {
  http::client careful{loop, {.public_only = true}};
  webhooks::poster_options o;
  o.wall = [] { return unix_ms{1}; };
  auto guarded = webhooks::spawn_poster(*host, careful, o);
  auto said = ask<nothing>(guarded, event(base + "/hook"));
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, errc::unreachable);
  EXPECT_NE(said.error().message.find("public"), std::string::npos) << said.error().message;
  EXPECT_EQ(body, "");
  guarded = nullptr;
  careful.stop();
}

} // namespace
