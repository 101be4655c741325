// DAG-CBOR and DAG-JSON: byte for byte, both ways, and what must be refused.
#include "storage/ipld/dag_cbor.hpp"
#include "storage/ipld/dag_json.hpp"

#include <gtest/gtest.h>

namespace weir::ipld {
namespace {

bytes raw(std::string_view hex) {
  return *from_hex(hex);
}

struct pair {
  const char* cbor;
  const char* json;
};

// RFC 8949 appendix A where DAG-CBOR allows it, and the forms of links and bytes.
const pair both[] = {
    {"00", "0"},
    {"17", "23"},
    {"1818", "24"},
    {"1903e8", "1000"},
    {"1bffffffffffffffff", "18446744073709551615"},
    {"20", "-1"},
    {"3863", "-100"},
    {"3bffffffffffffffff", "-18446744073709551616"},
    {"f4", "false"},
    {"f5", "true"},
    {"f6", "null"},
    {"fb3ff199999999999a", "1.1"},
    {"fb3ff0000000000000", "1.0"},
    {"fb7e37e43c8800759c", "1e+300"},
    {"60", R"("")"},
    {"6449455446", R"("IETF")"},
    {"62c3bc", "\"\xc3\xbc\""},
    {"61"
     "0a",
     R"("\n")"},
    {"80", "[]"},
    {"8301820203820405", "[1,[2,3],[4,5]]"},
    {"a0", "{}"},
    {"a26161016162820203", R"({"a":1,"b":[2,3]})"},
    {"44deadbeef", R"({"/":{"bytes":"3q2+7w"}})"},
    {"d82a582500015512204bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",
     R"({"/":"bafkreicl6ujc6ncfktctxxroxognfn7d2fqavvrryoc2lv6m4i6hpbkfti"})"},
};

TEST(dag_cbor_and_json, agree_byte_for_byte_both_ways) {
  for (auto [cbor, json] : both) {
    auto a = decode_dag_cbor(raw(cbor));
    ASSERT_TRUE(a) << cbor << ": " << to_string(a.error());
    auto b = decode_dag_json(json);
    ASSERT_TRUE(b) << json << ": " << to_string(b.error());
    EXPECT_TRUE(*a == *b) << cbor << " / " << json;
    EXPECT_EQ(to_hex(*encode_dag_cbor(*b)), cbor);
    EXPECT_EQ(*encode_dag_json(*a), json);
  }
}

TEST(dag_cbor, refuses_what_is_not_the_one_encoding) {
  for (auto hex : {
           "",                   // nothing
           "1817",               // 23 in two bytes
           "190018",             // 24 in three
           "1b00000000ffffffff", // 32 bits in eight bytes
           "5f4101ff",
           "9f01ff",
           "bf616101ff", // indefinite lengths
           "f7",         // undefined
           "f90000",
           "fa00000000", // short floats
           "fb7ff8000000000000",
           "fb7ff0000000000000", // NaN, infinity
           "c11a514b67b0",       // another tag
           "d82a4101",           // a link without its zero byte
           "d82a6100",           // a link as text
           "a201020304",         // keys that are not text
           "a2616201616101",     // keys not sorted
           "a262616101616201",   // longer key first
           "a2616101616102",     // a key twice
           "61ff",               // not UTF-8
           "62c328",
           "63eda080",             // bad continuation, surrogate
           "6261",                 // cut short
           "9bffffffffffffffff",   // 2^64 - 1 items
           "bb8000000000000000",   // 2^63 entries
           "5bffffffffffffffff00", // 2^64 - 1 bytes
           "0000",                 // two values
           "1c",
           "fc", // reserved
       })
    EXPECT_EQ(decode_dag_cbor(raw(hex)).error().code, errc::malformed) << hex;
  EXPECT_EQ(decode_dag_cbor(raw("d82a420001")).error().code, errc::invalid_cid) << "a link to nothing";
}

TEST(dag_cbor, sorts_keys_by_length_first_and_json_by_bytes) {
  value v{map{{"bb", from_unsigned(2)}, {"c", from_unsigned(3)}, {"a", from_unsigned(1)}}};
  EXPECT_EQ(to_hex(*encode_dag_cbor(v)), "a361610161630362626202");
  EXPECT_EQ(*encode_dag_json(v), R"({"a":1,"bb":2,"c":3})");
  value twice{map{{"a", {}}, {"a", {}}}};
  EXPECT_EQ(encode_dag_cbor(twice).error().code, errc::invalid_argument);
  EXPECT_EQ(encode_dag_json(twice).error().code, errc::invalid_argument);
}

TEST(dag_cbor, names_where_it_went_wrong) {
  auto wrong = decode_dag_cbor(raw("8301f701"));
  EXPECT_EQ(wrong.error().value, "offset 3");
}

TEST(dag_codecs, refuse_depth_without_using_the_stack_up) {
  bytes deep(1 << 20, 0x81);
  EXPECT_EQ(decode_dag_cbor(deep).error().code, errc::too_large);
  EXPECT_EQ(decode_dag_json(std::string(1 << 20, '[')).error().code, errc::too_large);
}

TEST(dag_cbor, finds_links) {
  auto link = *cid::parse("bafkreicl6ujc6ncfktctxxroxognfn7d2fqavvrryoc2lv6m4i6hpbkfti");
  auto block = *encode_dag_cbor(value{map{{"x", {list{value{link}, {}}}}, {"y", value{link}}}});
  std::vector<cid> seen;
  ASSERT_TRUE(dag_cbor_links(block, [&](const cid& c) { seen.push_back(c); }));
  EXPECT_EQ(seen, (std::vector<cid>{link, link}));
}

TEST(dag_json, accepts_space_escapes_and_any_order) {
  auto v = decode_dag_json(" { \"b\" : [ 1 , -2.5e1 ] ,\n\"a\":\"\\u00fc\\ud83d\\ude00\\/\" } ");
  ASSERT_TRUE(v) << to_string(v.error());
  EXPECT_EQ(*encode_dag_json(*v), "{\"a\":\"\xc3\xbc\xf0\x9f\x98\x80/\",\"b\":[1,-25.0]}");
}

TEST(dag_json, refuses_what_is_not_json_or_not_dag_json) {
  for (auto text : {"",
                    "01",
                    "+1",
                    "1.",
                    ".5",
                    "1e",
                    "-",
                    "tru",
                    "nul",
                    "[1,]",
                    "{\"a\":1,}",
                    "{\"a\" 1}",
                    "{a:1}",
                    "[1",
                    "{\"a\":1",
                    "\"a",
                    "\"\\x\"",
                    "\"\\u12\"",
                    "\"\\ud800\"",
                    "\"\\ud800\\u0041\"",
                    "\"\\udc00\"",
                    "\"\t\"",
                    "\"\xff\"",
                    "1 2",
                    "{\"a\":1,\"a\":2}",
                    "{\"/\":1}",
                    "{\"/\":{\"bytes\":1}}",
                    "{\"/\":{}}",
                    "18446744073709551616",
                    "-18446744073709551617",
                    "1e999",
                    "NaN",
                    "Infinity"})
    EXPECT_EQ(decode_dag_json(text).error().code, errc::malformed) << text;
  EXPECT_EQ(decode_dag_json(R"({"/":"bafy"})").error().code, errc::invalid_cid);
  EXPECT_EQ(encode_dag_json(value{map{{"/", {}}}}).error().code, errc::invalid_argument);
}

} // namespace
} // namespace weir::ipld
