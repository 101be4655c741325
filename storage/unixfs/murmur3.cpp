#include "storage/unixfs/murmur3.hpp"

#include <bit>

namespace weir::unixfs {

namespace {

constexpr std::uint64_t c1 = 0x87c37b91114253d5, c2 = 0x4cf5ad432745937f;

/// Up to 8 bytes, little endian.
std::uint64_t load(bytes_view data) {
  std::uint64_t value = 0;
  for (std::size_t i = data.size(); i-- > 0;)
    value = value << 8 | data[i];
  return value;
}

std::uint64_t mix1(std::uint64_t k) {
  return std::rotl(k * c1, 31) * c2;
}
std::uint64_t mix2(std::uint64_t k) {
  return std::rotl(k * c2, 33) * c1;
}

std::uint64_t finish(std::uint64_t h) {
  h = (h ^ h >> 33) * 0xff51afd7ed558ccd;
  h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53;
  return h ^ h >> 33;
}

} // namespace

std::uint64_t murmur3_64(bytes_view data) {
  std::uint64_t h1 = 0, h2 = 0;
  auto rest = data;
  for (; rest.size() >= 16; rest = rest.subspan(16)) {
    h1 = (std::rotl(h1 ^ mix1(load(rest.first(8))), 27) + h2) * 5 + 0x52dce729;
    h2 = (std::rotl(h2 ^ mix2(load(rest.subspan(8, 8))), 31) + h1) * 5 + 0x38495ab5;
  }
  if (rest.size() > 8)
    h2 ^= mix2(load(rest.subspan(8)));
  if (!rest.empty())
    h1 ^= mix1(load(rest.first(rest.size() < 8 ? rest.size() : 8)));
  h1 ^= data.size();
  h2 ^= data.size();
  h1 += h2;
  h2 += h1;
  return finish(h1) + finish(h2);
}

} // namespace weir::unixfs
