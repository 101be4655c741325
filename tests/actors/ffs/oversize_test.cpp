// S4: what is too large for where it should go. Contents are split over pieces, so a sector is no limit as such; but a
// provider takes no piece over its own limit, and one block has to fit into the largest piece.
#include "tests/actors/ffs/ffs_fixture.hpp"

namespace weir::test {
namespace {

struct ffs_oversize : ffs_fixture {
  void limit(std::uint64_t largest) {
    for (auto& [id, p] : providers->all)
      p.max_piece = largest;
  }
  std::size_t proposals() const {
    std::size_t all = 0;
    for (auto& [id, p] : providers->all)
      all += p.proposals.size();
    return all;
  }
};

TEST_F(ffs_oversize, s4_larger_than_what_any_provider_takes) {
  fell();
  limit(1024);
  providers->all.at(address::from_id(1002)).max_piece = 2048;
  start();
  auto id = stage(a, random_bytes(100'000));
  auto job = push(a, id, both());
  live(3);
  auto ended = job_of(a, *job);
  EXPECT_EQ(ended.state, job_state::failed);
  EXPECT_EQ(ended.err.code, errc::too_large) << ended.err.message;
  EXPECT_EQ(ended.err.value, "131072") << "the piece, padded";
  EXPECT_EQ(ended.err.limit, "2048") << "the largest that any of them takes";
  EXPECT_EQ(ended.deal_errors.size(), 4u) << "each of them says why";
  EXPECT_EQ(ended.deal_errors.at(0).deal.value, "");
  EXPECT_EQ(proposals(), 0u);
  EXPECT_TRUE(all<deal>().empty());
  EXPECT_TRUE(entry(a, id).hot.enabled) << "what was reached stays";
}

TEST_F(ffs_oversize, s4_one_that_takes_it_is_enough) {
  fell();
  limit(1024);
  providers->all.at(address::from_id(1003)).max_piece = 32ull << 30;
  start();
  auto id = stage(a, random_bytes(100'000));
  auto job = push(a, id, both());
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
  ASSERT_EQ(deals_of(a, id).size(), 1u);
  EXPECT_EQ(deals_of(a, id)[0].provider, address::from_id(1003));
}

TEST_F(ffs_oversize, s4_only_those_that_the_config_allows_count) {
  fell();
  limit(1024);
  providers->all.at(address::from_id(1003)).max_piece = 32ull << 30;
  start();
  auto config = both();
  config.cold.excluded_miners = {address::from_id(1003)};
  auto job = push(a, stage(a, random_bytes(100'000)), config);
  live(3);
  EXPECT_EQ(job_of(a, *job).err.code, errc::too_large) << job_of(a, *job).err.message;
  EXPECT_EQ(job_of(a, *job).err.limit, "1024");
}

TEST_F(ffs_oversize, s4_a_block_larger_than_the_largest_piece) {
  fell();
  options.pieces.max_piece = 4096;
  start();
  auto large = stage(a, random_bytes(100'000)), small = stage(a, random_bytes(1'000));
  auto job = push(a, large, both());
  auto other = push(a, small, both());
  live(3);
  auto ended = job_of(a, *job);
  EXPECT_EQ(ended.state, job_state::failed);
  EXPECT_EQ(ended.err.code, errc::too_large) << ended.err.message;
  EXPECT_EQ(ended.err.value, "100000");
  EXPECT_EQ(ended.err.limit, std::to_string(4096 / 128 * 127));
  EXPECT_EQ(ended.deal_errors.size(), 0u);
  settle();
  EXPECT_EQ(job_of(a, *other).state, job_state::done)
      << "it does not hold up others: " << job_of(a, *other).err.message;
}

TEST_F(ffs_oversize, s4_what_is_split_over_pieces_is_not_too_large) {
  fell();
  options.pieces.max_piece = 1 << 20;
  limit(1 << 20);
  start();
  auto id = stage(a, random_bytes(3 << 20));
  auto job = push(a, id, both());
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::failed) << "a block of 1 MiB does not fit into a piece of 1 MiB";
  fell();
  options.pieces.max_piece = 2 << 20;
  limit(2 << 20);
  start();
  auto again = push(a, id, both());
  settle();
  EXPECT_EQ(job_of(a, *again).state, job_state::done) << job_of(a, *again).err.message;
  EXPECT_GE(deals_of(a, id).size(), 2u) << "a deal for each of its pieces";
}

} // namespace
} // namespace weir::test
