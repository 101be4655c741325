#include "storage/filecoin/multiaddr.hpp"

#include "tests/storage/filecoin/samples.hpp"

#include <gtest/gtest.h>

namespace weir::filecoin {

namespace {

using sample::unhex;

TEST(multiaddr, the_published_ones_go_both_ways) {
  const std::pair<const char*, const char*> published[] = {
      {"/ip4/127.0.0.1/tcp/24001", "047f000001065dc1"},
      {"/dns/curio.example/tcp/443/wss", "350d637572696f2e6578616d706c650601bbde03"},
  };
  for (auto [text, hex] : published) {
    EXPECT_EQ(to_hex(multiaddr::parse(text)->data()), hex);
    EXPECT_EQ(multiaddr::from_bytes(unhex(hex))->text(), text);
  }
}

TEST(multiaddr, all_parts_come_back) {
  for (auto text :
       {"/ip6/2001:db8::1/tcp/80/http", "/dns4/a.b/udp/4001/quic-v1/p2p-circuit", "/dns6/x/tcp/1/tls/ws",
        "/dnsaddr/example.com/p2p/12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq", "/dns/h/tcp/65535/https"}) {
    auto m = multiaddr::parse(text);
    ASSERT_TRUE(m) << text << to_string(m.error());
    EXPECT_EQ(m->text(), text);
    EXPECT_EQ(*multiaddr::from_bytes(m->data()), *m);
  }
}

TEST(multiaddr, base_urls_are_those_of_curio) {
  const std::pair<const char*, const char*> examples[] = {
      {"/dns/h/tcp/443/wss", "https://h:443"},
      {"/dns/h/tcp/80/ws", "http://h:80"},
      {"/dns4/h/tcp/443/tls/ws", "https://h:443"},
      {"/ip4/127.0.0.1/tcp/9/http", "http://127.0.0.1:9"},
      {"/ip6/::1/tcp/9/https", "https://[::1]:9"},
      {"/dns/h/tcp/1/http/p2p/12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq", "http://h:1"},
  };
  for (auto [text, url] : examples)
    EXPECT_EQ(*multiaddr::parse(text)->base_url(), url);
  for (auto text : {"/ip4/127.0.0.1/tcp/24001", "/ip4/1.2.3.4/udp/1/quic-v1", "/dnsaddr/h/tcp/1/http", "/dns/h/http",
                    "/dns/h/tcp/1/http/p2p-circuit"})
    EXPECT_EQ(multiaddr::parse(text)->base_url().error().code, errc::unsupported) << text;
}

TEST(multiaddr, unknown_parts_are_told_from_broken_ones) {
  EXPECT_EQ(multiaddr::parse("/ip4/1.2.3.4/sctp/5").error().code, errc::unsupported);
  EXPECT_EQ(multiaddr::from_bytes(unhex("047f0000018401")).error().code, errc::unsupported);
  for (auto bad :
       {"", "/", "ip4/1.2.3.4", "/ip4", "/ip4/", "/ip4/1.2.3", "/ip4/1.2.3.4/tcp/65536", "/ip4/1.2.3.4/tcp/-1",
        "/ip4/1.2.3.4/tcp/80/", "/ip6/1.2.3.4", "/dns/a b/tcp/1", "/dns/a@b/tcp/1", "/dns/a?b", "/dns//tcp/1",
        "/p2p/zzz", "/p2p/bafkreie3ntx3nzvhuv63btdsgaeste6gurdigzw2soryitq6m3f3p24nba"})
    EXPECT_EQ(multiaddr::parse(bad).error().code, errc::malformed) << bad;
  for (auto bad : {"", "04", "047f0000", "0601", "35056162", "3503612f62", "a5030102", "80"})
    EXPECT_EQ(multiaddr::from_bytes(unhex(bad)).error().code, errc::malformed) << bad;
}

TEST(multiaddr, peer_ids_have_their_published_text) {
  auto ed25519 = unhex("0024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e");
  EXPECT_EQ(peer_id_text(ed25519), "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
  EXPECT_EQ(*parse_peer_id("12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq"), ed25519);
}

} // namespace

} // namespace weir::filecoin
