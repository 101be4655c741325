#pragma once
// A running devnet, a client with a wallet, and a piece host, all in the test.
#include "adapters/devnet/devnet.hpp"
#include "adapters/http/client.hpp"
#include "adapters/http/content.hpp"
#include "adapters/http/router.hpp"
#include "adapters/http/server.hpp"
#include "messages/types/base64.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/keys.hpp"
#include "storage/filecoin/market.hpp"
#include "storage/filecoin/mk12.hpp"
#include "storage/pieces/piece_cid.hpp"
#include "tests/support/temp_dir.hpp"

#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace weir::devnet {

using json = nlohmann::json;
namespace mk12 = filecoin::mk12;

struct devnet_bench : testing::Test {
  test::temp_dir dir;
  loop::uv_loop loop{"test"};
  std::unique_ptr<http::client> client;
  std::unique_ptr<http::server> host;
  std::string host_url;
  std::unique_ptr<devnet> net;
  filecoin::secret_key key = *filecoin::secret_key::from_bytes(bytes(32, 42));
  bytes piece;
  std::atomic<int> piece_requests{0};
  std::atomic<int> host_status{0}; ///< answers with this instead

  devnet_bench() {
    loop.start();
    client = std::make_unique<http::client>(loop);
    http::router routes;
    routes.add("GET", "/piece/{cid}", [this](http::exchange_ptr x) { serve(*x); });
    host = std::make_unique<http::server>(loop, http::server_options{}, routes.handler());
    host_url = "http://" + host->listen()->text();
    for (unsigned i = 0; i < 254 * 4 * 1024; ++i)
      piece.push_back(static_cast<std::uint8_t>(i * i >> 7));
  }
  ~devnet_bench() override {
    net.reset();
    client->stop();
    host->stop();
    client.reset();
    host.reset();
    loop.stop();
  }

  void serve(http::exchange& x) {
    ++piece_requests;
    if (host_status != 0)
      return x.respond(http::response::empty(host_status));
    if (x.request().header("Authorization").value_or("") != "Bearer secret")
      return x.respond(http::response::empty(401));
    http::content c;
    c.memory = piece;
    c.size = piece.size();
    http::respond_content(x, std::move(c));
  }

  virtual options settings() {
    options o;
    o.folder = dir.path() / "devnet";
    o.clock.mode = clock_mode::still;
    return o;
  }
  void start() {
    net.reset();
    auto started = devnet::start(settings());
    ASSERT_TRUE(started.ok()) << to_string(started.error());
    net = *std::move(started);
  }
  void start_with_money() {
    start();
    ASSERT_TRUE(net->faucet(key.address(), token_amount{1000} * token_amount{1'000'000'000'000'000'000}).ok());
    send(address::from_id(5), token_amount{1'000'000'000'000'000'000}, 2,
         filecoin::market::encode_add_balance(key.address()));
  }

  result<http::client_response> fetch(http::client_request r) {
    auto promise = std::make_shared<std::promise<result<http::client_response>>>();
    auto future = promise->get_future();
    loop.post(
        [this, r, promise] { client->fetch(r, [promise](auto answer) { promise->set_value(std::move(answer)); }); });
    return future.get();
  }
  http::client_response post(const std::string& url, const std::string& body,
                             const std::string& type = "application/json", const std::string& verb = "POST") {
    http::client_request r;
    r.verb = verb;
    r.url = url;
    r.fields.add("Content-Type", type);
    r.body = body;
    r.timeout = loop::milliseconds{60'000};
    auto answer = fetch(std::move(r));
    EXPECT_TRUE(answer.ok()) << (answer ? "" : to_string(answer.error()));
    return answer ? *answer : http::client_response{};
  }
  json rpc(const std::string& method, json params) {
    json request{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "Filecoin." + method}, {"params", std::move(params)}};
    auto reply = json::parse(post(net->rpc_url(), request.dump()).body);
    EXPECT_TRUE(reply.contains("result")) << method << ": " << reply;
    return reply.value("result", json{});
  }
  json control(const std::string& path, const json& body) {
    return json::parse(post(net->control_url() + path, body.dump()).body);
  }
  json get(const std::string& path) {
    http::client_request r;
    r.url = net->control_url() + path;
    return json::parse(fetch(r)->body);
  }
  /// Signs, sends and waits until it is executed; its receipt.
  json send(const address& to, const token_amount& value, std::uint64_t method, const bytes& params) {
    json m{{"Version", 0},
           {"To", filecoin::to_text(to)},
           {"From", filecoin::to_text(key.address())},
           {"Nonce", 0},
           {"Value", value.decimal()},
           {"GasLimit", 0},
           {"GasFeeCap", "0"},
           {"GasPremium", "0"},
           {"Method", method},
           {"Params", base64_encode(params)}};
    auto gas = rpc("GasEstimateMessageGas", {m, {{"MaxFee", "0"}}, json::array()});
    filecoin::message real;
    real.to = to;
    real.from = key.address();
    real.nonce = rpc("MpoolGetNonce", {filecoin::to_text(key.address())});
    real.value = value;
    real.method = method;
    real.params = params;
    real.gas_limit = gas["GasLimit"];
    real.gas_fee_cap = *token_amount::parse(gas["GasFeeCap"].get<std::string>());
    real.gas_premium = *token_amount::parse(gas["GasPremium"].get<std::string>());
    auto signed_message = filecoin::sign(key, real);
    gas["Nonce"] = real.nonce;
    auto id = rpc("MpoolPush",
                  json::array({{{"Message", gas},
                                {"Signature", {{"Type", 1}, {"Data", base64_encode(signed_message.sig.data)}}}}}));
    EXPECT_EQ(id["/"], filecoin::signed_message_cid(signed_message).text());
    EXPECT_TRUE(net->advance(1).ok());
    return rpc("StateSearchMsg", {json::array(), id, -1, true});
  }

