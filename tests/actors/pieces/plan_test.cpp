#include "actors/pieces/plan.hpp"

#include "storage/hash/block_cid.hpp"
#include "storage/pieces/piece_file.hpp"

#include <gtest/gtest.h>

namespace weir::test {
namespace {

content_blocks content_of(const std::string& name, std::vector<std::uint64_t> sizes) {
  content_blocks c{content_id{name}, {}, {}};
  for (std::size_t i = 0; i < sizes.size(); ++i)
    c.blocks.push_back({*cid_of({}, as_bytes(name + std::to_string(i))), sizes[i]});
  c.root = c.blocks[0].id;
  return c;
}

TEST(piece_plan, large_contents_have_segments_of_their_own_and_small_ones_share) {
  std::vector<content_blocks> contents{content_of("large", {200'000}), content_of("a", {10}), content_of("b", {20}),
                                       content_of("c", {30})};
  auto plan = plan_pieces(contents, {});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->size(), 1u);
  auto& segments = plan->at(0);
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0].contents.size(), 1u);
  EXPECT_EQ(segments[1].contents.size(), 3u);
  EXPECT_EQ(segments[1].roots().size(), 3u);
}

TEST(piece_plan, a_block_that_two_small_contents_hold_is_in_their_segment_once) {
  auto a = content_of("same", {10, 20});
  auto b = a;
  b.content = content_id{"other"};
  auto plan = plan_pieces({a, b}, {});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->at(0).at(0).blocks.size(), 2u);
  EXPECT_EQ(plan->at(0).at(0).contents.size(), 2u);
}

TEST(piece_plan, a_content_over_the_largest_piece_is_split_and_every_part_fits) {
  piece_options options;
  options.max_piece = 1 << 20;
  auto plan = plan_pieces({content_of("huge", std::vector<std::uint64_t>(10, 300'000))}, options);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->size(), 4u);
  std::size_t blocks = 0;
  for (std::size_t i = 0; i < plan->size(); ++i) {
    auto& segment = plan->at(i).at(0);
    EXPECT_EQ(segment.contents[0].part, i);
    EXPECT_EQ(segment.contents[0].parts, 4u);
    EXPECT_EQ(segment.contents[0].root, segment.blocks[0].id);
    std::vector<std::uint64_t> sizes{segment.car_size};
    EXPECT_TRUE(planned_piece_size(sizes, {256, options.max_piece}));
    blocks += segment.blocks.size();
  }
  EXPECT_EQ(blocks, 10u);
}

TEST(piece_plan, contents_that_do_not_fit_together_go_into_several_pieces) {
  piece_options options;
  options.max_piece = 1 << 20;
  auto plan =
      plan_pieces({content_of("a", {400'000}), content_of("b", {400'000}), content_of("c", {400'000})}, options);
  ASSERT_TRUE(plan);
  EXPECT_GE(plan->size(), 2u);
}

TEST(piece_plan, a_block_larger_than_the_largest_piece_is_an_error) {
  piece_options options;
  options.max_piece = 1024;
  auto fits = content_of("fits", {200}), large = content_of("x", {2000});
  auto plan = plan_pieces({fits, large}, options);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, errc::too_large);
  auto refused = too_large_of({fits, large}, options);
  ASSERT_EQ(refused.size(), 1u) << "the other one can be packed without it";
  EXPECT_EQ(refused[0].content, large.content);
  EXPECT_EQ(refused[0].why.value, "2000");
  EXPECT_EQ(refused[0].why.limit, std::to_string(1024 / 128 * 127));
}

} // namespace
} // namespace weir::test
