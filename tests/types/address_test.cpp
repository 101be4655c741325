// Binary addresses: https://spec.filecoin.io/appendix/address/.
#include "messages/types/address.hpp"

#include <gtest/gtest.h>

namespace weir {

namespace {

result<address> parse_hex(std::string_view hex) {
  return address::from_bytes(*from_hex(hex));
}

TEST(address, id_addresses_have_the_published_bytes) {
  EXPECT_EQ(to_hex(address::from_id(1000).data()), "00e807");
  EXPECT_EQ(to_hex(address::from_id(5).data()), "0005");
  EXPECT_EQ(address::from_id(1000).id(), 1000u);
}

TEST(address, every_protocol_is_read_back) {
  EXPECT_EQ(parse_hex("0005")->kind(), address::protocol::id);
  EXPECT_EQ(parse_hex("01ea0f0ea039b291a0f08fd179e0556a8c3277c0d3")->kind(), address::protocol::secp256k1);
  EXPECT_EQ(parse_hex("024716b023b7fe84b6e7dcda303c3d754b1a8ff2fc")->kind(), address::protocol::actor);
  EXPECT_EQ(parse_hex("03" + std::string(96, 'a'))->kind(), address::protocol::bls);
  EXPECT_EQ(parse_hex("040a608a522e9c72a916caf014b7dd04d0656f6b77de")->kind(), address::protocol::delegated);
}

TEST(address, wrong_lengths_and_protocols_are_refused) {
  for (auto bad : {"", "00", "0080", "008000", "0005ff", "01aa", "02ea0f0ea039b291a0f08fd179e0556a8c3277c0d300",
                   "03aabb", "04", "05aa", "00ffffffffffffffffff7f"})
    EXPECT_EQ(parse_hex(bad).ok(), false) << bad;
  EXPECT_FALSE(parse_hex("040a" + std::string(110, 'b')).ok()) << "a subaddress of 55 bytes";
}

} // namespace

} // namespace weir
