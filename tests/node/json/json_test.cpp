#include "node/json/problem.hpp"
#include "node/json/record.hpp"
#include "node/json/value.hpp"
#include "storage/filecoin/address_text.hpp"

#include <gtest/gtest.h>

namespace weir::json {
namespace {

TEST(json_writer, places_commas_and_quotes) {
  writer w;
  w.begin_object().member("a", 1).key("b").begin_array().value("x").value(true).null().end_array();
  w.key("c").begin_object().end_object().member("d", 1.5).end_object();
  EXPECT_EQ(w.text(), R"({"a":1,"b":["x",true,null],"c":{},"d":1.5})");
}

TEST(json_writer, what_goes_out_is_always_valid) {
  EXPECT_EQ(quoted("a\"\\\n\x01\x7f"), R"("a\"\\\n\u0001\u007f")");
  EXPECT_EQ(quoted("\xc3\xa4"), "\"\xc3\xa4\"");
  EXPECT_EQ(quoted("a\xff\xc0\x80z"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\"");
  EXPECT_EQ(quoted("\xed\xa0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"") << "a surrogate is not UTF-8";
}

TEST(json_value, reads_what_was_written) {
  auto v = parse(R"({"n":18446744073709551615,"s":"ä","l":[1,-2,2.5],"b":true,"x":null})");
  ASSERT_TRUE(v);
  EXPECT_EQ((*v)["n"].u64(), 18446744073709551615u);
  EXPECT_EQ((*v)["s"].string(), "ä");
  EXPECT_EQ((*v)["l"].items[1].i64(), -2);
  EXPECT_EQ((*v)["l"].items[1].u64(), std::nullopt);
  EXPECT_EQ((*v)["l"].items[2].number(), 2.5);
  EXPECT_TRUE((*v)["b"].boolean());
  EXPECT_TRUE((*v)["missing"].is_null());
  EXPECT_EQ(v->dump(), R"({"n":18446744073709551615,"s":"ä","l":[1,-2,2.5],"b":true,"x":null})");
}

TEST(json_value, refuses_bad_input) {
  for (auto text : {"", "{", "{\"a\":1,}", "[1 2]", "{\"a\":1,\"a\":2}", "\"\xff\"", "1 1"})
    EXPECT_EQ(parse(text).error().code, errc::malformed) << text;
  EXPECT_EQ(parse(std::string(100, '[')).error().code, errc::too_large);
}

content some_content() {
  content c;
  c.id = content_id{"11111111-1111-4111-8111-111111111111"};
  c.owner = owner_id{"local"};
  c.name = "photos";
  c.cid = *cid::parse("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
  c.state = content_state::proposed;
  c.life = {{static_cast<std::uint8_t>(content_state::stored), epoch{5}, unix_ms{7}}};
  return c;
}

TEST(record_json, names_are_those_of_the_fields) {
  auto v = parse(to_json(some_content()));
  ASSERT_TRUE(v);
  EXPECT_EQ((*v)["cid"].text, "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
  EXPECT_EQ((*v)["state"].text, "proposed");
  EXPECT_EQ((*v)["copies"].u64(), 6u);
  EXPECT_EQ((*v)["createdAt"].i64(), -1);
  EXPECT_EQ((*v)["problem"]["code"].text, "none");
  EXPECT_EQ((*v)["life"].items[0]["state"].text, "stored");
  EXPECT_EQ((*v)["life"].items[0]["at"].i64(), 5);
  EXPECT_EQ((*v)["bucket"].text, "");
}

TEST(record_json, a_deal_never_shows_its_token) {
  deal d;
  d.provider = address::from_id(1000);
  d.transfer_token = "secret";
  d.price_per_epoch = token_amount{12345};
  d.life = {{static_cast<std::uint8_t>(deal_state::published), epoch{9}, unix_ms{1}}};
  auto text = to_json(d);
  auto v = parse(text);
  ASSERT_TRUE(v);
  EXPECT_EQ((*v)["provider"].text, "f01000");
  EXPECT_EQ((*v)["pricePerEpoch"].text, "12345");
  EXPECT_EQ((*v)["life"].items[0]["state"].text, "published");
  EXPECT_EQ((*v)["client"].text, "");
  EXPECT_EQ(text.find("secret"), std::string::npos);
}

TEST(record_json, tokens_and_messages_hide_their_bytes) {
  access_token t{"abcdef", "laptop", owner_id{"alice"}, true, unix_ms{1}, unix_ms{0}, false};
  EXPECT_EQ(to_json(t).find("abcdef"), std::string::npos);
  chain_message m;
  m.params = {1, 2, 3};
  auto v = parse(to_json(m));
  ASSERT_TRUE(v);
  EXPECT_TRUE((*v)["params"].is_null());
  EXPECT_EQ((*v)["state"].text, "intended");
}

TEST(problem, is_read_back) {
  auto e = read_problem(413, R"({"code":"too-large","detail":"send less","value":"12","limit":"10"})");
  EXPECT_EQ(e.code, errc::too_large);
  EXPECT_EQ(e.message, "send less");
  EXPECT_EQ(e.limit, "10");
  EXPECT_EQ(read_problem(502, "<html>").code, errc::protocol);
}

} // namespace
} // namespace weir::json
