#include "tests/adapters/devnet/devnet_fixture.hpp"

namespace weir::devnet {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct provider_test : devnet_bench {};

TEST_F(provider_test, a_deal_from_proposal_to_active_and_back) {
  start_with_money();
  auto d = params();
  EXPECT_EQ(refusal_of(d), "accepted");
  EXPECT_EQ(status_of(d.id).deal->status, "Processing");
  go(5);
  EXPECT_GE(piece_requests.load(), 1);
  auto published = chain_deal(1);
  ASSERT_FALSE(published.is_null());
  EXPECT_EQ(published["State"]["SectorStartEpoch"], -1);
  EXPECT_EQ(published["Proposal"]["PieceCID"]["/"], d.proposal.proposal.piece.text());
  go(15);
  EXPECT_GE(chain_deal(1)["State"]["SectorStartEpoch"].get<int>(), 0);
  EXPECT_EQ(status_of(d.id).deal->status, "Sealed");
  EXPECT_EQ(status_of(d.id).deal->id, deal_id{1});
  http::client_request r;
  r.url = provider_url() + "/piece/" + d.proposal.proposal.piece.text();
  r.range = http::byte_range{1000, 5000};
  auto back = fetch(r);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->status, 206);
  EXPECT_EQ(to_bytes(as_bytes(back->body)), bytes(piece.begin() + 1000, piece.begin() + 6000));
}

} // namespace

} // namespace weir::devnet
