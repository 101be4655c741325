#include "messages/types/varint.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

std::optional<std::uint64_t> take(const bytes& data, std::size_t max_bytes = multiformats_varint_max) {
  bytes_view in = data;
  auto value = take_varint(in, max_bytes);
  if (value) {
    EXPECT_TRUE(in.empty());
  } else {
    EXPECT_EQ(in.size(), data.size()) << "nothing is removed on failure";
  }
  return value;
}

// https://github.com/multiformats/unsigned-varint
TEST(varint, published_vectors) {
  EXPECT_EQ(take({0x00}), 0u);
  EXPECT_EQ(take({0x01}), 1u);
  EXPECT_EQ(take({0x7f}), 127u);
  EXPECT_EQ(take({0x80, 0x01}), 128u);
  EXPECT_EQ(take({0xff, 0x01}), 255u);
  EXPECT_EQ(take({0xac, 0x02}), 300u);
  EXPECT_EQ(take({0x80, 0x80, 0x01}), 16384u);
  EXPECT_EQ(take({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}), (1ull << 63) - 1);
}

TEST(varint, round_trip_at_every_width) {
  for (unsigned bit = 0; bit < 64; ++bit)
    for (std::uint64_t value : {(1ull << bit) - 1, 1ull << bit, (1ull << bit) + 1}) {
      bytes data;
      put_varint(data, value);
      EXPECT_EQ(data.size(), varint_size(value));
      EXPECT_EQ(take(data, 10), value);
    }
}

TEST(varint, refuses_the_long_and_the_short) {
  EXPECT_FALSE(take({}));
  EXPECT_FALSE(take({0x80}));
  EXPECT_FALSE(take({0x80, 0x00})) << "over-long zero";
  EXPECT_FALSE(take({0x81, 0x00})) << "over-long one";
  EXPECT_FALSE(take({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})) << "64 bits";
  EXPECT_TRUE(take({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}, 10));
  EXPECT_FALSE(take({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}, 10)) << "65 bits";
}

} // namespace
} // namespace weir
