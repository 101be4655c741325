// Which addresses a stranger's URL may lead to.
#include "adapters/http/public_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace weir::http {
namespace {

bool is_public_text(const char* text) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
    return is_public(reinterpret_cast<sockaddr&>(four));
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  EXPECT_EQ(inet_pton(AF_INET6, text, &six.sin6_addr), 1) << text;
  return is_public(reinterpret_cast<sockaddr&>(six));
}

TEST(public_address, the_internet_is) {
  for (auto* text :
       {"1.1.1.1", "8.8.8.8", "11.0.0.1", "100.128.0.1", "172.32.0.1", "192.167.255.255", "198.20.0.1",
        "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"})
    EXPECT_TRUE(is_public_text(text)) << text;
}

TEST(public_address, what_is_inside_is_not) {
  for (auto* text : {"0.0.0.0",
                     "10.1.2.3",
                     "100.64.0.1",
                     "127.0.0.1",
                     "127.255.255.255",
                     "169.254.169.254",
                     "172.16.0.1",
                     "172.31.255.255",
                     "192.0.0.1",
                     "192.0.2.1",
                     "192.168.0.1",
                     "198.19.0.1",
                     "198.51.100.1",
                     "203.0.113.9",
                     "224.0.0.1",
                     "255.255.255.255",
                     "::",
                     "::1",
                     "fe80::1",
                     "fc00::1",
                     "fd12::1",
                     "ff02::1",
                     "2001:db8::1",
                     "2001::1",
                     "::ffff:127.0.0.1",
                     "::ffff:10.0.0.1",
                     "64:ff9b::a00:1",
                     "2002:7f00:1::1"})
    EXPECT_FALSE(is_public_text(text)) << text;
}

} // namespace
} // namespace weir::http
