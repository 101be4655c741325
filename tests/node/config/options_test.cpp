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
  for (auto text : {"data", "data = ", "data = x", "data = \"x", "[section\n", "[section]\na = 1", "[a] b",
                    "data='a'\ndata='b'", "data = 'a' b", "{\"data\":[1]}", "data = \"\\q\""})
    EXPECT_FALSE(parse_config(text)) << text;
}

TEST(config, hot_layers_have_names_and_sections) {
  auto toml = parse_config("devnet = true\n[hot-layers.fast]\nkind = 'ipfs' # Kubo\nurl = 'http://kubo:5001/'\n"
                           "[hot-layers.wide]\nkind = 'cluster'\nurl = 'https://c:9094'\nreplication-min = -1\n"
                           "replication-max = -1\n");
  ASSERT_TRUE(toml) << to_string(toml.error());
  auto json = parse_config(R"({"devnet":true,"hot-layers":{"fast":{"kind":"ipfs","url":"http://kubo:5001/"},
      "wide":{"kind":"cluster","url":"https://c:9094","replication-min":-1,"replication-max":-1}}})");
  ASSERT_TRUE(json) << to_string(json.error());
  EXPECT_EQ(*toml, *json);
  node_options o;
  o.data = "x";
  for (const auto& [name, value] : *toml)
    ASSERT_TRUE(apply_setting(o, name, value)) << name;
  EXPECT_TRUE(check_options(o));
  EXPECT_TRUE(apply_setting(o, "hot-layer", "fast"));
  EXPECT_TRUE(check_options(o));
  EXPECT_TRUE(apply_setting(o, "hot-layer", "slow"));
  EXPECT_EQ(check_options(o).error().value, "slow");
  EXPECT_EQ(o.hot_layers.at("fast").url, "http://kubo:5001");
  EXPECT_EQ(o.hot_layers.at("wide").replication_min, -1);
  EXPECT_EQ(settings_in_force(o).at("hot-layers.fast.kind"), "ipfs");
}

TEST(config, hot_layers_that_make_no_sense) {
  for (auto [key, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"hot-layers.store.kind", "ipfs"},
                                                                  {"hot-layers.Big.kind", "ipfs"},
                                                                  {"hot-layers.a.knd", "ipfs"},
                                                                  {"hot-layers.a.url", "ftp://x"},
                                                                  {"hot-layers.a.url", "http://joe:secret@x:5001"},
                                                                  {"hot-layers.a.replication-min", "some"}}) {
    node_options o;
    auto refused = apply_setting(o, key, value);
    ASSERT_FALSE(refused) << key;
    EXPECT_EQ(to_string(refused.error()).find("secret"), std::string::npos);
  }
  auto check = [](std::initializer_list<std::pair<const char*, const char*>> values) {
    node_options o;
    o.data = "x";
    for (auto [key, value] : values)
      EXPECT_TRUE(apply_setting(o, std::string{"hot-layers.a."} + key, value)) << key;
    return check_options(o).ok();
  };
  EXPECT_TRUE(check({{"kind", "ipfs"}, {"url", "http://a"}}));
  EXPECT_FALSE(check({{"kind", "ipfs"}}));
  EXPECT_FALSE(check({{"kind", "tape"}, {"url", "http://a"}}));
  EXPECT_FALSE(check({{"kind", "ipfs"}, {"url", "http://a"}, {"replication-min", "2"}}));
  EXPECT_FALSE(check({{"kind", "cluster"}, {"url", "http://a"}, {"replication-min", "3"}, {"replication-max", "2"}}));
  EXPECT_FALSE(check({{"kind", "cluster-s3"}, {"url", "http://a"}, {"s3-url", "http://b"}, {"s3-bucket", "c"}}));
  EXPECT_TRUE(check({{"kind", "cluster-s3"},
                     {"url", "http://a"},
                     {"s3-url", "http://b"},
                     {"s3-bucket", "c"},
                     {"s3-credentials-file", "d"}}));
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
