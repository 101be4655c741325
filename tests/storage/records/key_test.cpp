#include "storage/records/key.hpp"

#include "messages/types/ids.hpp"

#include <gtest/gtest.h>

#include <random>

namespace weir::records {
namespace {

using pair_key = std::tuple<content_id, std::uint32_t>;
using text_key = std::tuple<owner_id, std::string>;

TEST(key, of_one_part_is_its_plain_bytes) {
  EXPECT_EQ(encode_key(content_id{"abc"}), "abc");
  EXPECT_EQ(decode_key<content_id>("abc"), content_id{"abc"});
}

TEST(key, bytes_sort_as_the_parts_do) {
  std::mt19937 random{3};
  auto text = [&] {
    std::string out;
    for (auto size = random() % 4; size > 0; --size)
      out.push_back(std::string{"\0\x01\xff"
                                "ab",
                                5}[random() % 5]);
    return out;
  };
  for (int i = 0; i < 20000; ++i) {
    text_key a{owner_id{text()}, text()};
    text_key b{owner_id{text()}, text()};
    // std::string compares as unsigned char, like the store.
    EXPECT_EQ(a < b, encode_key(a) < encode_key(b));
    EXPECT_EQ(decode_key<text_key>(encode_key(a)), a);
  }
  EXPECT_LT(encode_key(pair_key{content_id{"a"}, 255}), encode_key(pair_key{content_id{"a"}, 256}));
}

TEST(key, prefix_begins_exactly_the_keys_with_these_parts) {
  auto prefix = encode_prefix(content_id{"a"});
  EXPECT_TRUE(encode_key(pair_key{content_id{"a"}, 7}).starts_with(prefix));
  EXPECT_FALSE(encode_key(pair_key{content_id{"ab"}, 7}).starts_with(prefix));
}

TEST(key, no_address_and_no_cid_are_keys_as_they_are_fields) {
  EXPECT_EQ(decode_key<address>(encode_key(address{})), address{});
  using cid_key = std::tuple<cid, content_id>;
  EXPECT_EQ(decode_key<cid_key>(encode_key(cid_key{cid{}, content_id{"a"}})), (cid_key{cid{}, content_id{"a"}}));
}

TEST(key, garbage_is_none) {
  EXPECT_FALSE(decode_key<pair_key>(""));
  EXPECT_FALSE(decode_key<pair_key>("a"));
  auto good = encode_key(pair_key{content_id{"a"}, 7});
  EXPECT_FALSE(decode_key<pair_key>(good + "x"));
  EXPECT_FALSE(decode_key<pair_key>(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(decode_key<pair_key>(std::string{"a\0\x02\0\0\0\0\0\0\0\1", 11}));
  auto too_large = encode_key(std::tuple<content_id, std::uint64_t>{content_id{"a"}, 1ull << 32});
  EXPECT_FALSE(decode_key<pair_key>(too_large));
  EXPECT_FALSE(decode_key<cid>("no cid"));
}

TEST(key, prints_readably) {
  EXPECT_EQ(printable_key("5f1c-22"), "5f1c-22");
  EXPECT_EQ(printable_key(std::string{"\x01\x55", 2}), "0155");
}

} // namespace
} // namespace weir::records
