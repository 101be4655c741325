#include "storage/filecoin/address_text.hpp"

#include <gtest/gtest.h>

namespace weir::filecoin {

namespace {

struct vector {
  const char* text;
  const char* hex;
};

constexpr vector published[] = {
    {"f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq", "01ea0f0ea039b291a0f08fd179e0556a8c3277c0d3"},
    {"f01000", "00e807"},
    {"f05", "0005"},
    {"f00", "0000"},
    {"f432f77777777x32lpna", "0420ffffffffff"},
    {"f410fmcffelu4okurnsxqcs352bgqmvxww566spsdeii", "040a608a522e9c72a916caf014b7dd04d0656f6b77de"},
    {"f1q4lfq4ndghuwprws3pwcvt7obmenyxw3sig2wca", "0187165871a331e967c6d2dbec2acfee0b08dc5edb"},
    {"f09223372036854775807", "00ffffffffffffffff7f"},
};

TEST(address_text, published_addresses_go_both_ways) {
  for (auto& v : published) {
    auto parsed = parse_address(v.text);
    ASSERT_TRUE(parsed) << v.text << to_string(parsed.error());
    EXPECT_EQ(to_hex(parsed->data()), v.hex);
    EXPECT_EQ(to_text(*parsed), v.text);
  }
}

TEST(address_text, test_networks_have_their_own_letter) {
  auto parsed = parse_address("t410fmcffelu4okurnsxqcs352bgqmvxww566spsdeii");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(to_text(*parsed, network_letter::test), "t410fmcffelu4okurnsxqcs352bgqmvxww566spsdeii");
}

TEST(address_text, bls_addresses_come_back) {
  auto bls = address::from_bytes(*from_hex("03" + std::string(96, 'a')));
  ASSERT_TRUE(bls);
  EXPECT_EQ(*parse_address(to_text(*bls)), *bls);
}

TEST(address_text, everything_else_is_refused) {
  for (auto bad : {"",
                   "f",
                   "f0",
                   "x01000",
                   "F01000",
                   "f01000x",
                   "f0-1",
                   "f001",
                   "f0 1",
                   "f09223372036854775808",
                   "f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdra",  // checksum
                   "f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrr",  // trailing bits that are not zero
                   "f15IHQ5IBZWKI2B4EP2F46AVLKRQZHPQGTGA7PDRQ",  // upper case
                   "f25ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq",  // the protocol is part of the checksum
                   "f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq=", // padding
                   "f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pd",
                   "f4f77777777x32lpna",
                   "f4032f77777777x32lpna",
                   "f32f77777777x32lpna",
                   "f5aaaa",
                   "f1",
                   "f1aaaaaaaa"})
    EXPECT_FALSE(parse_address(bad)) << bad;
}

TEST(address_text, the_empty_address_has_a_word) {
  EXPECT_EQ(to_text({}), "<empty>");
}

} // namespace

} // namespace weir::filecoin
