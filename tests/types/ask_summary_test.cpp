#include "messages/types/ask_summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace weir {
namespace {

token_amount of(const char* decimal) {
  return *token_amount::parse(decimal);
}

provider asking(std::uint64_t price, std::uint64_t verified, bool reachable = true) {
  provider p;
  p.reachable = reachable;
  p.price = token_amount{price};
  p.verified_price = token_amount{verified};
  return p;
}

TEST(ask_summary, x3_the_median_is_exact) {
  EXPECT_EQ(median({}), token_amount{});
  EXPECT_EQ(median({of("7")}), of("7"));
  EXPECT_EQ(median({of("9"), of("1"), of("5")}), of("5"));
  EXPECT_EQ(median({of("4"), of("1"), of("9"), of("6")}), of("5"));
  EXPECT_EQ(median({of("1"), of("2")}), of("1")) << "the mean of the two in the middle, rounded down";
  EXPECT_EQ(median({of("3"), of("3"), of("3"), of("900")}), of("3"));
}

TEST(ask_summary, x3_amounts_beyond_64_bits_lose_nothing) {
  auto huge = of("340282366920938463463374607431768211457"); // 2^128 + 1
  EXPECT_EQ(median({huge, of("1"), huge + of("2")}), huge);
  EXPECT_EQ(median({huge, huge + of("3")}), huge + of("1"));
}

TEST(ask_summary, x3_as_a_sorted_list_says) {
  std::mt19937_64 dice{3};
  for (std::size_t count = 1; count < 60; ++count) {
    std::vector<std::uint64_t> plain(count);
    std::vector<token_amount> amounts;
    for (auto& x : plain) {
      x = dice() % 1000;
      amounts.emplace_back(x);
    }
    std::sort(plain.begin(), plain.end());
    auto expected = count % 2 == 1 ? plain[count / 2] : (plain[count / 2 - 1] + plain[count / 2]) / 2;
    EXPECT_EQ(median(amounts), token_amount{expected}) << count;
  }
}

TEST(ask_summary, x3_only_those_that_answered) {
  ask_survey survey;
  for (auto& p : {asking(10, 1), asking(30, 3), asking(20, 2), asking(99, 99, false)})
    survey.add(p);
  auto found = std::move(survey).summary();
  EXPECT_EQ(found.providers, 3u);
  EXPECT_EQ(found.median, token_amount{20});
  EXPECT_EQ(found.verified_median, token_amount{2});
}

} // namespace
} // namespace weir
