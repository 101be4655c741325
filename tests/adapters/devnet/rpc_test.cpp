#include "adapters/http/websocket.hpp"
#include "tests/adapters/devnet/devnet_fixture.hpp"

#include <condition_variable>

namespace weir::devnet {

namespace {

using testing::HasSubstr;

/// A WebSocket whose messages can be waited for.
struct listening_socket {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<json> messages;
  bool closed = false;
  http::websocket_ptr socket;

  json next() {
    std::unique_lock lock{mutex};
    if (!changed.wait_for(lock, std::chrono::seconds{20}, [this] { return !messages.empty(); }))
      return "nothing came";
    auto m = messages.front();
    messages.pop_front();
    return m;
  }
  bool wait_closed() {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, std::chrono::seconds{20}, [this] { return closed; });
  }
};

struct rpc_test : devnet_bench {
  std::vector<std::shared_ptr<listening_socket>> sockets;

  rpc_test() { start(); }
  ~rpc_test() override {
    loop.run([this] { sockets.clear(); });
  }
  http::client_response raw(const std::string& body) { return post(net->rpc_url(), body); }
  json error_of(const std::string& method, const json& params) {
    json request{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "Filecoin." + method}, {"params", params}};
    return json::parse(raw(request.dump()).body).value("error", json{});
  }
  std::shared_ptr<listening_socket> connect() {
    auto s = std::make_shared<listening_socket>();
    auto opened = std::make_shared<std::promise<bool>>();
    http::websocket_events events;
    std::weak_ptr<listening_socket> weak = s;
    events.message = [weak](bool, std::string text) {
      if (auto s = weak.lock()) {
        std::lock_guard lock{s->mutex};
        s->messages.push_back(json::parse(text));
        s->changed.notify_all();
      }
    };
    events.closed = [weak](std::uint16_t, const std::string&) {
      if (auto s = weak.lock()) {
        std::lock_guard lock{s->mutex};
        s->closed = true;
        s->changed.notify_all();
      }
    };
    loop.run([&] {
      http::client_request r;
      r.url = "ws" + net->rpc_url().substr(4);
      http::websocket::connect(*client, r, {}, events, [s, opened](result<http::websocket_ptr> w) {
        if (w)
          s->socket = *w;
        opened->set_value(w.ok());
      });
    });
    EXPECT_TRUE(opened->get_future().get());
    sockets.push_back(s);
    return s;
  }
  void say(const std::shared_ptr<listening_socket>& s, const json& what) {
    loop.run([&] { s->socket->send_text(what.dump()); });
  }
};

TEST_F(rpc_test, a_tipset_has_lotus_shape_and_its_cid_is_that_of_its_block) {
  auto head = rpc("ChainHead", json::array());
  ASSERT_EQ(head["Cids"].size(), 1u);
  auto& block = head["Blocks"][0];
  EXPECT_EQ(block["Height"], head["Height"]);
  for (auto* field : {"Miner", "Ticket", "ElectionProof", "BeaconEntries", "WinPoStProof", "Parents", "ParentWeight",
                      "ParentStateRoot", "ParentMessageReceipts", "Messages", "BLSAggregate", "Timestamp", "BlockSig",
                      "ForkSignaling", "ParentBaseFee"})
    EXPECT_TRUE(block.contains(field)) << field;
  auto height = head["Height"].get<std::int64_t>();
  EXPECT_EQ(block["Timestamp"], 1598306400 + 30 * height);
  EXPECT_EQ(rpc("ChainGetTipSetByHeight", {height, json::array()}), head);
  EXPECT_EQ(rpc("ChainGetTipSetByHeight", {height, nullptr}), head);
  EXPECT_EQ(rpc("ChainGetTipSet", {head["Cids"]}), head);
  EXPECT_EQ(rpc("ChainGetBlock", {head["Cids"][0]}), block);
  EXPECT_LE(rpc("ChainGetFinalizedTipSet", json::array())["Height"].get<std::int64_t>(), height);
  EXPECT_THAT(error_of("ChainGetTipSetByHeight", {height + 1, json::array()})["message"].get<std::string>(),
              HasSubstr("greater than start point"));
}

TEST_F(rpc_test, errors_are_lotus_errors) {
  auto unknown = raw(R"({"jsonrpc":"2.0","id":7,"method":"Filecoin.Nothing","params":[]})");
  EXPECT_EQ(unknown.status, 500);
  EXPECT_EQ(json::parse(unknown.body)["error"]["code"], -32601);
  EXPECT_EQ(json::parse(unknown.body)["id"], 7);
  auto count = error_of("ChainHead", {1});
  EXPECT_EQ(count["code"], -32602);
  EXPECT_EQ(count["message"], "wrong param count (method 'Filecoin.ChainHead'): 1 != 0");
  EXPECT_EQ(raw("{nonsense").status, 500);
  EXPECT_EQ(json::parse(raw("{nonsense").body)["error"]["code"], -32700);
  EXPECT_EQ(raw("{}").status, 400);
  EXPECT_EQ(raw("[]").status, 400);
  auto missing = error_of("StateGetActor", {"f099999", json::array()});
  EXPECT_EQ(missing["code"], 11);
  EXPECT_THAT(missing["message"].get<std::string>(), HasSubstr("actor not found"));
  EXPECT_THAT(error_of("StateMarketStorageDeal", {12345, json::array()})["message"].get<std::string>(),
              HasSubstr("deal 12345 not found - deal may not have completed sealing"));
  EXPECT_THAT(error_of("WalletBalance", {"f1nonsense"})["message"].get<std::string>(), HasSubstr("invalid address"));
  EXPECT_THAT(error_of("ChainNotify", json::array())["message"].get<std::string>(), HasSubstr("no out channel"));
  EXPECT_EQ(error_of("StateMinerInfo", {{1, 2}, {}})["code"], -32700);
}

