// Shapes of filecoin.md 4: what Lotus gets, and what it answers.
#include "adapters/chain/lotus_calls.hpp"

#include "messages/types/base64.hpp"
#include "tests/storage/filecoin/samples.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace weir;
using namespace weir::lotus;
namespace sample = filecoin::sample;

namespace {

json parse(const char* text) {
  return json::parse(text);
}

const auto client = *filecoin::parse_address("f1q4lfq4ndghuwprws3pwcvt7obmenyxw3sig2wca");
constexpr auto message_cid_text = "bafy2bzaceavrcg4frn7a75tx7eu6xswcuce2by37icsaaviydf4wwrcqc5mhg";

constexpr auto tipset_text =
    R"({"Cids":[{"/":"bafy2bzaceavrcg4frn7a75tx7eu6xswcuce2by37icsaaviydf4wwrcqc5mhg"}],"Blocks":[{"Miner":"f01000",
        "Ticket":{"VRFProof":"AAAA"},"BeaconEntries":null,"Height":6000000,"Timestamp":1778306400,"ParentBaseFee":"100"}],
        "Height":6000000})";

constexpr auto miner_text =
    R"({"Owner":"f0100","Worker":"f0101","NewWorker":"\u003cempty\u003e","ControlAddresses":[],"WorkerChangeEpoch":-1,
        "PeerId":"12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq","Multiaddrs":["BH8AAAEGXcE="],
        "WindowPoStProofType":8,"SectorSize":34359738368,"PendingOwnerAddress":null})";

constexpr auto deal_text =
    R"({"Proposal":{"PieceCID":{"/":"baga6ea4seaqes3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi"},"PieceSize":512,
        "VerifiedDeal":false,"Client":"f01234","Provider":"f01000","Label":"bafy","StartEpoch":6000000,
        "EndEpoch":6518400,"StoragePricePerEpoch":"5","ProviderCollateral":"0","ClientCollateral":"0"},
        "State":{"SectorNumber":7,"SectorStartEpoch":5999000,"LastUpdatedEpoch":-1,"SlashEpoch":-1}})";

TEST(lotus_calls, parameters_are_counted_by_lotus_and_so_by_us) {
  auto miner = address::from_id(1000);
  auto expect = [](const rpc_call& c, const char* method, const char* params) {
    EXPECT_EQ(c.method, method);
    EXPECT_EQ(c.params, params) << method;
  };
  expect(call_of(chain::get_head{}), "ChainHead", "[]");
  expect(call_of(chain::get_finalized{}), "ChainGetFinalizedTipSet", "[]");
  expect(call_of(chain::list_miners{}), "StateListMiners", "[[]]");
  expect(call_of(chain::get_miner{miner}), "StateMinerInfo", R"(["f01000",[]])");
  expect(call_of(chain::get_power{miner}), "StateMinerPower", R"(["f01000",[]])");
  expect(call_of(chain::get_sectors{miner}), "StateMinerSectorCount", R"(["f01000",[]])");
  expect(call_of(chain::get_balance{miner}), "WalletBalance", R"(["f01000"])");
  expect(call_of(chain::get_market_balance{miner}), "StateMarketBalance", R"(["f01000",[]])");
  expect(call_of(chain::lookup_id{miner}), "StateLookupID", R"(["f01000",[]])");
  expect(call_of(chain::get_deal{deal_id{12345}}), "StateMarketStorageDeal", "[12345,[]]");
  expect(call_of(chain::get_collateral{34359738368, false}), "StateDealProviderCollateralBounds",
         "[34359738368,false,[]]");
  expect(call_of(chain::get_nonce{miner}), "MpoolGetNonce", R"(["f01000"])");
  expect(network_version_call(), "StateNetworkVersion", "[[]]");
  expect(call_of(chain::search_message{*cid::parse(message_cid_text)}), "StateSearchMsg",
         R"([[],{"/":"bafy2bzaceavrcg4frn7a75tx7eu6xswcuce2by37icsaaviydf4wwrcqc5mhg"},-1,true])");
}

TEST(lotus_calls, messages_are_pushed_as_they_were_signed) {
  auto made = sign(sample::key(), sample::add_balance());
  auto call = call_of(chain::push_message{encode(made)});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "MpoolPush");
  EXPECT_EQ(call->kind, call_kind::push);
  auto message = json::parse(call->params)[0]["Message"];
  EXPECT_EQ(message["To"], "f05");
  EXPECT_EQ(message["From"], filecoin::to_text(client));
  EXPECT_EQ(message["Value"], "1000000000000000000");
  EXPECT_EQ(message["Nonce"], 7);
  EXPECT_EQ(message["Method"], 2);
  EXPECT_EQ(message["Params"], "VQGHFlhxozHpZ8bS2+wqz+4LCNxe2w==");
  EXPECT_EQ(json::parse(call->params)[0]["Signature"]["Type"], 1);
  EXPECT_FALSE(call_of(chain::push_message{{1, 2, 3}}));
}

