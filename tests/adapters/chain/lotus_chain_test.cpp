#include "tests/adapters/chain/fake_node.hpp"
#include "tests/storage/filecoin/samples.hpp"
#include "tests/support/temp_dir.hpp"

#include "adapters/chain/rpc_client.hpp"

#include <fstream>

using namespace weir;
using nlohmann::json;

namespace {

struct lotus_chain : test::fake_node {};

const auto client_address = *filecoin::parse_address("f1q4lfq4ndghuwprws3pwcvt7obmenyxw3sig2wca");

} // namespace

TEST_F(lotus_chain, calls_and_their_answers) {
  set("WalletBalance", "1000000000000000000");
  set("StateLookupID", "f01234");
  set("StateMarketBalance", {{"Escrow", "10"}, {"Locked", "4"}});
  set("StateDealProviderCollateralBounds", {{"Min", "1"}, {"Max", "9"}});
  set("StateListMiners", {"f01000", "f01001"});
  set("MpoolGetNonce", 7);
  set("ChainHead", tipset(5));
  how.token = "abc";
  begin();
  EXPECT_EQ(ask<token_amount>(chain, chain::get_balance{client_address})->fil(), "1 FIL");
  EXPECT_EQ(token, "Bearer abc");
  EXPECT_EQ(*ask<address>(chain, chain::lookup_id{client_address}), address::from_id(1234));
  EXPECT_EQ(last_params, json({"f1q4lfq4ndghuwprws3pwcvt7obmenyxw3sig2wca", json::array()}));
  EXPECT_EQ(ask<market_balance>(chain, chain::get_market_balance{client_address})->available(), token_amount{6});
  EXPECT_EQ(ask<collateral_bounds>(chain, chain::get_collateral{512, false})->max, token_amount{9});
  EXPECT_EQ(ask<std::vector<address>>(chain, chain::list_miners{})->size(), 2u);
  EXPECT_EQ(*ask<std::uint64_t>(chain, chain::get_nonce{client_address}), 7u);
  EXPECT_EQ(ask<weir::tipset>(chain, chain::get_head{})->height, epoch{5});
  EXPECT_EQ(ask<weir::tipset>(chain, chain::get_finalized{})->height, epoch{1});
}

TEST_F(lotus_chain, says_what_chain_it_is) {
  set("StateNetworkName", "calibrationnet");
  set("StateNetworkVersion", 28);
  set("Version", {{"Version", "1.36.2"}, {"APIVersion", 131840}, {"BlockDelay", 30}});
  set("ChainHead", tipset(5));
  begin();
  auto info = ask<chain_info>(chain, chain::get_info{});
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->network, "calibrationnet");
  EXPECT_EQ(info->network_version, 28u);
  EXPECT_EQ(info->genesis_time, 1000);
  set("Version", 7);
  EXPECT_EQ(ask<chain_info>(chain, chain::get_info{}).error().code, errc::protocol);
}

TEST_F(lotus_chain, who_is_unknown_has_nothing) {
  for (auto method : {"WalletBalance", "StateMarketBalance", "StateLookupID", "StateMarketStorageDeal"})
    set_error(method, 1, "deal 5 not found, or actor not found");
  begin();
  EXPECT_TRUE(ask<token_amount>(chain, chain::get_balance{client_address})->zero());
  EXPECT_TRUE(ask<market_balance>(chain, chain::get_market_balance{client_address})->escrow.zero());
  EXPECT_EQ(ask<address>(chain, chain::lookup_id{client_address}).error().code, errc::not_found);
  EXPECT_EQ(ask<chain_deal>(chain, chain::get_deal{deal_id{5}}).error().code, errc::not_found);
}

TEST_F(lotus_chain, garbage_is_named_so) {
  begin();
  garbage = "<html>";
  EXPECT_EQ(ask<weir::tipset>(chain, chain::get_head{}).error().code, errc::protocol);
  garbage = R"({"jsonrpc":"2.0","id":1,"result":{"Height":"x"}})";
  EXPECT_EQ(ask<weir::tipset>(chain, chain::get_head{}).error().code, errc::protocol);
  garbage = std::string(9 << 20, 'x');
  EXPECT_EQ(ask<weir::tipset>(chain, chain::get_head{}).error().code, errc::protocol) << "over the limit of 8 MiB";
  garbage.clear();
  status = 401;
  auto refused = ask<weir::tipset>(chain, chain::get_head{}).error();
  EXPECT_EQ(refused.code, errc::chain_error);
  EXPECT_NE(refused.message.find("token"), std::string::npos);
  status = 404;
  EXPECT_EQ(ask<weir::tipset>(chain, chain::get_head{}).error().code, errc::protocol);
}

TEST_F(lotus_chain, reads_are_repeated_pushes_are_not) {
  status = 0;
  begin();
  EXPECT_EQ(ask<weir::tipset>(chain, chain::get_head{}).error().code, errc::unreachable);
  EXPECT_EQ(calls_of("ChainHead"), 3);
  auto signed_bytes = encode(sign(filecoin::sample::key(), filecoin::sample::add_balance()));
  EXPECT_EQ(ask<cid>(chain, chain::push_message{signed_bytes}).error().code, errc::outcome_unknown);
  EXPECT_EQ(calls_of("MpoolPush"), 1);
  status = 200;
  set_error("MpoolPush", 1, "not enough funds");
  EXPECT_EQ(ask<cid>(chain, chain::push_message{signed_bytes}).error().code, errc::chain_error);
  set("MpoolPush", {{"/", "bafy2bzaceavrcg4frn7a75tx7eu6xswcuce2by37icsaaviydf4wwrcqc5mhg"}});
  EXPECT_TRUE(ask<cid>(chain, chain::push_message{signed_bytes}));
  EXPECT_EQ(ask<cid>(chain, chain::push_message{{1, 2}}).error().code, errc::malformed);
}

