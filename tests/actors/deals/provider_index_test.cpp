// X1: what the node knows of providers, from the chain and from themselves.
#include "actors/deals/provider_rules.hpp"
#include "actors/deals/select.hpp"
#include "tests/actors/support/domain_fixture.hpp"

namespace weir::test {
namespace {

struct provider_index : domain_fixture {
  address first = address::from_id(1000), second = address::from_id(1001);

  void SetUp() override {
    add_providers(2);
    chain->power[first] = {token_amount{300}, token_amount{900}};
    chain->sectors[first] = {12, 11, 1};
    providers->all.at(first).price = token_amount{77};
    start();
  }
};

TEST_F(provider_index, x1_is_filled_from_the_chain_and_from_the_providers) {
  auto p = get<provider>(first);
  EXPECT_EQ(p.price, token_amount{77});
  EXPECT_EQ(p.sector_size, 32ull << 30);
  EXPECT_EQ(p.power, token_amount{300});
  EXPECT_EQ(p.power_share, 333'333'333u);
  EXPECT_EQ(p.sectors_live, 12u);
  EXPECT_EQ(p.sectors_active, 11u);
  EXPECT_EQ(p.sectors_faulty, 1u);
}

TEST_F(provider_index, x1_a_chain_node_that_does_not_tell_the_power_is_no_obstacle) {
  auto p = get<provider>(second);
  EXPECT_TRUE(p.reachable);
  EXPECT_TRUE(p.power.zero());
  EXPECT_EQ(p.sectors_live, 0u);
}

TEST_F(provider_index, x1_what_changes_is_seen_at_the_next_look_and_what_is_silent_stays) {
  chain->power[first] = {token_amount{450}, token_amount{900}};
  chain->sectors.erase(first);
  pass(300);
  auto p = get<provider>(first);
  EXPECT_EQ(p.power_share, 500'000'000u);
  EXPECT_EQ(p.sectors_live, 12u) << "nobody said anything else";
}

TEST(provider_rules, a_share_of_the_power_is_rounded_down_and_bounded) {
  auto share = [](const char* own, const char* total) {
    return with_power({}, {*token_amount::parse(own), *token_amount::parse(total)}).power_share;
  };
  EXPECT_EQ(share("0", "0"), 0u);
  EXPECT_EQ(share("5", "0"), 0u);
  EXPECT_EQ(share("7", "7"), 1'000'000'000u);
  EXPECT_EQ(share("1", "3"), 333'333'333u);
  EXPECT_EQ(share("123456789012345678901234567890", "987654321098765432109876543210"), 124'999'998u);
  EXPECT_EQ(share("-5", "7"), 0u);
}

TEST(provider_rules, what_the_operator_says_while_it_is_asked_stays) {
  provider before, learned;
  before.country = "SE";
  before.retrievals_ok = 3;
  EXPECT_EQ(learned_of(before, learned, epoch{5}).country, "SE");
  EXPECT_EQ(learned_of(before, learned, epoch{5}).retrievals_ok, 3u);
}

TEST(select, s4_too_large_for_all_names_the_size_and_the_largest_that_is_taken) {
  selection_answer answer;
  EXPECT_FALSE(too_large_for_all(answer)) << "nobody is known";
  answer.rejections = {{address::from_id(1), errc::too_large, "", "65536", "8192"},
                       {address::from_id(2), errc::too_large, "", "65536", "32768"},
                       {address::from_id(3), errc::forbidden, "", "", ""}};
  auto why = too_large_for_all(answer);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->code, errc::too_large);
  EXPECT_EQ(why->value, "65536");
  EXPECT_EQ(why->limit, "32768");
  answer.rejections.push_back({address::from_id(4), errc::price_too_high, "", "2", "1"});
  EXPECT_FALSE(too_large_for_all(answer)) << "it would take the size";
  answer.rejections.pop_back();
  answer.chosen.emplace_back();
  EXPECT_FALSE(too_large_for_all(answer));
}

} // namespace
} // namespace weir::test
