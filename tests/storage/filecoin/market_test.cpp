#include "storage/filecoin/market.hpp"

#include "storage/filecoin/rle_plus.hpp"
#include "tests/storage/filecoin/samples.hpp"

#include <gtest/gtest.h>

namespace weir::filecoin {

namespace {

using sample::unhex;
using numbers = std::vector<std::uint64_t>;

TEST(rle_plus, the_published_field_goes_both_ways) {
  EXPECT_EQ(*decode_rle_plus(unhex("0c"), 10), numbers{0});
  EXPECT_EQ(to_hex(encode_rle_plus({0})), "0c");
}

TEST(rle_plus, all_kinds_of_runs_come_back) {
  numbers many;
  for (std::uint64_t i = 0; i < 300; ++i)
    many.push_back(1000 + i);
  for (auto& set : {numbers{}, numbers{0, 1, 2}, numbers{1}, numbers{5}, numbers{0, 2, 4, 6}, numbers{15}, numbers{16},
                    numbers{0, 1, 17, 1ULL << 40}, many, numbers{(1ULL << 63) - 2}})
    EXPECT_EQ(*decode_rle_plus(encode_rle_plus(set), 1000), set) << set.size();
}

TEST(rle_plus, bounds_are_kept_before_memory_is_taken) {
  // One run of 2^42 set bits.
  EXPECT_EQ(decode_rle_plus(unhex("04101010101030"), 100).error().code, errc::too_large);
  EXPECT_EQ(decode_rle_plus(encode_rle_plus({1, 2, 3, 4}), 3).error().code, errc::too_large);
}

TEST(rle_plus, other_forms_are_refused) {
  for (auto bad : {"00", "0c00", "01", "02", "0480ff", "14"})
    EXPECT_FALSE(decode_rle_plus(unhex(bad), 100)) << bad;
}

TEST(market, adding_to_escrow_has_the_published_params) {
  auto params = market::encode_add_balance(sample::key().address());
  EXPECT_EQ(params, sample::add_balance().params);
  EXPECT_EQ(*market::decode_add_balance(params), sample::key().address());
  EXPECT_FALSE(market::decode_add_balance(unhex("40")));
}

TEST(market, withdrawals_come_back) {
  market::withdrawal w{address::from_id(1000), token_amount{5}};
  EXPECT_EQ(to_hex(market::encode(w)), "824300e807420005");
  EXPECT_EQ(market::decode_withdrawal(market::encode(w))->amount, token_amount{5});
}

TEST(market, publishing_carries_the_signed_proposals) {
  auto made = sign(sample::key(), sample::proposal());
  auto back = market::decode_publish(market::encode_publish({made, made}));
  ASSERT_TRUE(back) << to_string(back.error());
  ASSERT_EQ(back->size(), 2u);
  EXPECT_EQ(back->at(1), made);
}

TEST(market, the_published_return_goes_both_ways) {
  auto p = market::decode_published(unhex("8281193039410c"));
  ASSERT_TRUE(p) << to_string(p.error());
  EXPECT_EQ(p->id_at(0).value, 12345u);
  EXPECT_EQ(p->id_at(1).value, 0u);
  EXPECT_EQ(to_hex(market::encode(*p)), "8281193039410c");
}

TEST(market, ids_belong_to_the_valid_deals) {
  market::published p{{deal_id{7}, deal_id{9}}, {1, 4}};
  auto back = market::decode_published(market::encode(p));
  EXPECT_EQ(back->id_at(0).value, 0u);
  EXPECT_EQ(back->id_at(1).value, 7u);
  EXPECT_EQ(back->id_at(4).value, 9u);
  p.ids.pop_back();
  EXPECT_FALSE(market::decode_published(market::encode(p)));
}

} // namespace

} // namespace weir::filecoin
