#include "storage/pieces/piece_file.hpp"

#include "storage/pieces/piece_cid.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace weir {

namespace {

namespace fs = std::filesystem;

bytes numbered(std::size_t size, std::uint8_t seed) {
  bytes out(size);
  std::uint32_t x = seed + 1u;
  for (auto& b : out)
    b = static_cast<std::uint8_t>((x = x * 1664525 + 1013904223) >> 24);
  return out;
}

/// Gives `data` in steps of so many bytes.
segment_source source(bytes data, std::size_t step = 1000) {
  auto size = data.size();
  return {size, [data = std::move(data), step](const byte_sink& sink) -> status {
            for (std::size_t at = 0; at < data.size(); at += step)
              WEIR_CHECK(sink(bytes_view{data}.subspan(at, std::min(step, data.size() - at))));
            return {};
          }};
}

bytes content_of(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(piece_file, one_segment_is_a_plain_piece) {
  test::temp_dir dir;
  auto data = numbered(1000, 1);
  std::vector sources{source(data)};
  auto made = write_piece_file(dir / "p", sources);
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->padded_size, 1024u);
  EXPECT_EQ(made->payload_size, 1000u);
  EXPECT_EQ(made->id, piece_cid_v1(commp_of(data).root));
  data.resize(1016);
  EXPECT_EQ(content_of(dir / "p"), data) << "exactly what a provider downloads";
}

TEST(piece_file, a_small_piece_is_filled_with_zeros) {
  test::temp_dir dir;
  std::vector sources{source(numbered(10, 1))};
  auto made = write_piece_file(dir / "p", sources, {1 << 20, 1 << 21});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->padded_size, 1u << 20);
  EXPECT_EQ(fs::file_size(dir / "p"), (1u << 20) / 128 * 127);
  EXPECT_EQ(piece_cid_v1(commp_of_file(dir / "p")->root), made->id);
}

TEST(piece_file, several_segments_are_an_aggregate) {
  test::temp_dir dir;
  std::vector<bytes> data{numbered(500, 1), numbered(300'000, 2), numbered(127, 3)};
  std::vector sources{source(data[0]), source(data[1], 70'001), source(data[2], 1)};
  auto made = write_piece_file(dir / "p", sources);
  ASSERT_TRUE(made) << to_string(made.error());
  auto whole = commp_of_file(dir / "p");
  EXPECT_EQ(piece_cid_v1(whole->root), made->id);
  EXPECT_EQ(whole->padded_size, made->padded_size);
  EXPECT_EQ(made->segments[1].offset, 0u) << "the largest first";
  auto file = content_of(dir / "p");
  for (std::size_t i = 0; i < data.size(); ++i) {
    auto& s = made->segments[i];
    EXPECT_EQ(s.root, commp_of(data[i]).root);
    auto there = bytes_view{file}.subspan(s.offset, s.length);
    EXPECT_TRUE(std::equal(there.begin(), there.end(), data[i].begin(), data[i].end())) << i;
  }
  auto index = read_piece_index(dir / "p", made->padded_size);
  ASSERT_EQ(index->size(), 3u);
  EXPECT_EQ(index->at(0).root, made->segments[1].root);
  std::vector<std::uint64_t> sizes{500, 300'000, 127};
  EXPECT_EQ(*planned_piece_size(sizes, {}), made->padded_size);
}

TEST(piece_file, a_plain_piece_has_no_index) {
  test::temp_dir dir;
  std::vector sources{source(numbered(5000, 1))};
  auto made = write_piece_file(dir / "p", sources);
  EXPECT_TRUE(read_piece_index(dir / "p", made->padded_size)->empty());
  EXPECT_EQ(read_piece_index(dir / "p", made->padded_size * 2).error().code, errc::corrupt);
}

TEST(piece_file, a_source_that_lies_about_its_size_leaves_no_file) {
  test::temp_dir dir;
  for (std::size_t claimed : {999u, 1001u}) {
    std::vector sources{source(numbered(1000, 1))};
    sources[0].size = claimed;
    EXPECT_EQ(write_piece_file(dir / "p", sources).error().code, errc::changed);
    EXPECT_FALSE(fs::exists(dir / "p"));
  }
}

TEST(piece_file, a_stopped_source_stops_all) {
  test::temp_dir dir;
  std::vector sources{source(numbered(1000, 1))};
  sources.push_back({5, [](const byte_sink&) -> status { return fail(errc::shutting_down, "the node is stopping"); }});
  EXPECT_EQ(write_piece_file(dir / "p", sources).error().code, errc::shutting_down);
  EXPECT_FALSE(fs::exists(dir / "p"));
}

TEST(piece_file, what_does_not_fit_is_refused_before_writing) {
  test::temp_dir dir;
  std::vector sources{source(numbered(2000, 1))};
  EXPECT_EQ(write_piece_file(dir / "p", sources, {128, 1024}).error().code, errc::too_large);
  sources.push_back(source(numbered(2000, 2)));
  EXPECT_EQ(write_piece_file(dir / "p", sources, {128, 4096}).error().code, errc::too_large);
  EXPECT_EQ(write_piece_file(dir / "p", {}, {}).error().code, errc::invalid_argument);
  EXPECT_EQ(write_piece_file(dir / "p", sources, {100, 4096}).error().code, errc::invalid_argument);
  EXPECT_FALSE(fs::exists(dir / "p"));
}

TEST(piece_file, a_finished_file_gets_its_name) {
  test::temp_dir dir;
  std::vector sources{source(numbered(1000, 1))};
  ASSERT_TRUE(write_piece_file(dir / "p.part", sources));
  ASSERT_TRUE(name_piece_file(dir / "p.part", dir / "p"));
  EXPECT_FALSE(fs::exists(dir / "p.part"));
  EXPECT_EQ(fs::file_size(dir / "p"), 1016u);
  EXPECT_FALSE(name_piece_file(dir / "missing", dir / "p"));
}

TEST(piece_file, checking_a_file_can_be_stopped) {
  test::temp_dir dir;
  std::vector sources{source(numbered(1000, 1))};
  ASSERT_TRUE(write_piece_file(dir / "p", sources));
  auto stopped = commp_of_file(dir / "p", [] { return status{fail(errc::cancelled)}; });
  EXPECT_EQ(stopped.error().code, errc::cancelled);
  EXPECT_EQ(commp_of_file(dir / "missing").error().code, errc::not_found);
}

} // namespace

} // namespace weir
