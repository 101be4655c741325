#include "messages/types/states.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace weir {
namespace {

template <class State>
void walks(std::span<const transition<State>> table, State first, int count) {
  std::vector<bool> reached(count);
  reached[static_cast<int>(first)] = true;
  for (int round = 0; round < count; ++round)
    for (auto [from, to] : table) {
      EXPECT_NE(from, to);
      EXPECT_TRUE(allowed(from, to));
      if (reached[static_cast<int>(from)])
        reached[static_cast<int>(to)] = true;
    }
  for (int i = 0; i < count; ++i) {
    EXPECT_TRUE(reached[i]) << "nothing leads to " << to_string(static_cast<State>(i));
    EXPECT_EQ(state_from_name<State>(to_string(static_cast<State>(i))), static_cast<State>(i));
  }
}

TEST(states, every_state_is_reached_and_named) {
  walks(content_transitions(), content_state::stored, 9);
  walks(bucket_transitions(), bucket_state::init, 2);
  walks(piece_transitions(), piece_state::built, 4);
  walks(deal_transitions(), deal_state::intended, 9);
}

TEST(states, seeds_words) {
  EXPECT_EQ(to_string(bucket_state::init), "init");
  EXPECT_EQ(to_string(bucket_state::complete), "complete");
  EXPECT_FALSE(allowed(bucket_state::complete, bucket_state::init));
}

TEST(states, final_deals_stay_final) {
  for (auto s : {deal_state::rejected, deal_state::failed, deal_state::slashed, deal_state::expired}) {
    EXPECT_TRUE(is_final(s));
    EXPECT_FALSE(is_good(s));
  }
  EXPECT_TRUE(is_good(deal_state::intended));
  EXPECT_FALSE(state_from_name<deal_state>("sealed").has_value());
}

} // namespace
} // namespace weir
