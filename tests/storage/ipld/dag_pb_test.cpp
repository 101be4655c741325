#include "storage/ipld/dag_pb.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

bytes hex(std::string_view text) {
  return from_hex(text).value();
}

// https://ipld.io/specs/codecs/dag-pb/fixtures/cross-codec/ and go-codec-dagpb's compat tests.
constexpr std::string_view a_cid = "015500050001020304"; // raw, identity of 00 01 02 03 04

TEST(dag_pb, published_forms) {
  auto link_cid = *cid::from_bytes(hex(a_cid));
  struct row {
    std::string_view form;
    pb_node node;
  };
  for (const auto& [form, node] : {
           row{"", {}},
           row{"0a00", {{}, bytes{}}},
           row{"0a050001020304", {{}, bytes{0, 1, 2, 3, 4}}},
           row{"120b0a09015500050001020304", {{{link_cid, {}, {}}}, {}}},
           row{"120d0a090155000500010203041200", {{{link_cid, "", {}}}, {}}},
           row{"12160a090155000500010203041209736f6d65206e616d65", {{{link_cid, "some name", {}}}, {}}},
           row{"12160a09015500050001020304120018ffffffffffffff0f", {{{link_cid, "", 9007199254740991u}}, {}}},
       }) {
    EXPECT_EQ(to_hex(encode_dag_pb(node)), form);
    auto back = decode_dag_pb(hex(form));
    ASSERT_TRUE(back) << form;
    EXPECT_EQ(*back, node) << form;
  }
}

TEST(dag_pb, data_first_is_read_but_written_last) {
  auto node = decode_dag_pb(hex("0a020102120b0a09015500050001020304"));
  ASSERT_TRUE(node);
  EXPECT_EQ(to_hex(encode_dag_pb(*node)), "120b0a090155000500010203040a020102");
}

TEST(dag_pb, refuses_what_is_not_canonical) {
  for (std::string_view form : {
           "0a",                                                       // cut in the length
           "0a0501",                                                   // cut in the data
           "0a000a00",                                                 // data twice
           "1a00",                                                     // unknown field
           "0800",                                                     // data as a varint
           "0a8000",                                                   // over-long length
           "120b0a090155000500010203040a00120b0a09015500050001020304", // links, data, links
           "1200",                                                     // link without a hash
           "120d12000a09015500050001020304",                           // name before hash
           "120d0a0901550005000102030418000a",                         // a link that ends too late
           "120f0a0901550005000102030412001200",                       // name twice
           "120f0a0901550005000102030418001800",                       // size twice
           "120f0a0901550005000102030418001200",                       // size before name
           "120d0a090155000500010203042000",                           // unknown field of a link
           "120a0a080155000500010203",                                 // broken CID
           "120c0a0a01550005000102030405",                             // trailing byte in a CID
           "120d0a09015500050001020304150000",                         // fixed32, cut
       })
    EXPECT_FALSE(decode_dag_pb(hex(form))) << form;
}

TEST(dag_pb, size_of_a_link_is_what_is_written) {
  auto id = *cid::from_bytes(hex(a_cid));
  for (std::uint64_t tsize : {0ull, 127ull, 128ull, 1ull << 40})
    for (std::size_t name : {0, 1, 100, 200, 20000}) {
      bytes out;
      put_pb_link(out, id, std::string(name, 'n'), tsize);
      EXPECT_EQ(out.size(), pb_link_size(id.data().size(), name, tsize));
      auto node = decode_dag_pb(out);
      ASSERT_TRUE(node);
      EXPECT_EQ(node->links[0].tsize, tsize);
      EXPECT_EQ(encode_dag_pb(*node), out);
    }
}

} // namespace
} // namespace weir