  /// A proposal that provider f01000 would take.
  mk12::deal_params params(std::uint8_t id = 1) {
    auto c = commp_of(piece);
    filecoin::deal_proposal p;
    p.piece = piece_cid_v1(c.root);
    p.padded_size = c.padded_size;
    p.client = key.address();
    p.provider = address::from_id(1000);
    p.label.data = "label " + std::to_string(id);
    p.start = epoch{rpc("ChainHead", json::array())["Height"].get<std::int64_t>() + 2880};
    p.end = p.start + 518400;
    p.price_per_epoch = token_amount{100'000};
    auto bounds = rpc("StateDealProviderCollateralBounds", {p.padded_size, false, json::array()});
    p.provider_collateral = *token_amount::parse(bounds["Min"].get<std::string>());
    mk12::deal_params d;
    d.id.fill(id);
    d.data.size = piece.size();
    d.data.type = "http";
    json transfer{{"URL", host_url + "/piece/" + p.piece.text()}, {"Headers", {{"Authorization", "Bearer secret"}}}};
    d.data.params = to_bytes(as_bytes(transfer.dump()));
    d.payload_root = *cid::parse("bafkqaaa");
    d.proposal = filecoin::sign(key, p);
    return d;
  }
  mk12::deal_params changed(mk12::deal_params d, const std::function<void(filecoin::deal_proposal&)>& f) {
    f(d.proposal.proposal);
    d.proposal = filecoin::sign(key, d.proposal.proposal);
    return d;
  }
  std::string provider_url(std::size_t number = 0) { return get("/devnet/providers")[number]["url"]; }
  http::client_response store(const mk12::deal_params& d) {
    return post(provider_url(d.proposal.proposal.provider.id() - 1000) + "/market/mk12/store",
                std::string{as_text(mk12::encode(d))}, "application/cbor");
  }
  std::string refusal_of(const mk12::deal_params& d) {
    auto r = store(d);
    EXPECT_EQ(r.status, 200);
    auto answer = mk12::decode_deal_response(as_bytes(r.body));
    EXPECT_TRUE(answer.ok());
    return answer && !answer->accepted ? answer->message : answer ? "accepted" : "garbage";
  }
  mk12::status_response status_of(const mk12::uuid& id, std::size_t provider = 0) {
    mk12::status_request q;
    q.id = id;
    q.client_signature = key.sign(id);
    auto r = post(provider_url(provider) + "/market/mk12/status", std::string{as_text(mk12::encode(q))},
                  "application/cbor", "GET");
    auto answer = mk12::decode_status_response(as_bytes(r.body));
    EXPECT_TRUE(answer.ok());
    return answer ? *answer : mk12::status_response{};
  }
  json chain_deal(std::uint64_t id) {
    return rpc("StateMarketDeals", {json::array()}).value(std::to_string(id), json{});
  }
  std::size_t deals_in(const std::string& step, std::size_t provider = 0) {
    return get("/devnet/providers")[provider]["deals"].value(step, std::size_t{0});
  }
  void go(epoch_delta epochs) {
    auto r = net->advance(epochs);
    EXPECT_TRUE(r.ok()) << (r ? "" : to_string(r.error()));
  }
};

} // namespace weir::devnet
