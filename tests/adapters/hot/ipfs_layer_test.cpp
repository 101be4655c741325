#include "tests/adapters/hot/fake_kubo.hpp"

using namespace weir;
using namespace std::chrono_literals;

namespace {

struct ipfs_layer : test::hot_fixture {
  void start(hot::kubo_options how = {}) {
    kubo.serve(routes);
    begin();
    how.url = base;
    layer_at([&] { return hot::make_ipfs(std::make_shared<hot::kubo_client>(*client, how)); });
  }
  bool pinned(const cid& id) {
    bool out = false;
    loop.run([&] { out = kubo.pins.contains(id.text()); });
    return out;
  }
  template <class F>
  void change(F what) {
    loop.run([&] { what(kubo); });
  }
  test::fake_kubo kubo;
};

} // namespace

TEST_F(ipfs_layer, what_was_added_is_there_comes_back_and_goes) {
  start({.who = {"joe", "secret", ""}});
  auto id = make_file(5'000'000);
  auto info = add(id);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_TRUE(info->enabled);
  EXPECT_EQ(info->layer, "ipfs");
  EXPECT_GT(info->size, 5'000'000u);
  EXPECT_TRUE(pinned(id));
  EXPECT_TRUE(check(id)->enabled);
  EXPECT_TRUE(test::same(read(id), test::car_of(blocks, id)));
  EXPECT_TRUE(remove(id));
  EXPECT_FALSE(pinned(id));
  EXPECT_FALSE(check(id)->enabled);
  EXPECT_TRUE(remove(id)); // fine when it is not pinned
}

TEST_F(ipfs_layer, a_pin_is_shared_and_goes_with_the_last_instance) {
  start({.who = {"", "", "t0ken"}});
  auto id = make_file(1000);
  EXPECT_EQ(pin(id, "a")->size, 4711u);
  EXPECT_EQ(kubo.seen_credentials, "Bearer t0ken");
  int before = kubo.calls;
  EXPECT_EQ(pin(id, "b")->size, 4711u);
  EXPECT_EQ(kubo.calls - before, 1); // whether it is pinned: no more was asked
  EXPECT_TRUE(remove(id, "a"));
  EXPECT_TRUE(pinned(id));
  EXPECT_FALSE(check(id, "a")->enabled);
  EXPECT_TRUE(remove(id, "b"));
  EXPECT_FALSE(pinned(id));
}

TEST_F(ipfs_layer, what_somebody_else_had_pinned_stays) {
  start();
  auto id = make_file(1000);
  change([&](auto& k) { k.pins.insert(id.text()); });
  EXPECT_TRUE(pin(id));
  EXPECT_TRUE(remove(id));
  EXPECT_TRUE(pinned(id));
}

TEST_F(ipfs_layer, a_check_looks_at_the_blocks_and_not_at_the_books) {
  start();
  auto id = make_file(3'000'000);
  ASSERT_TRUE(add(id));
  change([](auto& k) { k.flip_export = true; });
  EXPECT_FALSE(check(id)->enabled);
  change([&](auto& k) {
    k.flip_export = false;
    k.blocks.erase(id);
  });
  EXPECT_FALSE(check(id)->enabled);
  ASSERT_TRUE(add(id)); // brings it back, though it was pinned all the time
  EXPECT_TRUE(check(id)->enabled);
  change([&](auto& k) { k.pins.clear(); });
  EXPECT_FALSE(check(id)->enabled);
}

TEST_F(ipfs_layer, a_wrong_block_and_a_truncated_body_are_seen) {
  start();
  auto id = make_file(3'000'000);
  ASSERT_TRUE(add(id));
  change([](auto& k) { k.flip_export = true; });
  EXPECT_EQ(read(id).error().code, errc::corrupt);
  change([](auto& k) {
    k.flip_export = false;
    k.cut_export = true;
  });
  EXPECT_EQ(read(id).error().code, errc::unreachable);
  EXPECT_EQ(check(id).error().code, errc::unreachable); // nobody knows
}

TEST_F(ipfs_layer, a_node_that_is_restarted_in_the_middle_is_asked_again) {
  start();
  auto id = make_file(1000);
  change([](auto& k) { k.restarts = 2; });
  EXPECT_TRUE(pin(id));
  EXPECT_TRUE(pinned(id));
  auto other = make_file(2'000'000, 2);
  change([](auto& k) { k.drop_next = 3; });
  EXPECT_TRUE(add(other));
  EXPECT_TRUE(check(other)->enabled);
}

TEST_F(ipfs_layer, a_node_that_is_down_or_busy_is_told_as_such) {
  start();
  auto id = make_file(1000);
  change([](auto& k) { k.drop_next = 1000; });
  EXPECT_EQ(pin(id).error().code, errc::unreachable);
  change([](auto& k) {
    k.drop_next = 0;
    k.refuse = 503;
  });
  EXPECT_EQ(pin(id).error().code, errc::overloaded);
  change([](auto& k) { k.refuse = 403; });
  EXPECT_EQ(pin(id).error().code, errc::forbidden);
  change([](auto& k) { k.refuse = 0; });
  EXPECT_FALSE(check(id)->enabled); // nothing was left behind
  EXPECT_FALSE(pinned(id));
}

TEST_F(ipfs_layer, blocks_that_nobody_has_end_with_the_time_of_the_request) {
  start();
  change([](auto& k) { k.silent_pin = true; });
  EXPECT_EQ(pin(make_file(1000), "a", 1).error().code, errc::timeout);
}

TEST_F(ipfs_layer, what_moves_bytes_does_not_wait_for_what_only_waits) {
  options.most_running = options.most_patient = 1;
  start();
  change([](auto& k) { k.silent_pin = true; });
  auto searching = make_file(1000, 1), queued = make_file(1000, 2), at_hand = make_file(1000, 3);
  caf::scoped_actor self{*system};
  auto first = self->request(layer, caf::infinite, ffs::hot_pin{instance_id{"a"}, searching, 2});
  auto second = self->request(layer, caf::infinite, ffs::hot_pin{instance_id{"a"}, queued, 2});
  EXPECT_TRUE(add(at_hand));
  EXPECT_TRUE(check(at_hand)->enabled);
  EXPECT_TRUE(remove(searching, "b")); // nothing of b's; after the one that searches
  for (auto* one : {&first, &second})
    one->receive([](ffs::hot_info&) { ADD_FAILURE(); },
                 [](caf::error& e) { EXPECT_EQ(from_caf(e).code, errc::timeout); });
}

TEST_F(ipfs_layer, an_add_of_what_the_node_lacks_says_so) {
  start();
  auto id = make_file(1000);
  blocks.erase(id);
  EXPECT_EQ(add(id).error().code, errc::not_found);
  EXPECT_EQ(read(id).error().code, errc::not_found);
  EXPECT_EQ(ask<ffs::hot_part>(layer, ffs::hot_next{77}).error().code, errc::not_found);
}

TEST_F(ipfs_layer, claims_survive_a_restart) {
  start();
  auto id = make_file(1000);
  ASSERT_TRUE(add(id, "a"));
  ASSERT_TRUE(add(id, "b"));
  hot::claim_book book{records, "test"};
  EXPECT_EQ(*book.count(id), 2u);
  EXPECT_EQ(*hot::claim_book(records, "other").count(id), 0u);
  EXPECT_TRUE((*book.find(id, instance_id{"b"}))->kept);
}
