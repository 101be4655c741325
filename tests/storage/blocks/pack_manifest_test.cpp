#include "storage/blocks/pack_manifest.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(pack_manifest, there_and_back) {
  pack_manifest m{7, "../pieces/a b.piece", {{0, 127}, {254, 1ull << 35}}};
  auto text = *encode(m);
  EXPECT_EQ(text, "weir-pack 1\nid 7\nfile ../pieces/a b.piece\nsegment 0 127\nsegment 254 34359738368\nend\n");
  EXPECT_EQ(*decode_pack_manifest(text), m);
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_EQ(decode_pack_manifest(text.substr(0, size)).error().code, errc::malformed) << size;
  EXPECT_EQ(decode_pack_manifest(text + "x").error().code, errc::malformed);
}

TEST(pack_manifest, refuses_what_nobody_wrote) {
  for (auto text :
       {"weir-pack 2\nid 7\nfile a\nsegment 0 1\nend\n", "weir-pack 1\nid -7\nfile a\nsegment 0 1\nend\n",
        "weir-pack 1\nid 4294967296\nfile a\nsegment 0 1\nend\n", "weir-pack 1\nid 7\nfile \nsegment 0 1\nend\n",
        "weir-pack 1\nid 7\nfile a\nend\n", "weir-pack 1\nid 7\nfile a\nsegment 0 0\nend\n",
        "weir-pack 1\nid 7\nfile a\nsegment 18446744073709551615 2\nend\n",
        "weir-pack 1\nid 7\nfile a\nsegment 0  1\nend\n", "weir-pack 1\nid 7\nfile a\nsegment 0 1 \nend\n"})
    EXPECT_EQ(decode_pack_manifest(text).error().code, errc::malformed) << text;
  EXPECT_EQ(encode({1, "a\nb", {{0, 1}}}).error().code, errc::invalid_path);
}

} // namespace
} // namespace weir