TEST_F(lotus_chain, a_node_that_is_not_there) {
  how.call_timeout = loop::milliseconds{100};
  begin();
  test::dead_port dead;
  how.url = "http://127.0.0.1:" + std::to_string(dead.number()) + "/rpc/v1";
  chain = *lotus::spawn_lotus_chain(*host, loop, *client, how);
  auto signed_bytes = encode(sign(filecoin::sample::key(), filecoin::sample::add_balance()));
  EXPECT_EQ(ask<cid>(chain, chain::push_message{signed_bytes}).error().code, errc::unreachable) << "surely not sent";
  listen();
  EXPECT_EQ(hears.next(), "unreachable");
  how.url = "ftp://127.0.0.1/";
  EXPECT_EQ(lotus::spawn_lotus_chain(*host, loop, *client, how).error().code, errc::invalid_argument);
}

TEST_F(lotus_chain, heads_come_as_the_node_tells_them) {
  begin();
  listen();
  notify(json::array({change("current", 5)}));
  EXPECT_EQ(hears.next(), "c5 f1");
  set("ChainGetFinalizedTipSet", tipset(4));
  notify(json::array({change("apply", 6)}));
  EXPECT_EQ(hears.next(), "a6 f4");
  notify(json::array({change("revert", 6), change("revert", 5), change("apply", 5), change("apply", 7)}));
  EXPECT_EQ(hears.next(), "r6 r5 a5 a7 f4");
  auto second = system->spawn(test::listening, &hears);
  EXPECT_TRUE(ask<nothing>(chain, atom::subscribe_v, second));
  EXPECT_EQ(hears.next(), "c7 f4") << "who comes late learns the head";
  caf::anon_send_exit(second, caf::exit_reason::user_shutdown);
}

TEST_F(lotus_chain, a_broken_connection_is_taken_up_again) {
  begin();
  listen();
  notify(json::array({change("current", 5)}));
  EXPECT_EQ(hears.next(), "c5 f1");
  cut();
  EXPECT_EQ(hears.next(), "unreachable");
  EXPECT_TRUE(eventually([this] { return connections == 2 && subscribed; }));
  notify(json::array({change("current", 9)}));
  EXPECT_EQ(hears.next(), "none");
  EXPECT_EQ(hears.next(), "c9 f1");
}

TEST_F(lotus_chain, garbage_on_the_subscription_ends_it) {
  begin();
  listen();
  notify(json::array({change("current", 5)}));
  EXPECT_EQ(hears.next(), "c5 f1");
  notify(json::array({7}));
  EXPECT_EQ(hears.next(), "protocol");
  EXPECT_TRUE(eventually([this] { return connections == 2 && subscribed; }));
  notify(json::array({change("current", 6)}));
  EXPECT_EQ(hears.next(), "none");
}

TEST_F(lotus_chain, a_node_without_subscriptions_is_asked) {
  for (bool websocket : {false, true}) {
    offers_websocket = websocket;
    offers_notify = false;
    set("ChainHead", tipset(5));
    if (!chain)
      begin();
    else
      chain = *lotus::spawn_lotus_chain(*host, loop, *client, how);
    listen();
    EXPECT_EQ(hears.next(), "c5 f1");
    set("ChainHead", tipset(6));
    EXPECT_EQ(hears.next(), "c6 f1");
    status = 0;
    EXPECT_EQ(hears.next(), "unreachable");
    status = 200;
    EXPECT_EQ(hears.next(), "none");
    EXPECT_EQ(hears.next(), "c6 f1");
    caf::anon_send_exit(chain, caf::exit_reason::user_shutdown);
  }
}

TEST_F(lotus_chain, a_node_that_lags_is_told) {
  std::atomic<std::int64_t> now{1200};
  how.wall_clock = [&] { return now.load(); };
  how.longest_lag = 100;
  begin();
  listen();
  notify(json::array({change("current", 5)})); // 1150
  EXPECT_EQ(hears.next(), "c5 f1");
  now = 1300;
  notify(json::array({change("apply", 6)})); // 1180
  EXPECT_EQ(hears.next(), "out-of-sync");
  notify(json::array({change("apply", 9)})); // 1270
  EXPECT_EQ(hears.next(), "none");
  EXPECT_EQ(hears.next(), "c9 f1");
}

TEST(token_file, holds_one_token) {
  test::temp_dir dir;
  auto write = [&](const char* text) {
    std::ofstream{dir / "token"} << text;
    return lotus::read_token_file((dir / "token").string());
  };
  EXPECT_EQ(*write("ey.J-x_9=\n"), "ey.J-x_9=");
  for (auto bad : {"", "\n", "a b", "a\tb"}) {
    auto refused = write(bad);
    ASSERT_FALSE(refused);
    EXPECT_EQ(to_string(refused.error()).find(" b\""), std::string::npos);
  }
  EXPECT_EQ(lotus::read_token_file((dir / "none").string()).error().code, errc::not_found);
}