TEST_F(rpc_test, a_batch_is_answered_as_one) {
  auto answers = json::parse(raw(R"([{"jsonrpc":"2.0","id":1,"method":"Filecoin.StateNetworkName","params":[]},
                                     {"jsonrpc":"2.0","id":2,"method":"Filecoin.Nothing","params":[]},
                                     {"jsonrpc":"2.0","id":3,"method":"Filecoin.StateNetworkVersion","params":[[]]}])")
                                 .body);
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0]["result"], "weir-devnet");
  EXPECT_EQ(answers[1]["error"]["code"], -32601);
  EXPECT_EQ(answers[2]["result"], 28);
}

TEST_F(rpc_test, miners_are_described_as_lotus_does) {
  EXPECT_EQ(rpc("StateListMiners", {json::array()}).size(), 8u);
  auto info = rpc("StateMinerInfo", {"f01000", json::array()});
  EXPECT_EQ(info["SectorSize"], 34359738368);
  EXPECT_EQ(info["Multiaddrs"].size(), 1u);
  EXPECT_EQ(info["NewWorker"], "<empty>");
  EXPECT_THAT(info["PeerId"].get<std::string>(), testing::StartsWith("12D3Koo"));
  EXPECT_TRUE(rpc("StateMinerPower", {"f01000", json::array()})["HasMinPower"]);
  auto worker = rpc("StateAccountKey", {info["Worker"], json::array()});
  EXPECT_EQ(rpc("StateLookupID", {worker, json::array()}), info["Worker"]);
  EXPECT_TRUE(rpc("StateSectorGetInfo", {"f01000", 7, json::array()}).is_null());
  EXPECT_EQ(rpc("StateVerifiedClientStatus", {worker, json::array()}), json{});
  EXPECT_EQ(rpc("StateMarketBalance", {worker, json::array()}), (json{{"Escrow", "0"}, {"Locked", "0"}}));
  EXPECT_EQ(rpc("StateGetNetworkParams", json::array())["BlockDelaySecs"], 30);
  EXPECT_EQ(rpc("Version", json::array())["BlockDelay"], 30);
}

TEST_F(rpc_test, messages_land_and_are_found) {
  ASSERT_TRUE(net->faucet(key.address(), token_amount{1'000'000'000'000'000'000}).ok());
  auto found = send(address::from_id(99), token_amount{5}, 0, {});
  EXPECT_EQ(found["Receipt"]["ExitCode"], 0);
  EXPECT_GT(found["Receipt"]["GasUsed"].get<int>(), 0);
  EXPECT_EQ(found["TipSet"], rpc("ChainGetTipSetByHeight", {found["Height"], json::array()})["Cids"]);
  EXPECT_EQ(rpc("ChainGetMessage", {found["Message"]})["Value"], "5");
  EXPECT_EQ(rpc("StateWaitMsg", {found["Message"], 0, -1, true}), found);
  EXPECT_EQ(rpc("MpoolGetNonce", {filecoin::to_text(key.address())}), 1);
  EXPECT_EQ(rpc("MpoolPending", {json::array()}).size(), 0u);
  EXPECT_EQ(rpc("WalletBalance", {"f1q4lfq4ndghuwprws3pwcvt7obmenyxw3sig2wca"}), "0");
}

TEST_F(rpc_test, the_nodes_wallet_sends_too) {
  auto master = rpc("WalletDefaultAddress", json::array());
  auto id = rpc("MarketAddBalance", {master, master, "1000"});
  go(1);
  EXPECT_EQ(rpc("StateSearchMsg", {json::array(), id, -1, true})["Receipt"]["ExitCode"], 0);
  EXPECT_EQ(rpc("StateMarketBalance", {master, json::array()})["Escrow"], "1000");
  EXPECT_EQ(rpc("WalletHas", {filecoin::to_text(key.address())}), false);
}

