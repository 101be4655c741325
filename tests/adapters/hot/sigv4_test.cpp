#include "adapters/hot/sigv4.hpp"

#include "adapters/hot/s3_xml.hpp"

#include <gtest/gtest.h>

using namespace weir;

// The examples of docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
namespace {

constexpr const char* empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string signature(hot::signed_request what) {
  what.fields.add("Host", "examplebucket.s3.amazonaws.com");
  what.fields.add("x-amz-content-sha256", what.payload_hash);
  what.fields.add("x-amz-date", "20130524T000000Z");
  hot::signing how{
      {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""}, "us-east-1", "s3", "20130524T000000Z"};
  auto text = hot::sign(what, how);
  return text.substr(text.find("Signature=") + 10);
}

} // namespace

TEST(sigv4, the_published_examples) {
  EXPECT_EQ(signature({"GET", "/test.txt", {}, {{"Range", "bytes=0-9"}}, empty_hash}),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  EXPECT_EQ(signature({"PUT",
                       "/test%24file.text",
                       {},
                       {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                       "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"}),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  EXPECT_EQ(signature({"GET", "/", {{"lifecycle", ""}}, {}, empty_hash}),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(signature({"GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {}, empty_hash}),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  EXPECT_EQ(hot::amz_time(1369353600), "20130524T000000Z");
}

TEST(s3_xml, elements_and_entities) {
  auto text =
      "<L><Contents><Key>a&amp;b</Key><ETag>&quot;1&quot;</ETag></Contents><Contents><Key>c</Key></Contents></L>";
  auto found = hot::xml_elements(text, "Contents");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(hot::xml_text(found[0], "Key"), "a&b");
  EXPECT_EQ(hot::xml_text(found[0], "ETag"), "\"1\"");
  EXPECT_EQ(hot::xml_text(found[1], "ETag"), "");
  EXPECT_EQ(hot::xml_escape("\"<&>"), "&quot;&lt;&amp;&gt;");
}

TEST(credentials, one_line) {
  EXPECT_EQ(hot::authorization(*hot::parse_credentials("basic:joe:pa:ss\n")), "Basic am9lOnBhOnNz");
  EXPECT_EQ(hot::authorization(*hot::parse_credentials("bearer:abc")), "Bearer abc");
  EXPECT_EQ(hot::parse_credentials("AKIA:secret/x")->secret, "secret/x");
  for (auto bad : {"", "joe", ":x", "joe:", "bearer:", "a:b\nc:d"}) {
    auto got = hot::parse_credentials(bad);
    ASSERT_FALSE(got) << bad;
    EXPECT_EQ(got.error().value, ""); // nothing of a secret
  }
}