TEST(lotus_calls, gas_is_estimated_for_the_message_and_kept) {
  chain_call asked{client, address::from_id(5), token_amount{7}, 3, 2, {}, 0, {}, {}};
  auto params = json::parse(call_of(chain::estimate_gas{asked}).params);
  EXPECT_EQ(params.size(), 3u);
  EXPECT_EQ(params[0]["Params"], nullptr);
  EXPECT_EQ(params[1]["MaxFee"], "0");
  auto made =
      decoding([&] { return read_estimate(parse(R"({"GasLimit":5,"GasFeeCap":"6","GasPremium":"7"})"), asked); });
  EXPECT_EQ(made->gas_limit, 5);
  EXPECT_EQ(made->gas_fee_cap, token_amount{6});
  EXPECT_EQ(made->nonce, 3u);
  EXPECT_FALSE(
      decoding([&] { return read_estimate(parse(R"({"GasLimit":0,"GasFeeCap":"6","GasPremium":"7"})"), asked); }));
}

TEST(lotus_calls, tipsets_and_head_changes) {
  auto t = decoding([] { return read_tipset(parse(tipset_text)); });
  ASSERT_TRUE(t) << to_string(t.error());
  EXPECT_EQ(t->height, epoch{6000000});
  EXPECT_EQ(t->timestamp, 1778306400);
  EXPECT_EQ(t->cids.at(0).text(), message_cid_text);
  auto list = json::array();
  for (auto type : {"current", "revert", "apply"})
    list.push_back({{"Type", type}, {"Val", parse(tipset_text)}});
  auto changes = decoding([&] { return read_head_changes(list); });
  ASSERT_EQ(changes->size(), 3u);
  EXPECT_EQ(changes->at(1).what, head_change::kind::revert);
  list[0]["Type"] = "guess";
  EXPECT_EQ(decoding([&] { return read_head_changes(list); }).error().code, errc::protocol);
}

TEST(lotus_calls, miners_with_and_without_addresses) {
  auto m = decoding([] { return read_miner_info(parse(miner_text), address::from_id(1000)); });
  ASSERT_TRUE(m) << to_string(m.error());
  EXPECT_EQ(m->worker, address::from_id(101));
  EXPECT_EQ(to_hex(m->multiaddrs.at(0)), "047f000001065dc1");
  EXPECT_EQ(m->sector_size, 34359738368u);
  auto bare = parse(miner_text);
  bare["PeerId"] = bare["Multiaddrs"] = nullptr;
  m = decoding([&] { return read_miner_info(bare, address::from_id(1000)); });
  EXPECT_TRUE(m->multiaddrs.empty() && m->peer_id.empty());
}

TEST(lotus_calls, deals_published_and_active) {
  auto d = decoding([] { return read_deal(parse(deal_text), deal_id{12345}); });
  ASSERT_TRUE(d) << to_string(d.error());
  EXPECT_EQ(d->id, deal_id{12345});
  EXPECT_EQ(d->client, address::from_id(1234));
  EXPECT_EQ(d->sector, 7u);
  EXPECT_EQ(d->sector_start, epoch{5999000});
  EXPECT_EQ(d->price_per_epoch, token_amount{5});
}

TEST(lotus_calls, receipts_and_what_has_not_landed) {
  EXPECT_FALSE(*decoding([] { return read_receipt(json{}); }));
  auto r = decoding([] {
    return read_receipt(parse(
        R"({"Message":{"/":"bafy2bzaceavrcg4frn7a75tx7eu6xswcuce2by37icsaaviydf4wwrcqc5mhg"},
            "Receipt":{"ExitCode":0,"Return":"goEZMDlBDA==","GasUsed":123,"EventsRoot":null},"ReturnDec":null,
            "TipSet":[],"Height":6000001})"));
  });
  ASSERT_TRUE(r && *r);
  EXPECT_EQ(to_hex((*r)->returned), "8281193039410c");
  EXPECT_EQ((*r)->height, epoch{6000001});
}

std::string cbor_of(std::function<void(filecoin::cbor_writer&)> write) {
  filecoin::cbor_writer out;
  write(out);
  return base64_encode(out.take());
}

TEST(lotus_calls, market_events) {
  auto call = call_of(chain::get_market_events{epoch{1}, epoch{9}});
  auto filter = json::parse(call.params)[0];
  EXPECT_EQ(filter["fromHeight"], 1);
  EXPECT_EQ(filter["addresses"], json::array({"f05"}));
  EXPECT_EQ(filter["fields"]["$type"][0]["value"], cbor_of([](auto& w) { w.text("deal-published"); }));
  auto entry = [](const char* key, const std::string& value) {
    return json{{"Flags", 3}, {"Key", key}, {"Codec", 81}, {"Value", value}};
  };
  json event{
      {"entries",
       {entry("$type", cbor_of([](auto& w) { w.text("deal-activated"); })),
        entry("id", cbor_of([](auto& w) { w.uint(42); })), entry("client", cbor_of([](auto& w) { w.uint(1234); })),
        entry("provider", cbor_of([](auto& w) { w.uint(1000); })), entry("extra", "////")}},
      {"emitter", "f05"},
      {"reverted", false},
      {"height", 8},
      {"msgCid", {{"/", message_cid_text}}}};
  auto reverted = event;
  reverted["reverted"] = true;
  auto events = decoding([&] { return read_market_events(json::array({event, reverted})); });
  ASSERT_TRUE(events) << to_string(events.error());
  ASSERT_EQ(events->size(), 1u);
  EXPECT_EQ(events->at(0).what, market_event::kind::activated);
  EXPECT_EQ(events->at(0).id, deal_id{42});
  EXPECT_EQ(events->at(0).client, 1234u);
  EXPECT_TRUE(decoding([] { return read_market_events(json{}); })->empty());
}

