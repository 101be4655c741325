// Jobs over a hot layer outside of the node: what it gets, what is read out of
// it, and what becomes of a job when it is down, slow, or gives something else.
#include "tests/actors/ffs/layers_fixture.hpp"

namespace weir::test {
namespace {

struct ffs_layers : ffs_layers_fixture {
  void SetUp() override {
    ffs_layers_fixture::SetUp();
    move(a, "outside");
    move(b, "outside");
  }
  static ffs::cid_config cold_too() {
    auto c = both();
    c.hot.add_timeout = 5;
    return c;
  }
};

TEST_F(ffs_layers, a_job_takes_it_to_the_layer_and_the_staged_copy_goes) {
  auto id = stage(a, random_bytes(300'000));
  auto job = push(a, id, hot_only());
  ASSERT_TRUE(job) << to_string(job.error());
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
  EXPECT_EQ(entry(a, id).hot.layer, "far");
  EXPECT_TRUE(far->pinned(a, id) && far->whole(id));
  EXPECT_EQ(staged(), 0u);
  EXPECT_FALSE(blocks->has(id)) << "it is kept where the configuration says, and not here";
}

TEST_F(ffs_layers, what_only_the_layer_has_is_read_out_of_it_for_deals) {
  auto id = stage(a, random_bytes(300'000));
  (void)push(a, id, hot_only());
  ASSERT_FALSE(blocks->has(id));
  auto job = push(a, id, cold_too());
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
  EXPECT_EQ(far->reads, 1);
  ASSERT_EQ(deals_of(a, id).size(), 1u);
  EXPECT_EQ(deals_of(a, id)[0].state, deal_state::active);
  EXPECT_TRUE(far->pinned(a, id));
}

TEST_F(ffs_layers, c7_what_the_layer_does_not_find_in_time_fails_with_timeout) {
  auto id = file_at(far->elsewhere, random_bytes(1000));
  far->elsewhere.erase(id);
  auto config = hot_only();
  config.hot.add_timeout = 1;
  auto job = push(a, id, config);
  auto ended = job_of(a, *job);
  EXPECT_EQ(ended.state, job_state::failed);
  EXPECT_EQ(ended.err.code, errc::timeout);
  EXPECT_NE(ended.err.message.find("did not have it in time"), std::string::npos) << ended.err.message;
  EXPECT_FALSE(entry(a, id).hot.enabled);
}

TEST_F(ffs_layers, c7_a_layer_that_says_nothing_fails_with_timeout_too) {
  far->silent = true;
  auto id = stage(a, random_bytes(1000));
  auto config = hot_only();
  config.hot.add_timeout = 1;
  auto job = push(a, id, config);
  EXPECT_EQ(job_of(a, *job).state, job_state::in_progress);
  advance(std::chrono::seconds{15});
  EXPECT_EQ(job_of(a, *job).state, job_state::failed);
  EXPECT_EQ(job_of(a, *job).err.code, errc::timeout);
  EXPECT_EQ(staged(), 1u) << "what was staged is still there for another try";
}

TEST_F(ffs_layers, a_layer_that_is_down_for_a_moment_is_asked_again) {
  far->refuses = errc::unreachable;
  auto id = stage(a, random_bytes(1000));
  auto job = push(a, id, hot_only());
  advance(std::chrono::seconds{5});
  EXPECT_EQ(job_of(a, *job).state, job_state::in_progress);
  far->refuses = errc::none;
  advance(std::chrono::seconds{20});
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
}

TEST_F(ffs_layers, a_layer_that_stays_down_fails_the_job) {
  far->refuses = errc::unreachable;
  auto id = stage(a, random_bytes(1000));
  auto config = hot_only();
  config.hot.add_timeout = 30;
  auto job = push(a, id, config);
  for (int i = 0; i < 30; ++i)
    advance(std::chrono::seconds{10});
  EXPECT_EQ(job_of(a, *job).state, job_state::failed);
  EXPECT_EQ(job_of(a, *job).err.code, errc::unreachable);
}

TEST_F(ffs_layers, another_dag_than_the_one_asked_for_is_refused) {
  auto id = stage(a, random_bytes(1000));
  (void)push(a, id, hot_only());
  far->swapped = file_at(far->has, random_bytes(2000));
  auto job = push(a, id, cold_too());
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::failed);
  EXPECT_EQ(job_of(a, *job).err.code, errc::corrupt) << job_of(a, *job).err.message;
  EXPECT_TRUE(all<deal>().empty());
  EXPECT_EQ(staged(), 0u);
}

TEST_F(ffs_layers, h2_stage_cid_takes_it_from_where_the_layer_finds_it) {
  auto data = random_bytes(300'000);
  auto id = file_at(far->elsewhere, data);
  auto made = stage_cid(a, id);
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->cid, id);
  EXPECT_EQ(made->use, content_use::stage);
  EXPECT_TRUE(blocks->has(id));
  wall += 5'000;
  auto again = stage_cid(a, id);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, made->id) << "staged once";
  EXPECT_EQ(again->created.value, made->created.value + 5'000) << "its time counts anew";
  EXPECT_EQ(far->reads, 1);
  auto job = push(a, id, cold_too());
  settle();
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
}

TEST_F(ffs_layers, h2_the_nodes_own_store_finds_nothing_elsewhere) {
  move(a, "default");
  auto id = file_at(far->elsewhere, random_bytes(100));
  EXPECT_EQ(stage_cid(a, id).error().code, errc::unsupported);
  move(a, "outside");
  far->elsewhere.erase(id);
  EXPECT_EQ(stage_cid(a, id).error().code, errc::timeout);
  EXPECT_EQ(staged(), 0u);
}

TEST_F(ffs_layers, readers_get_the_blocks_out_of_the_layer_once) {
  auto id = stage(a, random_bytes(200'000));
  (void)push(a, id, hot_only());
  ASSERT_FALSE(blocks->has(id));
  auto gate_of_a = gate_of(a);
  auto first = self->request(gate_of_a, std::chrono::seconds{60}, ffs::bring_hot{a, id});
  auto second = self->request(gate_of_a, std::chrono::seconds{60}, ffs::bring_hot{a, id});
  run();
  int answers = 0;
  first.receive([&](nothing) { ++answers; }, [](const caf::error&) {});
  second.receive([&](nothing) { ++answers; }, [](const caf::error&) {});
  EXPECT_EQ(answers, 2);
  EXPECT_EQ(far->reads, 1);
  EXPECT_TRUE(blocks->has(id));
  EXPECT_EQ(ask<nothing>(gate_of(b), ffs::bring_hot{b, id}).error().code, errc::not_found) << "not theirs";
}

TEST_F(ffs_layers, c2_hot_off_lets_go_of_it_for_this_instance_alone) {
  auto data = random_bytes(1000);
  auto id = stage(a, data);
  stage(b, data);
  (void)push(a, id, hot_only());
  (void)push(b, id, hot_only());
  auto off = hot_only();
  off.hot.enabled = false;
  auto job = push(a, id, off);
  EXPECT_EQ(job_of(a, *job).state, job_state::done) << job_of(a, *job).err.message;
  EXPECT_FALSE(far->pinned(a, id));
  EXPECT_TRUE(far->pinned(b, id));
}

/// K3: what the layer lost it gets again from this node, from elsewhere, or from a provider.
TEST_F(ffs_layers, k3_a_repair_brings_lost_blocks_back) {
  auto data = random_bytes(100'000);
  auto id = stage(a, data);
  auto config = cold_too();
  config.repairable = true;
  config.hot.allow_unfreeze = true;
  (void)push(a, id, config);
  settle();
  ASSERT_EQ(newest_job(a, id).state, job_state::done) << newest_job(a, id).err.message;
  far->has.erase(id);
  pass(epochs_per_day + 10);
  live(3);
  EXPECT_EQ(newest_job(a, id).why, ffs::job_cause::repair);
  EXPECT_EQ(newest_job(a, id).state, job_state::done) << newest_job(a, id).err.message;
  EXPECT_FALSE(newest_job(a, id).unfroze) << "the node had its blocks";
  EXPECT_TRUE(far->whole(id));
}

TEST_F(ffs_layers, k3_what_is_nowhere_fails_and_says_so) {
  auto id = stage(a, random_bytes(1000));
  auto config = hot_only();
  config.repairable = true;
  (void)push(a, id, config);
  far->has.erase(id);
  pass(epochs_per_day + 10);
  live(3);
  EXPECT_EQ(newest_job(a, id).state, job_state::failed);
  EXPECT_NE(newest_job(a, id).err.message.find("allowUnfreeze is off"), std::string::npos)
      << newest_job(a, id).err.message;
}

/// The process dies at many moments while blocks come out of the layer.
TEST_F(ffs_layers, reading_out_survives_a_crash_at_any_moment) {
  for (int messages = 0; messages < 150; messages += 11) {
    auto id = stage(a, random_bytes(200'000));
    (void)push(a, id, hot_only());
    ASSERT_FALSE(blocks->has(id));
    auto gate_of_a = gate_of(a);
    caf::anon_send(gate_of_a, ffs::push_config{a, id, cold_too(), true, false});
    gate_of_a = ffs::powergate_actor{};
    run_messages(messages);
    crash_with_layer();
    start();
    if (!entry(a, id).config.cold.enabled)
      continue; // it died before the commit
    settle();
    EXPECT_EQ(newest_job(a, id).state, job_state::done) << messages << ": " << newest_job(a, id).err.message;
    EXPECT_EQ(deals_of(a, id).size(), 1u) << messages;
    EXPECT_EQ(staged(), 0u) << messages;
  }
  expect_no_duplicates();
}

} // namespace
} // namespace weir::test