TEST_F(rpc_test, heads_are_notified_in_lotus_order) {
  auto s = connect();
  say(s, {{"jsonrpc", "2.0"}, {"id", 5}, {"method", "Filecoin.ChainNotify"}, {"params", json::array()}});
  auto reply = s->next();
  EXPECT_EQ(reply["id"], 5);
  auto channel = reply["result"];
  auto first = s->next();
  EXPECT_EQ(first["method"], "xrpc.ch.val");
  EXPECT_EQ(first["params"][0], channel);
  EXPECT_EQ(first["params"][1].size(), 1u);
  EXPECT_EQ(first["params"][1][0]["Type"], "current");
  go(3);
  std::int64_t height = first["params"][1][0]["Val"]["Height"];
  for (int i = 0; i < 1; ++i) {
    auto v = s->next()["params"][1][0];
    EXPECT_EQ(v["Type"], "apply");
    EXPECT_GT(v["Val"]["Height"].get<std::int64_t>(), height);
    height = v["Val"]["Height"];
  }
  while (height < rpc("ChainHead", json::array())["Height"])
    height = s->next()["params"][1][0]["Val"]["Height"];
  ASSERT_TRUE(net->reorg(1, reverted_messages::return_to_pool).ok());
  auto reorg = s->next()["params"][1];
  ASSERT_EQ(reorg.size(), 2u);
  EXPECT_EQ(reorg[0]["Type"], "revert");
  EXPECT_EQ(reorg[1]["Type"], "apply");
  say(s, {{"jsonrpc", "2.0"}, {"method", "xrpc.cancel"}, {"params", {5}}});
  auto closed = s->next();
  EXPECT_EQ(closed["method"], "xrpc.ch.close");
  EXPECT_EQ(closed["params"][0], channel);
}

TEST_F(rpc_test, market_events_can_be_asked_for_and_subscribed_to) {
  auto s = connect();
  json filter{{"addresses", {"f05"}}, {"fromHeight", 0}};
  say(s, {{"jsonrpc", "2.0"}, {"id", 1}, {"method", "Filecoin.SubscribeActorEventsRaw"}, {"params", {filter}}});
  EXPECT_EQ(s->next()["id"], 1);
  ASSERT_TRUE(net->faucet(key.address(), token_amount{1000} * token_amount{1'000'000'000'000'000'000}).ok());
  send(address::from_id(5), token_amount{1'000'000'000'000'000'000}, 2,
       filecoin::market::encode_add_balance(key.address()));
  ASSERT_EQ(refusal_of(params()), "accepted");
  go(20);
  auto e = s->next()["params"][1];
  EXPECT_EQ(e["emitter"], "f05");
  EXPECT_EQ(e["reverted"], false);
  EXPECT_EQ(e["entries"][0], (json{{"Flags", 3}, {"Key", "$type"}, {"Codec", 81}, {"Value", "bmRlYWwtcHVibGlzaGVk"}}));
  EXPECT_EQ(s->next()["params"][1]["entries"][0]["Value"], "bmRlYWwtYWN0aXZhdGVk");
  filter["fields"] = {{"$type", {{{"codec", 81}, {"value", "bmRlYWwtYWN0aXZhdGVk"}}}}};
  auto found = rpc("GetActorEventsRaw", {filter});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["entries"][1]["Key"], "id");
  EXPECT_EQ(found[0]["entries"][1]["Value"], "AQ==");
}

TEST_F(rpc_test, an_outage_cuts_everything_and_ends) {
  auto s = connect();
  control("/devnet/rpc-outage", {{"on", true}});
  EXPECT_TRUE(s->wait_closed());
  http::client_request r;
  r.verb = "POST";
  r.url = net->rpc_url();
  r.body = R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainHead","params":[]})";
  EXPECT_EQ(fetch(r).error().code, errc::unreachable);
  EXPECT_EQ(get("/devnet/status")["rpcOutage"], true);
  control("/devnet/rpc-outage", {{"on", false}});
  EXPECT_TRUE(fetch(r).ok());
}

TEST_F(rpc_test, out_of_sync_shows_an_old_head_until_it_ends) {
  auto s = connect();
  say(s, {{"jsonrpc", "2.0"}, {"id", 5}, {"method", "Filecoin.ChainNotify"}, {"params", json::array()}});
  s->next();
  s->next();
  auto before = rpc("ChainHead", json::array());
  control("/devnet/out-of-sync", {{"on", true}});
  go(5);
  EXPECT_EQ(rpc("ChainHead", json::array()), before);
  auto sync = rpc("SyncState", json::array())["ActiveSyncs"][0];
  EXPECT_GT(sync["Target"]["Height"].get<int>(), sync["Base"]["Height"].get<int>());
  control("/devnet/out-of-sync", {{"on", false}});
  EXPECT_GT(rpc("ChainHead", json::array())["Height"].get<int>(), before["Height"].get<int>());
  EXPECT_EQ(s->next()["params"][1][0]["Type"], "apply");
}

struct token_test : rpc_test {
  options settings() override {
    auto o = devnet_bench::settings();
    o.token = "let-me-in";
    return o;
  }
};

TEST_F(token_test, a_wrong_token_is_401_with_an_empty_body) {
  start();
  const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainHead","params":[]})";
  auto refused = raw(call);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, "");
  EXPECT_EQ(post(net->rpc_url() + "?token=let-me-in", call).status, 200);
}

} // namespace

} // namespace weir::devnet