TEST(lotus_calls, answers_of_other_shapes_are_refused) {
  for (auto bad : {"null", "1", "\"x\"", "[]", "{}", R"({"Height":1})", R"({"Height":-1,"Cids":[],"Blocks":[]})",
                   R"({"Height":1.5,"Cids":[],"Blocks":[]})", R"({"Height":"1","Cids":[],"Blocks":[]})"})
    EXPECT_EQ(decoding([&] { return read_tipset(parse(bad)); }).error().code, errc::protocol) << bad;
  for (auto member : {"Client", "PieceSize", "StoragePricePerEpoch", "PieceCID", "StartEpoch"}) {
    auto broken = parse(deal_text);
    broken["Proposal"][member] = json::array();
    EXPECT_FALSE(decoding([&] { return read_deal(broken, {}); })) << member;
    broken["Proposal"].erase(member);
    EXPECT_FALSE(decoding([&] { return read_deal(broken, {}); })) << member;
  }
  for (auto bad : {"\"AAA\"", "\"A===\"", "\"AA-A\"", "7", "\"AB==\""})
    EXPECT_FALSE(decoding([&] { return read_base64(parse(bad)); })) << bad;
}

TEST(rpc_envelope, requests_and_answers) {
  EXPECT_EQ(request_text(1, call_of(chain::get_head{})),
            R"({"jsonrpc":"2.0","method":"Filecoin.ChainHead","params":[],"id":1})");
  EXPECT_EQ(**parse_answer(R"({"jsonrpc":"2.0","result":7,"id":1})", 1), json(7));
  EXPECT_TRUE((*parse_answer(R"({"jsonrpc":"2.0","id":1})", 1))->is_null());
  for (auto bad : {"", "nonsense", "[]", "7", R"({"jsonrpc":"2.0","result":7})", R"({"result":7,"id":2})",
                   R"({"error":{"code":"x","message":"y"},"id":1})", R"({"error":7,"id":1})"})
    EXPECT_EQ(parse_answer(bad, 1).error().code, errc::protocol) << bad;
}

TEST(rpc_envelope, errors_of_the_node) {
  auto code = [](const char* text) { return parse_answer(text, 1).error().code; };
  EXPECT_EQ(code(R"({"id":1,"error":{"code":11,"message":"load actor: whatever"}})"), errc::not_found);
  EXPECT_EQ(code(R"({"id":1,"error":{"code":1,"message":"resolution failed: actor not found"}})"), errc::not_found);
  EXPECT_EQ(code(R"({"id":1,"error":{"code":1,"message":"deal 5 not found - deal may not have completed sealing"}})"),
            errc::not_found);
  EXPECT_EQ(
      code(R"x({"id":1,"error":{"code":1,"message":"missing permission to invoke 'MpoolPush' (need 'write')"}})x"),
      errc::chain_error);
  auto e = parse_answer(R"({"id":1,"error":{"code":-32601,"message":"method\u0007 not found"}})", 1).error();
  EXPECT_EQ(e.code, errc::chain_error);
  EXPECT_EQ(e.message.find('\a'), std::string::npos);
}

TEST(rpc_envelope, messages_on_a_websocket) {
  auto value = parse_incoming(R"({"jsonrpc":"2.0","method":"xrpc.ch.val","params":[7,[1]]})");
  EXPECT_EQ(value->what, incoming::kind::value);
  EXPECT_EQ(value->id, 7u);
  EXPECT_EQ(*value->body, json::array({1}));
  EXPECT_EQ(parse_incoming(R"({"method":"xrpc.ch.close","params":[7]})")->what, incoming::kind::closed);
  EXPECT_EQ(parse_incoming(R"({"jsonrpc":"2.0","result":7,"id":1})")->what, incoming::kind::answer);
  EXPECT_EQ(parse_incoming(R"({"id":1,"error":{"code":1,"message":"no"}})")->problem->code, errc::chain_error);
  EXPECT_EQ(parse_incoming(R"({"method":"xrpc.future","params":[7]})")->what, incoming::kind::other);
  for (auto bad : {"", "[]", "{}", R"({"method":"xrpc.ch.val","params":[]})", R"({"method":7,"params":[1]})"})
    EXPECT_EQ(parse_incoming(bad).error().code, errc::protocol) << bad;
}

} // namespace
