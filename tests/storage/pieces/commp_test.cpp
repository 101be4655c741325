#include "storage/pieces/commp.hpp"

#include "tests/storage/pieces/commp_vectors.hpp"
#include "tests/support/derived_bytes.hpp"

#include <gtest/gtest.h>

namespace weir {

namespace {

using test::derived_bytes;

void expect(const commitment& c, const test::commp_vector& v) {
  EXPECT_EQ(to_hex(c.root), v.root) << v.payload;
  EXPECT_EQ(c.padded_size, v.padded) << v.payload;
  EXPECT_EQ(c.payload_size, v.payload);
}

TEST(piece_tree, roots_of_zeros_are_the_published_ones) {
  const std::pair<std::uint64_t, const char*> published[] = {
      {32, "0000000000000000000000000000000000000000000000000000000000000000"},
      {64, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb0b"},
      {128, "3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333"},
      {256, "642a607ef886b004bf2c1978463ae1d4693ac0f410eb2d1b7a47fe205e5e750f"},
      {512, "57a2381a28652bf47f6bef7aca679be4aede5871ab5cf3eb2c08114488cb8526"},
      {1024, "1f7ac9595510e09ea41c460b176430bb322cd6fb412ec57cb17d989a4310372f"},
      {2048, "fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833"},
      {1 << 20, "d99887b973573a96e11393645236c17b1f4c7034d723c7a99f709bb4da61162b"},
      {8 << 20, "65f29e5d98d246c38b388cfc06db1f6b021303c5a289000bdce832a9c3ec421c"},
      {512 << 20, "39560e7b13a93b07a243fd2720ffa7cb3e1d2e505ab3629e79f46313512cda06"},
      {1 << 30, "ccc3c012f5b05e811a2bbfdd0f6833b84275b47bf229c0052a82484f3c1a5b3d"},
      {32ULL << 30, "077e5fde35c50a9303a55009e3498a4ebedff39c42b710b730d8ec7ac7afa63e"},
      {64ULL << 30, "e64005a6bfe3777953b8ad6ef93f0fca1049b2041654f2a411f7702799cece02"},
  };
  for (auto [size, root] : published)
    EXPECT_EQ(to_hex(zero_root(size)), root) << size;
}

TEST(piece_tree, sizes_are_powers_of_two) {
  EXPECT_TRUE(valid_piece_size(128) && valid_piece_size(64ULL << 30));
  EXPECT_FALSE(valid_piece_size(0) || valid_piece_size(64) || valid_piece_size(384) || valid_piece_size(128ULL << 30));
  EXPECT_EQ(piece_size_for(0), 128u);
  EXPECT_EQ(piece_size_for(127), 128u);
  EXPECT_EQ(piece_size_for(128), 256u);
  EXPECT_EQ(piece_size_for(34091302912), 32ULL << 30);
  EXPECT_EQ(piece_size_for(34091302913), 64ULL << 30);
}

TEST(commp, zeros_have_the_roots_of_zeros) {
  constexpr std::pair<std::size_t, std::uint64_t> sizes[] = {
      {0, 128},     {1, 128},           {96, 128},          {127, 128},         {128, 256},         {192, 256},
      {254, 256},   {255, 512},         {508, 512},         {509, 1024},        {1016, 1024},       {1017, 2048},
      {1024, 2048}, {130'048, 131'072}, {130'049, 262'144}, {390'144, 524'288}, {390'145, 524'288}, {650'241, 1 << 20}};
  for (auto [payload, padded] : sizes) {
    auto c = commp_of(bytes(payload));
    EXPECT_EQ(c.root, zero_root(padded)) << payload;
    EXPECT_EQ(c.padded_size, padded) << payload;
  }
}

TEST(commp, published_vectors) {
  for (auto& v : test::commp_of_cc)
    expect(commp_of(bytes(v.payload, 0xcc)), v);
  for (auto& v : test::commp_of_derived)
    expect(commp_of(derived_bytes(v.payload)), v);
  for (auto& v : test::commp_of_a)
    expect(commp_of(bytes(v.payload, 'a')), v);
}

TEST(commp, how_the_bytes_are_cut_does_not_matter) {
  auto data = derived_bytes(300'001);
  auto whole = commp_of(data);
  for (std::size_t step : {1u, 7u, 126u, 127u, 128u, 1000u, 16'256u, 130'048u, 131'072u}) {
    commp_stream stream;
    for (std::size_t at = 0; at < data.size(); at += step)
      stream.update(bytes_view{data}.subspan(at, std::min(step, data.size() - at)));
    EXPECT_EQ(stream.finish(), whole) << step;
    EXPECT_EQ(stream.finish().root, zero_root(128)) << "a stream starts anew";
  }
}

TEST(commp, a_larger_piece_is_the_same_bytes_and_zeros) {
  for (std::size_t size : {1000u, 400'000u}) {
    auto data = derived_bytes(size);
    auto small = commp_of(data);
    EXPECT_EQ(extended_to(small, small.padded_size), small);
    data.resize(unpadded_size_of(1 << 20));
    EXPECT_EQ(extended_to(small, 1 << 20).root, commp_of(data).root);
    EXPECT_EQ(extended_to(small, 1 << 20).payload_size, size);
  }
}

TEST(commp, the_front_can_be_replaced_at_the_end) {
  for (std::size_t size :
       {60u, 127u, 130'048u, 130'049u, 2 * 130'048u, 3 * 130'048u + 5, 8 * 130'048u, 11 * 130'048u}) {
    bytes data(size);
    for (std::size_t i = 0; i < size; ++i)
      data[i] = static_cast<std::uint8_t>(i * 7 + i / 1000);
    auto wanted = commp_of(data);
    auto front = bytes{data.begin(), data.begin() + 59};
    std::fill(data.begin(), data.begin() + 59, 0xee);
    commp_stream stream;
    stream.keep_front();
    for (std::size_t at = 0; at < size; at += 100'000)
      stream.update(bytes_view{data}.subspan(at, std::min<std::size_t>(100'000, size - at)));
    stream.replace_front(front);
    EXPECT_EQ(stream.finish(), wanted) << size;
    stream.update(front);
    EXPECT_EQ(stream.finish(), commp_of(front)) << "starts anew";
  }
}

} // namespace

} // namespace weir
