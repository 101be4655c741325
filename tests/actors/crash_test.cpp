// The process dies between any two messages of the flow; after the restart
// there are six deals with six providers, and no provider got a proposal twice.
#include "tests/actors/support/domain_fixture.hpp"

namespace weir::test {
namespace {

struct crash_between : domain_fixture, ::testing::WithParamInterface<int> {
  void SetUp() override {
    add_providers(8);
    start();
  }
};

TEST_P(crash_between, packing_and_proposing) {
  auto c = upload("crashed", random_bytes(100'000));
  auto open = all<bucket>().at(0).id;
  caf::anon_send(domain_tree.bucket_creator, close_bucket{{}, open, {}});
  run_messages(GetParam());
  crash();
  start();
  if (get<bucket>(open).ready == bucket_ready::open) {
    ASSERT_TRUE(close_global());
  }
  settle();
  EXPECT_EQ(deal_states()[deal_state::active], 6);
  EXPECT_EQ(good_providers().size(), 6u);
  EXPECT_EQ(get<content>(c.id).state, content_state::active);
  expect_no_duplicates();
  EXPECT_LE(chain->seen_messages.size(), 1u) << "the escrow was filled twice";
}

TEST_P(crash_between, publishing_and_activating) {
  auto c = upload("crashed", random_bytes(100'000));
  ASSERT_TRUE(close_global());
  live(3);
  for (auto& d : all<deal>())
    chain->activate(chain->publish(d));
  chain->head = chain->head + 1;
  for (auto& who : chain->listeners)
    caf::anon_send(who, head_changes{{{head_change::kind::apply, {chain->head, {}, 0}}}, chain->finalized()});
  run_messages(GetParam());
  crash();
  start();
  live(2);
  pass(chain->finality + 1);
  live(2);
  EXPECT_EQ(deal_states()[deal_state::active], 6);
  EXPECT_EQ(get<content>(c.id).state, content_state::active);
  expect_no_duplicates();
}

INSTANTIATE_TEST_SUITE_P(messages, crash_between,
                         ::testing::Values(1, 3, 7, 12, 18, 25, 33, 42, 52, 63, 75, 90, 110, 130, 155, 180, 210, 250,
                                           300));

} // namespace
} // namespace weir::test
