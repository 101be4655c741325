#include "node/config/options.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(config, toml_and_json_say_the_same) {
  auto toml = parse_config("# a node\ndata = \"/var/lib/weir\" # here\ndevnet = true\nbucket-size = '64MiB'\n"
                           "devnet-seed = 1_000\n");
  auto json = parse_config(R"( {"data":"/var/lib/weir","devnet":true,"bucket-size":"64MiB","devnet-seed":1000})");
  ASSERT_TRUE(toml) << to_string(toml.error());
  ASSERT_TRUE(json) << to_string(json.error());
  EXPECT_EQ(*toml, *json);
}

TEST(config, an_unknown_key_is_named) {
  auto wrong = parse_config("data = 'x'\ndevnett = true\n");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, errc::usage);
  EXPECT_EQ(wrong.error().value, "devnett");
  EXPECT_NE(wrong.error().message.find("Did you mean 'devnet'?"), std::string::npos);
  EXPECT_NE(wrong.error().message.find("line 2"), std::string::npos);
  EXPECT_EQ(parse_config(R"({"dta":"x"})").error().value, "dta");
}

TEST(config, refuses_what_does_not_parse) {
  for (auto text : {"data", "data = ", "data = x", "data = \"x", "[section]\n", "data='a'\ndata='b'", "data = 'a' b",
                    "{\"data\":[1]}", "data = \"\\q\""})
    EXPECT_FALSE(parse_config(text)) << text;
}

TEST(config, every_setting_is_checked_and_shown) {
  node_options o;
  EXPECT_TRUE(apply_setting(o, "api", "0.0.0.0:80"));
  EXPECT_TRUE(apply_setting(o, "max-price", "0.5FIL"));
  EXPECT_TRUE(apply_setting(o, "role", "core"));
  EXPECT_EQ(o.role, node_role::core);
  for (auto [name, value] : std::initializer_list<std::pair<const char*, const char*>>{{"api", "nowhere"},
                                                                                       {"api", "h:99999"},
                                                                                       {"role", "boss"},
                                                                                       {"chain", "lotus"},
                                                                                       {"devnet", "maybe"},
                                                                                       {"bucket-size", "big"},
                                                                                       {"log-level", "loud"},
                                                                                       {"journal", "ever"}}) {
    auto refused = apply_setting(o, name, value);
    ASSERT_FALSE(refused) << name;
    EXPECT_TRUE(refused.error().message.starts_with(name)) << refused.error().message;
  }
  auto shown = settings_in_force(o);
  for (const auto& s : settings())
    EXPECT_EQ(shown.count(std::string{s.name}), 1u) << s.name;
}

TEST(config, combinations_that_make_no_sense) {
  node_options o;
  EXPECT_EQ(check_options(o).error().code, errc::usage) << "no data folder";
  o.data = "x";
  EXPECT_TRUE(check_options(o));
  o.devnet = true;
  o.chain = "http://127.0.0.1/rpc/v1";
  EXPECT_EQ(check_options(o).error().code, errc::usage);
}

TEST(config, an_outside_address_needs_tls_in_front) {
  node_options o;
  o.data = "x";
  o.api = "0.0.0.0:0";
  EXPECT_EQ(check_options(o).error().code, errc::usage);
  o.tls_in_front = true;
  EXPECT_TRUE(check_options(o));
  node_options pieces;
  pieces.data = "x";
  pieces.pieces = "0.0.0.0:0";
  EXPECT_TRUE(check_options(pieces)) << "pieces have their deals' tokens";
}

} // namespace
} // namespace weir
