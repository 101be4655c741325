#include "messages/types/multibase.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

// https://github.com/multiformats/multibase/tree/master/tests
TEST(multibase, published_vectors) {
  struct row {
    std::string_view plain, text;
  };
  constexpr std::string_view basic = "yes mani !", one_zero = {"\0yes mani !", 11}, two_zeros = {"\0\0yes mani !", 12};
  for (auto [plain, text] : {
           row{basic, "f796573206d616e692021"},
           row{basic, "F796573206D616E692021"},
           row{basic, "bpfsxgidnmfxgsibb"},
           row{basic, "BPFSXGIDNMFXGSIBB"},
           row{basic, "vf5in683dc5n6i811"},
           row{basic, "VF5IN683DC5N6I811"},
           row{basic, "k2lcpzo5yikidynfl"},
           row{basic, "K2LCPZO5YIKIDYNFL"},
           row{basic, "z7paNL19xttacUY"},
           row{basic, "meWVzIG1hbmkgIQ"},
           row{basic, "ueWVzIG1hbmkgIQ"},
           row{one_zero, "bab4wk4zanvqw42jaee"},
           row{one_zero, "v01smasp0dlgmsq9044"},
           row{one_zero, "k02lcpzo5yikidynfl"},
           row{one_zero, "z17paNL19xttacUY"},
           row{one_zero, "mAHllcyBtYW5pICE"},
           row{two_zeros, "f0000796573206d616e692021"},
           row{two_zeros, "baaahszltebwwc3tjeaqq"},
           row{two_zeros, "k002lcpzo5yikidynfl"},
           row{two_zeros, "z117paNL19xttacUY"},
           row{two_zeros, "uAAB5ZXMgbWFuaSAh"},
       }) {
    auto decoded = multibase_decode(text);
    ASSERT_TRUE(decoded) << text;
    EXPECT_EQ(as_text(decoded->data), plain) << text;
    EXPECT_EQ(multibase_encode(decoded->base, as_bytes(plain)), text);
  }
}

TEST(multibase, rfc4648_lengths) {
  for (std::string_view plain : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    for (auto base : {multibase::base16, multibase::base32, multibase::base32hex_upper, multibase::base36,
                      multibase::base58btc, multibase::base64, multibase::base64url}) {
      auto back = base_decode(base, base_encode(base, as_bytes(plain)));
      ASSERT_TRUE(back);
      EXPECT_EQ(as_text(*back), plain);
    }
  EXPECT_EQ(base_encode(multibase::base32, as_bytes("fooba")), "mzxw6ytb");
  EXPECT_EQ(base_encode(multibase::base64, as_bytes("\xfb\xff")), "+/8");
  EXPECT_EQ(base_encode(multibase::base64url, as_bytes("\xfb\xff")), "-_8");
}

TEST(multibase, refuses_what_no_encoder_writes) {
  for (std::string_view text : {
           "",         // no prefix
           "?abc",     // unknown prefix
           "f7",       // half a byte
           "f7965Z3",  // foreign character
           "F79aa",    // lower case under the upper-case prefix
           "bPFSX",    // and the other way
           "bmzxw6yr", // "foob" is mzxw6yq: the last bits are not zero
           "ba",       // less than a byte
           "bmzxw6y",  // no number of bytes has six characters
           "bpfsxgidnmfxgsibb=",
           "meWVzIG1hbmkgIQ==",
           "ueWVz+G1h",
           "meWVz-G1h",
           "z0OIl",
           "k-",
           "zab cd",
       }) {
    auto decoded = multibase_decode(text);
    EXPECT_FALSE(decoded) << text;
    if (!decoded) {
      EXPECT_EQ(decoded.error().code, errc::malformed);
    }
  }
  EXPECT_EQ(base_decode(multibase::base58btc, std::string(multibase_number_limit + 1, 'z')).error().code,
            errc::too_large);
}

} // namespace
} // namespace weir
