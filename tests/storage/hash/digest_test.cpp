#include "storage/hash/digest.hpp"

#include "storage/hash/block_cid.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

std::string hex_of(std::uint64_t code, std::string_view text) {
  auto digest = digest_of(code, as_bytes(text));
  return digest ? to_hex(digest->view()) : to_string(digest.error());
}

// FIPS 180-4, FIPS 202 and RFC 7693 examples of "abc" (BLAKE2b-256: the reference b2sum).
TEST(digest, published_vectors) {
  EXPECT_EQ(hex_of(hash_code::sha2_256, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_of(hash_code::sha2_256, ""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_of(hash_code::sha2_512, "abc"), "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                                "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  EXPECT_EQ(hex_of(hash_code::sha3_256, "abc"), "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
  EXPECT_EQ(hex_of(hash_code::blake2b_256, "abc"), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(hex_of(hash_code::identity, "abc"), "616263");
  std::array<std::uint8_t, 64> long_digest;
  blake2b(long_digest, as_bytes("abc"));
  EXPECT_EQ(to_hex(long_digest).substr(0, 32), "ba80a53f981c4d0d6a2797b69f12f6e9");
}

TEST(digest, streamed_in_odd_pieces_is_the_same) {
  std::string text(10007, '\0');
  for (std::size_t i = 0; i < text.size(); ++i)
    text[i] = static_cast<char>(i * 7 % 251);
  for (auto code : {hash_code::sha2_256, hash_code::sha2_512, hash_code::sha3_256, hash_code::blake2b_256})
    for (std::size_t step : {1, 63, 64, 65, 1000, 20000}) {
      auto stream = hash_stream::create(code);
      ASSERT_TRUE(stream);
      for (int round = 0; round < 2; ++round) { // finish starts it anew
        for (std::size_t at = 0; at < text.size(); at += step)
          stream->update(as_bytes(std::string_view{text}.substr(at, step)));
        EXPECT_EQ(to_hex(stream->finish().view()), hex_of(code, text));
      }
    }
}

TEST(digest, says_what_it_cannot_do) {
  EXPECT_FALSE(hash_supported(0x1e));
  EXPECT_EQ(digest_of(0x1e, {}).error().code, errc::unsupported);
  EXPECT_EQ(digest_of(0x1e, {}).error().value, "0x1e");
  EXPECT_EQ(hash_stream::create(hash_code::identity).error().code, errc::unsupported);
  bytes block(max_digest_size + 1);
  EXPECT_EQ(digest_of(hash_code::identity, block).error().code, errc::too_large);
  block.pop_back();
  EXPECT_TRUE(digest_of(hash_code::identity, block));
}

TEST(block_cid, hello_world) {
  auto hello = as_bytes("hello world");
  EXPECT_EQ(cid_of({}, hello)->text(), "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e");
  EXPECT_EQ(cid_of({1, codec::raw, hash_code::identity}, hello)->text(), "bafkqac3imvwgy3zao5xxe3de");
  EXPECT_EQ(cid_of({0, codec::raw}, hello).error().code, errc::invalid_argument);
  auto v0 = cid_of({0, codec::dag_pb}, as_bytes("\x0a\x04\x08\x01"));
  ASSERT_TRUE(v0);
  EXPECT_EQ(v0->version(), 0);
}

TEST(block_cid, a_flipped_bit_is_named) {
  for (auto hash :
       {hash_code::sha2_256, hash_code::sha2_512, hash_code::sha3_256, hash_code::blake2b_256, hash_code::identity}) {
    bytes block(100, 0x5a);
    auto id = *cid_of({1, codec::raw, hash}, block);
    EXPECT_TRUE(verify_block(id, block));
    block[57] ^= 0x10;
    auto damaged = verify_block(id, block);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, errc::corrupt);
    EXPECT_EQ(damaged.error().value, id.text());
    block.resize(1000);
    EXPECT_EQ(verify_block(id, block).error().code, errc::corrupt);
  }
  EXPECT_EQ(verify_block(cid{}, {}).error().code, errc::invalid_cid);
}

} // namespace
} // namespace weir
