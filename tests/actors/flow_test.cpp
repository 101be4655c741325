// The main job over the whole domain: bytes in, six deals, bytes back.
#include "tests/actors/support/domain_fixture.hpp"

namespace weir::test {
namespace {

struct flow : domain_fixture {
  void SetUp() override {
    add_providers(8);
    start();
  }
};

TEST_F(flow, a_file_becomes_six_active_deals_with_six_providers) {
  auto data = random_bytes(3 << 20);
  auto c = upload("three", data);
  EXPECT_EQ(get<content>(c.id).state, content_state::in_bucket);
  ASSERT_TRUE(close_global());
  run();
  EXPECT_EQ(get<content>(c.id).state, content_state::packed);
  settle();
  EXPECT_EQ(deal_states()[deal_state::active], 6);
  EXPECT_EQ(good_providers().size(), 6u);
  EXPECT_EQ(get<content>(c.id).state, content_state::active);
  EXPECT_EQ(all<piece>().at(0).state, piece_state::placed);
  EXPECT_EQ(all<bucket>().at(0).state, bucket_state::complete);
  expect_no_duplicates();
  EXPECT_EQ(*read_all(c.id, read_from::local), data);
}

TEST_F(flow, an_offloaded_file_is_read_from_a_provider_by_range_and_restored) {
  auto data = random_bytes(2'500'000);
  auto c = upload("away", data);
  auto early = ask<content>(domain_tree.content, offload_content{{}, c.id});
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, errc::precondition);
  ASSERT_TRUE(close_global());
  settle();
  ASSERT_TRUE(ask<content>(domain_tree.content, offload_content{{}, c.id}));
  run();
  EXPECT_FALSE(blocks->has(c.cid));
  EXPECT_FALSE(std::filesystem::exists(providers->piece_folder / (all<piece>()[0].cid.text() + ".piece")));
  auto local = read_all(c.id, read_from::local);
  ASSERT_FALSE(local);
  EXPECT_EQ(local.error().code, errc::precondition);
  EXPECT_EQ(*read_all(c.id, read_from::local_or_provider), data);
  EXPECT_EQ(events(event_kind::retrieval_done).size(), 1u);

  auto back = ask<content>(domain_tree.content, restore_content{{}, c.id});
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_TRUE(back->local);
  EXPECT_TRUE(blocks->has(c.cid));
  EXPECT_EQ(*read_all(c.id, read_from::local), data);
}

TEST_F(flow, a_piece_is_a_pack_and_nothing_is_stored_twice) {
  auto data = random_bytes(3 << 20);
  auto c = upload("once", data);
  EXPECT_GT(blocks->stat()->loose_blocks, 0u);
  ASSERT_TRUE(close_global());
  run();
  auto stat = *blocks->stat();
  EXPECT_EQ(stat.packs, 1u);
  EXPECT_EQ(stat.loose_blocks, 0u);
  EXPECT_EQ(stat.packed_blocks, c.blocks);
  EXPECT_EQ(*read_all(c.id, read_from::local), data);
  restart();
  EXPECT_EQ(blocks->stat()->loose_blocks, 0u);
  EXPECT_EQ(*read_all(c.id, read_from::local), data);
  settle(); // a running deal needs the piece
  ASSERT_TRUE(ask<content>(domain_tree.content, remove_content{{}, c.id}));
  run();
  EXPECT_EQ(blocks->bytes_used(), 0u);
  EXPECT_TRUE(std::filesystem::is_empty(providers->piece_folder));
}

TEST_F(flow, a_piece_that_goes_leaves_what_a_content_still_needs) {
  auto data = random_bytes(1'500'000);
  auto a = upload("a", data);
  ASSERT_TRUE(close_global());
  settle();
  auto b = upload("b", data);
  ASSERT_EQ(a.cid, b.cid);
  EXPECT_EQ(blocks->stat()->loose_blocks, 0u) << "its blocks are in the piece";
  ASSERT_TRUE(ask<content>(domain_tree.content, remove_content{{}, a.id}));
  settle();
  EXPECT_EQ(*read_all(b.id, read_from::local), data);
  restart();
  EXPECT_EQ(*read_all(b.id, read_from::local), data);
}

/// Deals of the piece say something at every step of the restoration: the
/// dropper looks each time whether anybody still needs it.
TEST_F(flow, what_is_being_restored_is_not_dropped_in_between) {
  auto data = random_bytes(700'000);
  auto c = upload("back", data);
  ASSERT_TRUE(close_global());
  settle();
  auto id = all<piece>().at(0).cid;
  auto speaker = all<deal>().at(0).uuid;
  for (int quiet : {0, 1, 2, 3, 5, 8}) {
    ASSERT_TRUE(ask<content>(domain_tree.content, offload_content{{}, c.id}));
    run();
    ASSERT_FALSE(get<piece>(id).local);
    self->send(domain_tree.content, restore_content{{}, c.id});
    for (int i = 0; i < 150 && run_once(); ++i) {
      if (i % (quiet + 1) != 0)
        continue;
      records::transaction_builder t;
      t.say(event_kind::deal_active, speaker.value, {}, {records::fact("piece", id)});
      caf::anon_send(gate, atom::commit_v, std::move(t).take());
    }
    run();
    self->receive([](const content&) {});
    EXPECT_TRUE(get<content>(c.id).local);
    EXPECT_TRUE(get<piece>(id).local);
    EXPECT_TRUE(std::filesystem::exists(providers->piece_folder / (id.text() + ".piece")));
    EXPECT_EQ(*read_all(c.id, read_from::local), data);
  }
}

TEST_F(flow, a_liar_and_a_vanished_provider_are_passed_over) {
  auto data = random_bytes(1'200'000);
  auto c = upload("lies", data);
  ASSERT_TRUE(close_global());
  settle();
  int bad = 0;
  for (auto& id : good_providers())
    if (bad < 5)
      (bad++ % 2 ? providers->all[id].lies : providers->all[id].hides) = true;
  EXPECT_EQ(*read_all(c.id, read_from::provider), data);
  EXPECT_GE(events(event_kind::retrieval_failed).size(), 1u);
}

TEST_F(flow, removing_keeps_blocks_that_another_content_holds) {
  auto data = random_bytes(1'500'000);
  auto a = upload("a", data);
  auto b = upload("b", data);
  ASSERT_EQ(a.cid, b.cid);
  ASSERT_TRUE(ask<content>(domain_tree.content, remove_content{{}, a.id}));
  run();
  EXPECT_EQ(*read_all(b.id, read_from::local), data);
  ASSERT_TRUE(ask<content>(domain_tree.content, remove_content{{}, b.id}));
  run();
  EXPECT_FALSE(blocks->has(a.cid));
  EXPECT_FALSE(read_all(b.id, read_from::local));
}

} // namespace
} // namespace weir::test
