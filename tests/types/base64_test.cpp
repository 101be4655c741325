#include "messages/types/base64.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

// RFC 4648, section 10.
TEST(base64, published_vectors) {
  for (auto [plain, text] : {std::pair{"", ""},
                             {"f", "Zg=="},
                             {"fo", "Zm8="},
                             {"foo", "Zm9v"},
                             {"foob", "Zm9vYg=="},
                             {"fooba", "Zm9vYmE="},
                             {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(base64_encode(as_bytes(plain)), text);
    auto back = base64_decode(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(as_text(*back), plain);
  }
  EXPECT_EQ(base64_encode(as_bytes("\xfb\xff")), "+/8=");
}

TEST(base64, refuses_what_no_encoder_writes) {
  for (auto* bad : {"Zg", "Zg=", "Z===", "====", "=", "Zm9v=", "Zm9v====", "Zh==", "Zm9=", "Zm-_", "Zm 9", "Zg==Zg=="})
    EXPECT_EQ(base64_decode(bad).error().code, errc::malformed) << bad;
}

} // namespace
} // namespace weir
