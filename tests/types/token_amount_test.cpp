#include "messages/types/token_amount.hpp"

#include <gtest/gtest.h>

namespace weir {

namespace {

token_amount atto(std::string_view decimal) {
  return *token_amount::parse(decimal);
}

TEST(token_amount, chain_form_has_the_published_bytes) {
  EXPECT_EQ(to_hex(token_amount{}.to_chain()), "");
  EXPECT_EQ(to_hex(atto("1000000000").to_chain()), "003b9aca00");
  EXPECT_EQ(to_hex(atto("1234567890123456789").to_chain()), "00112210f47de98115");
  EXPECT_EQ(to_hex(atto("333").to_chain()), "00014d");
  EXPECT_EQ(to_hex(atto("-128").to_chain()), "0180");
  EXPECT_EQ(to_hex(atto("18446744073709551616").to_chain()), "00010000000000000000");
}

TEST(token_amount, chain_form_comes_back) {
  for (auto text : {"0", "1", "-1", "127", "128", "255", "256", "4294967295", "4294967296", "18446744073709551616",
                    "-340282366920938463463374607431768211456"})
    EXPECT_EQ(token_amount::from_chain(atto(text).to_chain())->decimal(), text);
}

TEST(token_amount, foreign_chain_forms_are_refused) {
  EXPECT_FALSE(token_amount::from_chain(*from_hex("00")));
  EXPECT_FALSE(token_amount::from_chain(*from_hex("0000")));
  EXPECT_FALSE(token_amount::from_chain(*from_hex("0201")));
  EXPECT_FALSE(token_amount::from_chain(*from_hex("000001")));
  EXPECT_TRUE(token_amount::from_chain(*from_hex("00" + std::string(254, '1'))));
  EXPECT_FALSE(token_amount::from_chain(*from_hex("00" + std::string(256, '1'))));
}

TEST(token_amount, decimals_are_strict) {
  EXPECT_EQ(atto("-0").decimal(), "0");
  EXPECT_FALSE(atto("-0").negative());
  EXPECT_EQ(atto("007").decimal(), "7");
  for (auto bad : {"", "-", "+1", "1.0", " 1", "1 ", "0x10", "1e3"})
    EXPECT_FALSE(token_amount::parse(bad)) << bad;
  EXPECT_FALSE(token_amount::parse(std::string(311, '9')));
}

TEST(token_amount, people_write_fil) {
  EXPECT_EQ(token_amount::parse_fil("1.5 FIL")->decimal(), "1500000000000000000");
  EXPECT_EQ(token_amount::parse_fil("2FIL")->decimal(), "2000000000000000000");
  EXPECT_EQ(token_amount::parse_fil("0.000000000000000001 FIL")->decimal(), "1");
  EXPECT_EQ(token_amount::parse_fil("-0.5 FIL")->decimal(), "-500000000000000000");
  EXPECT_EQ(token_amount::parse_fil("20 attoFIL")->decimal(), "20");
  EXPECT_EQ(token_amount::parse_fil("20")->decimal(), "20");
  for (auto bad :
       {"", "FIL", ".5 FIL", "1. FIL", "1.5", "1.5 attoFIL", "0.0000000000000000001 FIL", "1  FIL", "1 fil", "1 mFIL"})
    EXPECT_FALSE(token_amount::parse_fil(bad)) << bad;
}

TEST(token_amount, people_read_fil) {
  EXPECT_EQ(token_amount{}.fil(), "0 FIL");
  EXPECT_EQ(atto("1").fil(), "0.000000000000000001 FIL");
  EXPECT_EQ(atto("1250000000000000000").fil(), "1.25 FIL");
  EXPECT_EQ(atto("-10000000000000000000").fil(), "-10 FIL");
}

TEST(token_amount, arithmetic_is_exact) {
  auto large = atto("340282366920938463463374607431768211456");
  EXPECT_EQ((large + atto("1") - large).decimal(), "1");
  EXPECT_EQ((large - large).decimal(), "0");
  EXPECT_EQ((atto("5") - atto("7")).decimal(), "-2");
  EXPECT_EQ((atto("-5") + atto("7")).decimal(), "2");
  EXPECT_EQ((large * large).decimal(),
            "115792089237316195423570985008687907853269984665640564039457584007913129639936");
  EXPECT_EQ((atto("-3") * atto("0")).decimal(), "0");
  EXPECT_FALSE((atto("-3") * atto("0")).negative());
  EXPECT_EQ((atto("99999999999") * atto("-99999999999")).decimal(), "-9999999999800000000001");
  EXPECT_EQ((-atto("7")).decimal(), "-7");
  EXPECT_EQ(atto("-7").divided_by(2).decimal(), "-3");
  EXPECT_EQ(large.divided_by(1ULL << 63).decimal(), "36893488147419103232");
}

TEST(token_amount, order_is_that_of_numbers) {
  EXPECT_LT(atto("-2"), atto("-1"));
  EXPECT_LT(atto("-1"), atto("0"));
  EXPECT_LT(atto("9"), atto("10"));
  EXPECT_LT(atto("4294967295"), atto("4294967296"));
  EXPECT_EQ(token_amount{7}, atto("7"));
}

} // namespace

} // namespace weir
