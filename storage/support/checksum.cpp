#include "storage/support/checksum.hpp"

#include <array>
#include <cstring>

namespace weir {

namespace {

using tables = std::array<std::array<std::uint32_t, 256>, 8>;

/// Slicing by eight: table k moves a byte k places on.
constexpr tables make_tables() {
  tables t{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit)
      c = (c >> 1) ^ ((c & 1) != 0 ? 0x82f63b78u : 0u);
    t[0][i] = c;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t i = 0; i < 256; ++i)
      t[k][i] = (t[k - 1][i] >> 8) ^ t[0][t[k - 1][i] & 0xff];
  return t;
}

constexpr tables table = make_tables();

} // namespace

std::uint32_t crc32c(bytes_view data, std::uint32_t before) {
  std::uint32_t c = ~before;
  for (; data.size() >= 8; data = data.subspan(8)) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, data.data(), 4);
    std::memcpy(&high, data.data() + 4, 4);
    low ^= c; // little endian, as every machine that Debian 12's amd64 and arm64 run on
    c = table[7][low & 0xff] ^ table[6][(low >> 8) & 0xff] ^ table[5][(low >> 16) & 0xff] ^ table[4][low >> 24]
        ^ table[3][high & 0xff] ^ table[2][(high >> 8) & 0xff] ^ table[1][(high >> 16) & 0xff] ^ table[0][high >> 24];
  }
  for (auto byte : data)
    c = (c >> 8) ^ table[0][(c ^ byte) & 0xff];
  return ~c;
}

} // namespace weir
