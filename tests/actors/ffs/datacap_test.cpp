// Verified deals: DataCap is looked at before anything leaves.
#include "messages/actors/wallets.hpp"
#include "tests/actors/ffs/ffs_fixture.hpp"

namespace weir::test {
namespace {

struct datacap : ffs_fixture {
  cid stage_large() { return stage(a, random_bytes(1'200'000)); }
  ffs::job_id push_verified(const cid& id, std::uint32_t copies = 1) {
    auto config = both(copies);
    config.cold.verified_deal = true;
    auto job = push(a, id, config);
    EXPECT_TRUE(job) << to_string(job.error());
    live(2);
    return job ? *job : ffs::job_id{};
  }
  void allow(std::uint64_t bytes) { chain->datacap = token_amount{bytes}; }
};

constexpr std::uint64_t piece_size = 2 << 20;

TEST_F(datacap, without_any_nothing_is_proposed_and_no_fil_is_locked) {
  auto id = stage_large();
  auto job = job_of(a, push_verified(id, 2));
  EXPECT_EQ(job.state, job_state::failed);
  EXPECT_EQ(job.err.code, errc::insufficient_funds);
  EXPECT_NE(job.err.message.find("is no verified client: " + std::to_string(2 * piece_size)), std::string::npos)
      << job.err.message;
  EXPECT_TRUE(all<deal>().empty());
  EXPECT_TRUE(chain->pushed.empty());
}

TEST_F(datacap, too_little_says_what_is_missing) {
  allow(2 * piece_size - 5);
  auto job = job_of(a, push_verified(stage_large(), 2));
  EXPECT_EQ(job.state, job_state::failed);
  EXPECT_NE(job.err.message.find(" 5 bytes of DataCap are missing"), std::string::npos) << job.err.message;
}

TEST_F(datacap, enough_is_spent_by_the_deal) {
  allow(piece_size);
  auto job = push_verified(stage_large());
  settle();
  EXPECT_EQ(job_of(a, job).state, job_state::done) << job_of(a, job).err.message;
  EXPECT_TRUE(all<deal>().at(0).verified);
  EXPECT_TRUE(chain->datacap.zero());
  EXPECT_EQ(job_of(a, push_verified(stage_large())).state, job_state::failed) << "it is gone";
}

TEST_F(datacap, a_second_job_waits_for_what_the_first_one_holds) {
  allow(piece_size);
  auto first = push_verified(stage_large()), second = push_verified(stage_large());
  EXPECT_EQ(all<deal>().size(), 1u);
  EXPECT_EQ(job_of(a, second).state, job_state::in_progress) << job_of(a, second).err.message;
  settle();
  live(20);
  EXPECT_EQ(job_of(a, first).state, job_state::done);
  EXPECT_EQ(job_of(a, second).state, job_state::failed);
  EXPECT_EQ(all<deal>().size(), 1u);
}

TEST_F(datacap, what_a_refused_deal_held_is_free_again) {
  allow(piece_size);
  for (auto& [id, p] : providers->all)
    p.refuse_with = "not today";
  push_verified(stage_large());
  live(2);
  for (auto& [id, p] : providers->all)
    p.refuse_with = {};
  pass(5000); // nobody is avoided any more
  auto job = push_verified(stage_large());
  settle();
  EXPECT_EQ(job_of(a, job).state, job_state::done) << job_of(a, job).err.message;
}

TEST_F(datacap, a_piece_below_the_least_allocation_is_refused) {
  allow(piece_size);
  auto job = job_of(a, push_verified(stage(a, random_bytes(1000))));
  EXPECT_EQ(job.state, job_state::failed);
  EXPECT_EQ(job.err.code, errc::no_providers);
  EXPECT_NE(job.err.message.find("1 MiB"), std::string::npos);
}

} // namespace
} // namespace weir::test
