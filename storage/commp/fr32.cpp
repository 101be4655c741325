// fr32: 127 bytes as a little-endian bit string are cut in four parts of 254
// bits; each becomes 32 bytes with its two top bits zero.
#include "storage/commp/kernel.hpp"

#include <cstring>

namespace weir::commp {

namespace {

constexpr std::uint64_t low_62_bits = 0x3fffffffffffffff;

std::uint64_t load(const std::uint8_t* at) {
  std::uint64_t x;
  std::memcpy(&x, at, sizeof x);
  return x;
}

/// Eight bytes beginning `shift` bits after `at`; reads nine. (Two loads that
/// overlap: a byte alone would cost more than both.)
std::uint64_t load_shifted(const std::uint8_t* at, int shift) {
  return load(at) >> shift | load(at + 1) << (8 - shift);
}

} // namespace

void fr32_pad(const std::uint8_t* quad, std::uint8_t* leaves) {
  std::uint64_t words[16];
  for (int i = 0; i < 4; ++i)
    words[i] = load(quad + 8 * i);
  for (int i = 0; i < 4; ++i)
    words[4 + i] = load_shifted(quad + 31 + 8 * i, 6);
  for (int i = 0; i < 4; ++i)
    words[8 + i] = load_shifted(quad + 63 + 8 * i, 4);
  for (int i = 0; i < 3; ++i)
    words[12 + i] = load_shifted(quad + 95 + 8 * i, 2);
  words[15] = load(quad + 119) >> 2;
  for (int i = 3; i < 15; i += 4)
    words[i] &= low_62_bits;
  std::memcpy(leaves, words, sizeof words);
}

void fr32_unpad(const std::uint8_t* leaves, std::uint8_t* quad) {
  std::uint64_t words[16];
  std::memcpy(words, leaves, sizeof words);
  for (int i = 3; i < 16; i += 4)
    words[i] &= low_62_bits;
  // Part p of 254 bits begins at bit 254 p of the output; collect 64 at a time.
  std::uint64_t out[16] = {};
  for (int part = 0; part < 4; ++part)
    for (int i = 0; i < 4; ++i) {
      int bit = 254 * part + 64 * i;
      auto word = words[4 * part + i];
      out[bit / 64] |= word << (bit % 64);
      if (bit % 64 != 0 && bit / 64 + 1 < 16)
        out[bit / 64 + 1] |= word >> (64 - bit % 64);
    }
  std::memcpy(quad, out, quad_size);
}

} // namespace weir::commp
