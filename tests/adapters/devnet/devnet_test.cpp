#include "adapters/devnet/chain/durable_chain.hpp"
#include "adapters/devnet/provider/faults.hpp"
#include "storage/support/file.hpp"
#include "tests/adapters/devnet/chain_fixture.hpp"
#include "tests/adapters/devnet/devnet_fixture.hpp"

namespace weir::devnet {

namespace {

struct devnet_test : devnet_bench {};

TEST_F(devnet_test, the_same_seed_gives_the_same_people) {
  start();
  auto before = get("/devnet/status")["master"];
  auto other = devnet_bench::settings();
  other.folder = dir.path() / "other";
  auto second = devnet::start(other);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(filecoin::to_text((*second)->master()), before);
}

TEST_F(devnet_test, a_folder_of_another_chain_is_refused) {
  start();
  net.reset();
  auto other = settings();
  other.seed = 2;
  EXPECT_EQ(devnet::start(other).error().code, errc::wrong_network);
}

TEST_F(devnet_test, control_says_what_is_wrong) {
  start();
  auto wrong = post(net->control_url() + "/devnet/advance", R"({"epochs":-1})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, testing::HasSubstr("epochs"));
  EXPECT_EQ(post(net->control_url() + "/devnet/advance", "[1]").status, 400);
  EXPECT_EQ(post(net->control_url() + "/devnet/providers/f01000", R"({"fly":"on"})").status, 400);
  EXPECT_EQ(post(net->control_url() + "/devnet/providers/f09999", R"({"hang":"on"})").status, 404);
  EXPECT_EQ(post(net->control_url() + "/devnet/slash", R"({"deal":77})").status, 404);
  EXPECT_EQ(post(net->control_url() + "/devnet/reorg", R"({"depth":1000})").status, 400);
  EXPECT_EQ(post(net->control_url() + "/devnet/clock", R"({"mode":"warp"})").status, 400);
}

TEST_F(devnet_test, a_web_page_cannot_drive_it) {
  start();
  http::client_request r;
  r.verb = "POST";
  r.url = net->control_url() + "/devnet/advance";
  r.fields.add("Origin", "http://evil.example");
  r.body = R"({"epochs":1})";
  EXPECT_EQ(fetch(r)->status, 403);
}

TEST_F(devnet_test, advancing_an_idle_chain_is_quick_and_exact) {
  start();
  go(20);
  auto head = get("/devnet/status")["head"].get<int>();
  EXPECT_EQ(control("/devnet/advance", {{"epochs", 518400}})["head"], head + 518400);
  EXPECT_EQ(rpc("ChainHead", json::array())["Height"], head + 518400);
}

TEST_F(devnet_test, a_foreign_provider_joins_and_publishes) {
  start_with_money();
  auto worker = *filecoin::secret_key::from_bytes(bytes(32, 77));
  auto id = control("/devnet/providers", {{"address", filecoin::to_text(worker.address())},
                                          {"multiaddr", "/ip4/127.0.0.1/tcp/4321/http"}})["id"];
  EXPECT_EQ(rpc("StateMinerInfo", {id, json::array()})["Multiaddrs"][0], "BH8AAAEGEOHgAw==");
  EXPECT_NE(rpc("StateMarketBalance", {id, json::array()})["Escrow"], "0");
  auto d = changed(params(), [&](auto& p) { p.provider = *filecoin::parse_address(id.get<std::string>()); });
  std::swap(key, worker); // the provider sends now
  auto done = send(address::from_id(5), {}, 4, filecoin::market::encode_publish({d.proposal}));
  EXPECT_EQ(done["Receipt"]["ExitCode"], 0);
  EXPECT_EQ(done["Receipt"]["Return"], "goEBQQw=");
  EXPECT_EQ(control("/devnet/providers", {{"address", "f02000"}, {"worker", filecoin::to_text(key.address())}})["id"],
            "f02000");
}

struct automatic_test : devnet_bench {
  options settings() override {
    auto o = devnet_bench::settings();
    o.clock.mode = clock_mode::automatic;
    o.clock.fast = loop::milliseconds{1};
    return o;
  }
};

TEST_F(automatic_test, the_clock_runs_while_something_is_pending) {
  start_with_money();
  ASSERT_EQ(refusal_of(params()), "accepted");
  while (deals_in("active") == 0)
    ;
  EXPECT_GE(chain_deal(1)["State"]["SectorStartEpoch"].get<int>(), 0);
  while (get("/devnet/status")["pending"])
    ;
  auto status = get("/devnet/status");
  EXPECT_GE(status["finalized"].get<int>(), chain_deal(1)["State"]["SectorStartEpoch"].get<int>());
}

TEST(durable_chain, replays_what_was_written_and_drops_a_torn_end) {
  people p;
  test::temp_dir dir;
  chain_params params = test_params(p);
  cid head;
  {
    auto c = *durable_chain::open(dir.path(), params);
    chain_bench b; // the same genesis: its messages fit
    ASSERT_TRUE(c->push(b.make(p.client, p.worker_b.address(), fil(1))).ok());
    ASSERT_TRUE(c->advance(epoch{5}).ok());
    ASSERT_TRUE(c->reorg(1, reverted_messages::return_to_pool).ok());
    ASSERT_TRUE(c->advance(epoch{9}).ok());
    EXPECT_FALSE(c->advance(epoch{9}).ok());
    head = c->chain().head()->block_cid;
  }
  auto whole = *read_small_file(dir.path() / "chain.log");
  auto torn = whole + whole.substr(0, 20);
  ASSERT_TRUE(write_file_durably(dir.path() / "chain.log", as_bytes(torn)).ok());
  {
    params.genesis_time = 0; // only a new chain takes it
    auto c = durable_chain::open(dir.path(), params);
    ASSERT_TRUE(c.ok()) << to_string(c.error());
    EXPECT_EQ((*c)->chain().head()->block_cid, head);
  }
  auto flipped = whole;
  flipped[whole.size() / 2] ^= 1; // in the middle of an entry that others follow
  ASSERT_TRUE(write_file_durably(dir.path() / "chain.log", as_bytes(flipped)).ok());
  EXPECT_EQ(durable_chain::open(dir.path(), params).error().code, errc::corrupt);
}

TEST(behaviour, keys_and_values) {
  behaviour b;
  EXPECT_TRUE(set_behaviour(b, "refuse", "two\nlines").ok());
  EXPECT_EQ(b.refuse, "two lines");
  EXPECT_TRUE(set_behaviour(b, "slash-at", "77").ok());
  EXPECT_TRUE(set_behaviour(b, "never-seal", "yes").ok());
  EXPECT_FALSE(set_behaviour(b, "never-seal", "perhaps").ok());
  EXPECT_FALSE(set_behaviour(b, "price", "-1").ok());
  EXPECT_THAT(set_behaviour(b, "fly", "on").error().limit, testing::HasSubstr("never-seal"));
  test::temp_dir dir;
  ASSERT_TRUE(save_behaviour(dir / "b", b).ok());
  EXPECT_EQ(show_behaviour(*load_behaviour(dir / "b", {})), show_behaviour(b));
}

} // namespace

} // namespace weir::devnet
