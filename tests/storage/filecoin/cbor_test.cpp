// The examples of RFC 8949, appendix A, as far as the chain uses them.
#include "storage/filecoin/cbor.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace weir::filecoin {

namespace {

template <class Write>
std::string written(Write write) {
  cbor_writer out;
  write(out);
  return to_hex(out.take());
}

TEST(cbor, integers_have_the_published_bytes) {
  const std::pair<std::int64_t, const char*> examples[] = {
      {0, "00"},
      {23, "17"},
      {24, "1818"},
      {100, "1864"},
      {1000, "1903e8"},
      {1000000, "1a000f4240"},
      {1000000000000, "1b000000e8d4a51000"},
      {-1, "20"},
      {-10, "29"},
      {-100, "3863"},
      {-1000, "3903e7"},
      {std::numeric_limits<std::int64_t>::min(), "3b7fffffffffffffff"}};
  for (auto [value, hex] : examples) {
    EXPECT_EQ(written([&](cbor_writer& w) { w.integer(value); }), hex);
    auto data = *from_hex(hex);
    cbor_reader in{data};
    EXPECT_EQ(in.integer(), value);
    EXPECT_TRUE(in.finish());
  }
  EXPECT_EQ(written([](cbor_writer& w) { w.uint(~0ULL); }), "1bffffffffffffffff");
}

TEST(cbor, links_are_tagged) {
  auto c = cid::v1(codec::dag_cbor, hash_code::identity, as_bytes("a"));
  auto hex = written([&](cbor_writer& w) { w.link(c), w.link_or_null({}); });
  EXPECT_EQ(hex, "d82a460001710001"
                 "61"
                 "f6");
  auto data = *from_hex(hex);
  cbor_reader in{data};
  EXPECT_EQ(in.link(), c);
  EXPECT_TRUE(in.link_or_null().empty());
  EXPECT_TRUE(in.finish());
}

TEST(cbor, the_first_error_stays) {
  auto data = *from_hex("01f501");
  cbor_reader in{data};
  EXPECT_EQ(in.uint(), 1u);
  EXPECT_EQ(in.uint(), 0u);
  EXPECT_EQ(in.uint(), 0u);
  EXPECT_EQ(in.finish().error().code, errc::malformed);
}

TEST(cbor, bytes_left_over_are_an_error) {
  auto data = *from_hex("0102");
  cbor_reader in{data};
  in.uint();
  EXPECT_FALSE(in.finish());
}

TEST(cbor, what_the_chain_never_writes_is_refused) {
  for (auto bad : {"1801", "190001", "1a00000001", "1b0000000000000001", // not the shortest
                   "9fff", "5f4101ff", "bfff",                           // indefinite
                   "f7", "e0", "f90000", "fb0000000000000000",           // undefined, simple, floats
                   "", "18", "41", "8301", "a101", "d82a", "1c"}) {      // cut short, reserved
    auto data = *from_hex(bad);
    cbor_reader in{data};
    in.skip();
    EXPECT_FALSE(in.finish()) << bad;
  }
}

TEST(cbor, text_is_utf8_and_bounded) {
  auto read = [](std::string_view hex) {
    auto data = *from_hex(hex);
    cbor_reader in{data};
    in.text(4);
    return in.finish().ok();
  };
  EXPECT_TRUE(read("62c3bc"));
  EXPECT_TRUE(read("64f0908591"));
  for (auto bad : {"61ff", "62c080", "63eda080", "64f5808080", "61c3", "656161616161", "4161"})
    EXPECT_FALSE(read(bad)) << bad;
}

TEST(cbor, huge_claims_cost_nothing) {
  for (auto bad : {"9b7fffffffffffffff", "bb7fffffffffffffff", "5b7fffffffffffffff", "7bffffffffffffffff"}) {
    auto data = *from_hex(bad);
    cbor_reader in{data};
    in.skip();
    EXPECT_FALSE(in.finish()) << bad;
  }
}

TEST(cbor, deep_nesting_is_refused) {
  bytes deep(1000, 0x81);
  deep.push_back(0);
  cbor_reader in{deep};
  in.skip();
  EXPECT_FALSE(in.finish());
}

TEST(cbor, an_item_is_cut_out_whole) {
  auto data = *from_hex("a2616101616282030405");
  cbor_reader in{data};
  EXPECT_EQ(to_hex(in.item()), "a26161016162820304");
  EXPECT_EQ(in.uint(), 5u);
  EXPECT_TRUE(in.finish());
}

} // namespace

} // namespace weir::filecoin
