#include "storage/records/codec.hpp"

#include "tests/storage/records/samples.hpp"

#include <gtest/gtest.h>

#include <random>

namespace weir::records {
namespace {

template <class R>
class codec_of : public ::testing::Test {};
using every_record =
    ::testing::Types<content, bucket, piece, placement, deal, provider, selection, wallet_address, chain_message,
                     access_token, idempotent_answer, content_selection, ffs::instance, ffs::cid_entry, ffs::job,
                     ffs::log_line, ffs::retrieval, ffs::webhook, ffs::node_defaults>;
TYPED_TEST_SUITE(codec_of, every_record);

TYPED_TEST(codec_of, full_and_empty_records_come_back) {
  for (auto& record : {TypeParam{}, test::sample<TypeParam>(), test::sample<TypeParam>(1000)}) {
    auto data = encode(record);
    auto back = decode<TypeParam>(data);
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_EQ(encode(*back), data);
  }
  EXPECT_NE(encode(TypeParam{}), encode(test::sample<TypeParam>()));
}

TYPED_TEST(codec_of, every_cut_and_every_extra_byte_is_corrupt) {
  auto data = encode(test::sample<TypeParam>());
  for (std::size_t size = 0; size < data.size(); ++size) {
    auto cut = decode<TypeParam>(std::string_view{data}.substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, errc::corrupt);
  }
  EXPECT_EQ(decode<TypeParam>(data + '\0').error().code, errc::corrupt);
}

TYPED_TEST(codec_of, of_a_newer_version_is_refused) {
  auto data = encode(test::sample<TypeParam>());
  data[0] = TypeParam::version + 1;
  auto newer = decode<TypeParam>(data);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, errc::data_too_new);
  data[0] = 0;
  EXPECT_EQ(decode<TypeParam>(data).error().code, errc::corrupt);
}

TYPED_TEST(codec_of, garbage_never_harms) {
  std::mt19937 random{7};
  auto data = encode(test::sample<TypeParam>());
  for (int i = 0; i < 5000; ++i) {
    auto bad = data;
    bad[1 + random() % (bad.size() - 1)] = static_cast<char>(random());
    auto back = decode<TypeParam>(bad);
    if (back) {
      EXPECT_EQ(encode(*back), bad); // one form for one value
    }
  }
}

TEST(codec, values_survive) {
  auto d = test::sample<deal>();
  auto back = decode<deal>(encode(d));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->piece, d.piece);
  EXPECT_EQ(back->client, d.client);
  EXPECT_EQ(back->price_per_epoch, d.price_per_epoch);
  EXPECT_TRUE(back->price_per_epoch.negative());
  EXPECT_EQ(back->start, d.start);
  EXPECT_EQ(back->problem.code, errc::deal_rejected);
  ASSERT_EQ(back->life.size(), 2u);
  EXPECT_EQ(back->life[1].at, d.life[1].at);
}

struct inside_v1 {
  std::string a;
  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("a", s.a);
  }
};
struct inside_v2 : inside_v1 {
  std::uint32_t b = 5;
  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("a", s.a);
    v("b", s.b, 2);
  }
};
template <class Inside, std::uint32_t Version>
struct versioned {
  static constexpr std::uint32_t version = Version;
  std::uint64_t first = 1;
  std::vector<Inside> inside;
  std::string later = "default";
  template <class Self, class V>
  static void fields(Self& s, V& v) {
    v("first", s.first);
    v("inside", s.inside);
    if constexpr (Version > 1)
      v("later", s.later, 2);
  }
};

TEST(codec, an_older_version_leaves_later_fields_at_their_defaults) {
  versioned<inside_v1, 1> old;
  old.first = 9;
  old.inside = {{"x"}, {"y"}};
  auto data = encode(old);
  auto read = decode<versioned<inside_v2, 2>>(data);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->first, 9u);
  ASSERT_EQ(read->inside.size(), 2u);
  EXPECT_EQ(read->inside[1].a, "y");
  EXPECT_EQ(read->inside[1].b, 5u);
  EXPECT_EQ(read->later, "default");
  read->later = "set";
  read->inside[0].b = 6;
  auto again = decode<versioned<inside_v2, 2>>(encode(*read));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->later, "set");
  EXPECT_EQ(again->inside[0].b, 6u);
}

} // namespace
} // namespace weir::records
