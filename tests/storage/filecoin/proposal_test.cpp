#include "storage/filecoin/proposal.hpp"

#include "storage/filecoin/chain_hash.hpp"
#include "tests/storage/filecoin/samples.hpp"

#include <gtest/gtest.h>

namespace weir::filecoin {

namespace {

TEST(proposal, bytes_and_cid_are_the_published_ones) {
  auto p = sample::proposal();
  auto data = encode(p);
  EXPECT_EQ(to_hex(data), sample::proposal_hex);
  EXPECT_EQ(to_hex(blake2b_256(data)), "c77384ad14127ee292c3d4913f469d5b4e846c45015484e9a2069244e9306cf5");
  EXPECT_EQ(proposal_cid(p).text(), "bafy2bzaceddxhbfncqjh5yusypkjcp2gtvnu5bdmiuavjbhjuidjerhjgbwpk");
  EXPECT_EQ(*decode_proposal(data), p);
}

TEST(proposal, signed_bytes_and_cid_are_the_published_ones) {
  auto made = sign(sample::key(), sample::proposal());
  EXPECT_EQ(to_hex(made.client_signature.data), sample::proposal_signature_hex);
  EXPECT_EQ(signed_proposal_cid(made).text(), "bafyreibbk53ry7dvxvoibkxqt35cvwctgtzazsujd4jrknogk77uamqg3q");
  EXPECT_EQ(*decode_client_proposal(encode(made)), made);
  EXPECT_TRUE(verify(made, made.proposal.client));
}

TEST(proposal, a_foreign_encoder_agrees) {
  // cpp-filecoin, made from the Go codec.
  constexpr std::string_view hex =
      "8bd82a58230012204bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a190100f555024716b023b7fe84b6e7dc"
      "da30"
      "3c3d754b1a8ff2fc55024716b023b7fe84b6e7dcda303c3d754b1a8ff2fc656c6162656c18651907d24200164300014d4300115c";
  auto actor = *address::from_bytes(sample::unhex("024716b023b7fe84b6e7dcda303c3d754b1a8ff2fc"));
  deal_proposal p;
  p.piece = cid::v0(sample::unhex("4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"));
  p.padded_size = 256;
  p.verified = true;
  p.client = p.provider = actor;
  p.label = {"label", true};
  p.start = epoch{101};
  p.end = epoch{2002};
  p.price_per_epoch = token_amount{22};
  p.provider_collateral = token_amount{333};
  p.client_collateral = token_amount{4444};
  EXPECT_EQ(to_hex(encode(p)), hex);
  EXPECT_EQ(*decode_proposal(sample::unhex(hex)), p);
}

TEST(proposal, labels_of_text_and_of_bytes_differ) {
  auto text = sample::proposal(), binary = sample::proposal();
  binary.label.is_text = false;
  EXPECT_NE(proposal_cid(text), proposal_cid(binary));
  EXPECT_EQ(*decode_proposal(encode(binary)), binary);
  text.label = {};
  EXPECT_EQ(*decode_proposal(encode(text)), text);
  binary.label.data = "\xff\x00";
  EXPECT_EQ(*decode_proposal(encode(binary)), binary);
  text.label.data = std::string(257, 'a');
  EXPECT_FALSE(decode_proposal(encode(text)));
}

TEST(proposal, every_cut_is_noticed) {
  auto data = encode(sample::proposal());
  for (std::size_t size = 0; size < data.size(); ++size)
    EXPECT_FALSE(decode_proposal(bytes_view{data}.first(size))) << size;
  data.push_back(0);
  EXPECT_FALSE(decode_proposal(data));
}

TEST(proposal, a_client_needs_price_and_collateral) {
  auto p = sample::proposal();
  p.client_collateral = token_amount{5};
  EXPECT_EQ(client_funds(p).decimal(), "518400000000005");
}

} // namespace

} // namespace weir::filecoin
