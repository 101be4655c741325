#include "messages/types/cid.hpp"

#include <unordered_set>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr std::string_view hello_v0 = "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD";
constexpr std::string_view hello_v1 = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";
constexpr std::string_view piece_v1 = "baga6ea4seaqes3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi";
constexpr std::string_view piece_v2 = "bafkzcibcaaces3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi";

cid parsed(std::string_view text) {
  auto c = cid::parse(text);
  EXPECT_TRUE(c) << text << ": " << to_string(c.error());
  return c.value_or(cid{});
}

TEST(cid, known_texts) {
  auto v0 = parsed(hello_v0);
  EXPECT_EQ(v0.version(), 0);
  EXPECT_EQ(v0.codec(), codec::dag_pb);
  EXPECT_EQ(v0.hash_code(), hash_code::sha2_256);
  EXPECT_EQ(v0.text(), hello_v0);
  EXPECT_EQ(v0.data().size(), 34u);

  auto v1 = parsed(hello_v1);
  EXPECT_EQ(v1.version(), 1);
  EXPECT_EQ(v1.codec(), codec::raw);
  EXPECT_EQ(to_hex(v1.digest()), "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
  EXPECT_EQ(to_string(v1), hello_v1);
  EXPECT_EQ(v1, cid::v1(codec::raw, hash_code::sha2_256, v1.digest()));
  EXPECT_EQ(v1, cid::v1(codec::raw, v1.multihash()));

  auto p1 = parsed(piece_v1);
  EXPECT_EQ(p1.codec(), codec::fil_commitment_unsealed);
  EXPECT_EQ(p1.hash_code(), hash_code::sha2_256_trunc254_padded);
  auto p2 = parsed(piece_v2);
  EXPECT_EQ(p2.codec(), codec::raw);
  EXPECT_EQ(p2.hash_code(), hash_code::fr32_sha256_trunc254_padbintree);
  EXPECT_TRUE(std::equal(p1.digest().begin(), p1.digest().end(), p2.digest().end() - 32));

  // Kubo, ipfs add --inline: an identity hash.
  auto inlined = parsed("bafkqagpfzqajhqoyhcvwwtf6k6vy3pncyqdr4b2xuaeorca");
  EXPECT_EQ(inlined.hash_code(), hash_code::identity);
  EXPECT_EQ(inlined.digest().size(), 25u);
}

TEST(cid, same_in_every_base) {
  auto c = parsed(hello_v1);
  for (auto base :
       {multibase::base16, multibase::base16_upper, multibase::base32_upper, multibase::base32hex, multibase::base36,
        multibase::base36_upper, multibase::base58btc, multibase::base64, multibase::base64url})
    EXPECT_EQ(parsed(c.text(base)), c);
  // Version 0 and 1 of one block.
  EXPECT_EQ(as_text(parsed("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi").multihash()),
            as_text(parsed("QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR").multihash()));
}

TEST(cid, ordered_equal_and_hashed_by_bytes) {
  auto a = parsed(hello_v0), b = parsed(hello_v1);
  EXPECT_NE(a, b);
  EXPECT_LT(b, a) << "01… before 12…";
  std::unordered_set<cid> set{a, b, a};
  EXPECT_EQ(set.size(), 2u);
  EXPECT_TRUE(cid{}.empty());
  EXPECT_EQ(cid{}.text(), "");
}

TEST(cid, takes_one_off_the_front) {
  auto v0 = parsed(hello_v0), v1 = parsed(hello_v1);
  auto data = to_bytes(v0.data());
  data.insert(data.end(), v1.data().begin(), v1.data().end());
  data.push_back(0x2a);
  bytes_view in = data;
  EXPECT_EQ(*cid::take(in), v0);
  EXPECT_EQ(*cid::take(in), v1);
  EXPECT_EQ(in.size(), 1u);
  EXPECT_FALSE(cid::take(in));
  EXPECT_EQ(in.size(), 1u) << "nothing is removed on failure";
}

void refused(const bytes& data, const char* why) {
  auto c = cid::from_bytes(data);
  ASSERT_FALSE(c) << why;
  EXPECT_EQ(c.error().code, errc::invalid_cid);
}

TEST(cid, refuses_bad_bytes) {
  auto good = to_bytes(parsed(hello_v1).data());
  refused({}, "empty");
  auto longer = good;
  longer.push_back(0);
  refused(longer, "trailing byte");
  refused({good.begin(), good.end() - 1}, "cut short");
  auto version = good;
  version[0] = 2;
  refused(version, "version 2");
  version[0] = 3;
  refused(version, "version 3");
  bytes over_long{0x81, 0x00};
  over_long.insert(over_long.end(), good.begin() + 1, good.end());
  refused(over_long, "over-long varint");
  auto short_digest = good;
  short_digest[3] = 31;
  short_digest.pop_back();
  refused(short_digest, "31 bytes of SHA-256");
  bytes huge{0x01, 0x55, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
  refused(huge, "a digest of 2^63 bytes");
  auto v0 = to_bytes(parsed(hello_v0).data());
  v0.push_back(0);
  refused(v0, "trailing byte after version 0");
  refused({v0.begin(), v0.begin() + 20}, "version 0 cut short");
  bytes identity{0x01, 0x55, 0x00, 0x81, 0x01};
  identity.resize(identity.size() + 129);
  refused(identity, "identity over 128 bytes");
}

TEST(cid, refuses_bad_text) {
  for (std::string text : {
           std::string{},
           std::string{"Qm"},
           std::string{hello_v0.substr(0, 45)},
           std::string{hello_v0} + "x",
           "z" + std::string{hello_v0},
           std::string{"not a cid"},
           std::string{hello_v1} + "a",
           "B" + std::string{hello_v1.substr(1)},
           std::string{hello_v1} + "\n",
           " " + std::string{hello_v1},
           std::string(100000, 'z'),
           std::string{"Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyf0"},
           std::string{"b"},
           std::string{"bae"},
       }) {
    auto c = cid::parse(text);
    ASSERT_FALSE(c) << text;
    EXPECT_EQ(c.error().code, errc::invalid_cid);
    EXPECT_LT(to_string(c.error()).size(), 1000u);
  }
}

} // namespace
} // namespace weir
