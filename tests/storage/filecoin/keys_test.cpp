#include "storage/filecoin/keys.hpp"

#include "tests/storage/filecoin/samples.hpp"

#include <gtest/gtest.h>

namespace weir::filecoin {

namespace {

TEST(keys, the_address_is_the_published_one) {
  EXPECT_EQ(to_text(sample::key().address()), "f1q4lfq4ndghuwprws3pwcvt7obmenyxw3sig2wca");
}

TEST(keys, signing_the_same_twice_gives_the_same) {
  auto key = sample::key();
  EXPECT_EQ(
      to_hex(signature_bytes(key.sign(sample::unhex("00112233445566778899aabbccddeeff")))),
      "0155fa7610e0682ea47f75b1f56884847aa3843770e2c1c1975cee8e8ec1690c0a5d290034e2971ea30a0fc1f1068fc65f2a6d1c066912"
      "38f3be2eecb5e56bd7c000");
  EXPECT_EQ(key.sign(as_bytes("x")), sample::key().sign(as_bytes("x")));
}

TEST(keys, only_the_signer_verifies) {
  auto key = sample::key();
  auto other = *secret_key::from_bytes(bytes(32, 7));
  auto s = key.sign(as_bytes("hello"));
  EXPECT_TRUE(verify(s, key.address(), as_bytes("hello")));
  EXPECT_FALSE(verify(s, other.address(), as_bytes("hello")));
  EXPECT_FALSE(verify(s, key.address(), as_bytes("hullo")));
  EXPECT_FALSE(verify(s, address::from_id(5), as_bytes("hello")));
  EXPECT_FALSE(verify(s, {}, as_bytes("hello")));
}

TEST(keys, damaged_signatures_do_not_verify) {
  auto key = sample::key();
  auto good = key.sign(as_bytes("hello"));
  for (std::size_t i = 0; i < good.data.size(); ++i) {
    auto bad = good;
    bad.data[i] ^= 4;
    EXPECT_FALSE(verify(bad, key.address(), as_bytes("hello"))) << i;
  }
  good.data.pop_back();
  EXPECT_FALSE(verify(good, key.address(), as_bytes("hello")));
}

TEST(keys, the_twin_with_the_high_s_is_refused) {
  auto key = sample::key();
  auto twin = key.sign(as_bytes("hello"));
  // n - s, and the other recovery id.
  auto order = sample::unhex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  int borrow = 0;
  for (int i = 31; i >= 0; --i) {
    int x = order[i] - twin.data[32 + i] - borrow;
    borrow = x < 0 ? 1 : 0;
    twin.data[32 + i] = static_cast<std::uint8_t>(x);
  }
  twin.data[64] ^= 1;
  EXPECT_FALSE(verify(twin, key.address(), as_bytes("hello")));
}

TEST(keys, numbers_off_the_curve_are_no_keys) {
  EXPECT_FALSE(secret_key::from_bytes(bytes(32, 0)));
  EXPECT_FALSE(secret_key::from_bytes(bytes(32, 0xff)));
  EXPECT_FALSE(secret_key::from_bytes(bytes(31, 1)));
  auto bad = secret_key::from_bytes(bytes(33, 0x5a));
  EXPECT_EQ(to_string(bad.error()).find("5a"), std::string::npos) << "an error must not show a secret";
}

TEST(keys, new_keys_come_from_the_given_randomness) {
  int calls = 0;
  auto random = [&](std::span<std::uint8_t> out) { std::fill(out.begin(), out.end(), calls++ == 0 ? 0xff : 7); };
  auto key = secret_key::generate(random);
  EXPECT_EQ(calls, 2) << "the first draw is no valid key";
  EXPECT_EQ(key.address(), secret_key::from_bytes(bytes(32, 7))->address());
}

} // namespace

} // namespace weir::filecoin
