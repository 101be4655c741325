// [schedulers.NAME] of the configuration: what a person may write there, and
// what is said about the rest.
#include "node/config/schedulers.hpp"

#include "node/config/options.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

/// A whole configuration, as the node takes it.
result<node_options> configured(const std::string& text) {
  node_options o;
  o.data = "x";
  WEIR_TRY(auto values, parse_config(text));
  for (const auto& [name, value] : values)
    WEIR_CHECK(apply_setting(o, name, value));
  WEIR_CHECK(check_options(o));
  return o;
}

error problem_of(const std::string& text) {
  auto made = configured(text);
  EXPECT_FALSE(made) << text;
  return made ? error{} : made.error();
}

TEST(schedulers, a_good_configuration_in_toml_and_json) {
  auto toml = configured("[schedulers.archive]\nhot = 'slow'\nselector = 'fixed'\nminers = 'f01000 f01001'\n"
                         "parallel = 20\nrepair-every = '1d'\nmax-price = '0.0000000002FIL'\nleast-size = '1MiB'\n"
                         "[schedulers.quick]\nselector = 'reputation'\n"
                         "[hot-layers.slow]\nkind = 'ipfs'\nurl = 'http://kubo:5001'\n");
  ASSERT_TRUE(toml) << to_string(toml.error());
  auto json = configured(R"({"hot-layers":{"slow":{"kind":"ipfs","url":"http://kubo:5001"}},
    "schedulers":{"quick":{"selector":"reputation"},"archive":{"hot":"slow","selector":"fixed","parallel":20,
    "miners":"f01000,f01001","repair-every":"1d","max-price":"0.0000000002FIL","least-size":"1MiB"}}})");
  ASSERT_TRUE(json) << to_string(json.error());
  for (auto* o : {&*toml, &*json}) {
    auto all = schedulers_of(o->schedulers, "store");
    ASSERT_EQ(all.size(), 3u) << "and the default one";
    EXPECT_EQ(all[0].hot, "store");
    const auto& archive = all[1];
    EXPECT_EQ(archive.name, "archive");
    EXPECT_EQ(archive.hot, "slow");
    EXPECT_EQ(archive.miners.size(), 2u);
    EXPECT_EQ(archive.parallel, 20u);
    EXPECT_EQ(archive.repair_every, 2880);
    EXPECT_EQ(archive.max_price.fil(), "0.0000000002 FIL");
    EXPECT_EQ(archive.least_size, 1u << 20);
    EXPECT_FALSE(archive.by_reputation);
    EXPECT_TRUE(all[2].by_reputation);
    auto shown = settings_in_force(*o);
    EXPECT_EQ(shown.at("schedulers.archive.miners"), "f01000 f01001");
    EXPECT_EQ(shown.at("schedulers.quick.selector"), "reputation");
  }
}

TEST(schedulers, the_default_one_may_have_a_section) {
  auto o = configured("[schedulers.default]\nparallel = 7\n");
  ASSERT_TRUE(o) << to_string(o.error());
  auto all = schedulers_of(o->schedulers, "store");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].parallel, 7u);
  EXPECT_EQ(all[0].hot, "store") << "its section names none";
}

TEST(schedulers, an_unknown_key_is_named_with_the_one_that_is_meant) {
  auto e = problem_of("[schedulers.a]\nparalel = 5\n");
  EXPECT_EQ(e.code, errc::usage);
  EXPECT_EQ(e.value, "paralel");
  EXPECT_NE(e.message.find("Did you mean 'parallel'?"), std::string::npos) << e.message;
  EXPECT_NE(e.message.find("line 2"), std::string::npos) << e.message;
}

TEST(schedulers, a_name_twice_is_refused) {
  auto e = problem_of("[schedulers.a]\nparallel = 5\n[schedulers.b]\n[schedulers.a]\nselector = 'reputation'\n");
  EXPECT_EQ(e.code, errc::malformed);
  EXPECT_EQ(e.message, "A section is given twice.");
  EXPECT_EQ(e.value, "schedulers.a, line 4");
  e = problem_of(R"({"schedulers":{"a":{"parallel":5},"a":{"parallel":6}}})");
  EXPECT_EQ(e.code, errc::malformed);
  e = problem_of("[schedulers.a]\nparallel = 5\nparallel = 6\n");
  EXPECT_EQ(e.message, "A setting is given twice.");
}

TEST(schedulers, each_wrong_value_has_its_own_error) {
  struct row {
    const char *section, *says, *value;
  };
  for (auto [section, says, value] : {
           row{"parallel = 0", "This many jobs cannot run at once.", "0"},
           row{"parallel = 10001", "This many jobs cannot run at once.", "10001"},
           row{"selector = 'best'", "A miner selector is cheapest, reputation or fixed.", "best"},
           row{"miners = 'f0x'", "miners: ", "f0x"},
           row{"repair-every = 'often'", "repair-every: ", "often"},
           row{"max-price = 'cheap'", "max-price: ", "cheap"},
           row{"least-size = 'big'", "least-size: ", "big"},
       }) {
    auto e = problem_of(std::string{"[schedulers.a]\n"} + section + "\n");
    EXPECT_TRUE(e.message.starts_with("Scheduler 'a', ")) << e.message;
    EXPECT_NE(e.message.find(says), std::string::npos) << e.message;
    EXPECT_EQ(e.value, value) << section;
  }
  EXPECT_EQ(problem_of("[schedulers.Big]\nparallel = 5\n").message,
            "The name of a scheduler is made of a-z, 0-9 and '-'.");
}

TEST(schedulers, what_does_not_fit_together_is_refused) {
  auto e = problem_of("[schedulers.a]\nhot = 'nowhere'\n");
  EXPECT_EQ(e.message, "Scheduler 'a': the configuration has no hot layer of this name.");
  EXPECT_EQ(e.value, "nowhere");
  e = problem_of("[schedulers.a]\nselector = 'fixed'\n");
  EXPECT_EQ(e.message, "Scheduler 'a': the selector fixed, and no other, has a list of miners.");
  EXPECT_EQ(problem_of("[schedulers.a]\nminers = 'f01000'\n").value, "cheapest");
}

} // namespace
} // namespace weir
