#include "adapters/http/public_address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <netinet/in.h>

namespace weir::http {

namespace {

struct block {
  std::uint32_t first;
  int bits;
};

constexpr std::uint32_t ip4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array<block, 15> not_public{{
    {ip4(0, 0, 0, 0), 8},
    {ip4(10, 0, 0, 0), 8},
    {ip4(100, 64, 0, 0), 10},
    {ip4(127, 0, 0, 0), 8},
    {ip4(169, 254, 0, 0), 16},
    {ip4(172, 16, 0, 0), 12},
    {ip4(192, 0, 0, 0), 24},
    {ip4(192, 0, 2, 0), 24},
    {ip4(192, 88, 99, 0), 24},
    {ip4(192, 168, 0, 0), 16},
    {ip4(198, 18, 0, 0), 15},
    {ip4(198, 51, 100, 0), 24},
    {ip4(203, 0, 113, 0), 24},
    {ip4(224, 0, 0, 0), 4},
    {ip4(240, 0, 0, 0), 4},
}};

bool is_public(std::uint32_t address) {
  return std::none_of(not_public.begin(), not_public.end(),
                      [&](const block& b) { return (address ^ b.first) >> (32 - b.bits) == 0; });
}

bool begins(const std::uint8_t* address, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), address);
}

std::uint32_t ip4_at(const std::uint8_t* p) {
  return ip4(p[0], p[1], p[2], p[3]);
}

bool is_public(const std::uint8_t* a) {
  if (begins(a, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) // mapped
    return is_public(ip4_at(a + 12));
  if (begins(a, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) // NAT64
    return is_public(ip4_at(a + 12));
  if (begins(a, {0x20, 0x02})) // 6to4
    return is_public(ip4_at(a + 2));
  bool global = (a[0] & 0xe0) == 0x20;                          // 2000::/3
  bool special = begins(a, {0x20, 0x01}) && (a[2] & 0xfe) == 0; // 2001::/23
  return global && !special && !begins(a, {0x20, 0x01, 0x0d, 0xb8});
}

} // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    return is_public(ntohl(in.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6)
    return false;
  sockaddr_in6 in{};
  std::memcpy(&in, &address, sizeof in);
  return is_public(in.sin6_addr.s6_addr);
}

} // namespace weir::http
