#include "storage/support/checksum.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

// RFC 3720, appendix B.4.
TEST(crc32c, published_vectors) {
  EXPECT_EQ(crc32c(bytes(32, 0x00)), 0x8a9136aau);
  EXPECT_EQ(crc32c(bytes(32, 0xff)), 0x62a8ab43u);
  bytes rising;
  for (std::uint8_t i = 0; i < 32; ++i)
    rising.push_back(i);
  EXPECT_EQ(crc32c(rising), 0x46dd794eu);
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283u);
}

TEST(crc32c, goes_on_where_it_stopped) {
  std::string_view text = "The quick brown fox jumps over the lazy dog";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(crc32c(as_bytes(text.substr(cut)), crc32c(as_bytes(text.substr(0, cut)))), 0x22620404u);
}

} // namespace
} // namespace weir
