// The production chain client and deal carrier against the devnet.
#include "adapters/chain/lotus_chain.hpp"
#include "adapters/deals/mk12_http.hpp"
#include "adapters/deals/mk12_messages.hpp"
#include "adapters/loop/hosted.hpp"
#include "storage/filecoin/multiaddr.hpp"
#include "tests/adapters/chain/ear.hpp"
#include "tests/adapters/devnet/devnet_fixture.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

namespace weir::devnet {

namespace {

struct with_devnet : devnet_bench {
  with_devnet() {
    start_with_money();
    chain = *lotus::spawn_lotus_chain(actors, loop, *client, {.url = net->rpc_url()});
    carrier = deals::spawn_mk12_http(actors, *client);
  }
  ~with_devnet() override {
    caf::anon_send_exit(listener, caf::exit_reason::user_shutdown);
    actors.shutdown();
  }
  template <class T, class Actor, class... Xs>
  result<T> ask(const Actor& whom, Xs... what) {
    caf::scoped_actor self{system};
    std::optional<result<T>> out;
    self->request(whom, std::chrono::seconds{20}, std::move(what)...)
        .receive([&](T& answer) { out.emplace(std::move(answer)); }, [&](caf::error& e) { out.emplace(from_caf(e)); });
    return *std::move(out);
  }
  provider_endpoint provider_at(const address& id) {
    provider_endpoint out{id, {}};
    auto info = ask<miner_info>(chain, weir::chain::get_miner{id});
    EXPECT_TRUE(info) << to_string(info.error());
    for (auto& a : info->multiaddrs)
      out.multiaddrs.push_back(filecoin::multiaddr::from_bytes(a)->text());
    return out;
  }
  deal record_of(const provider_endpoint& to, const commitment& made, const storage_ask& price) {
    auto head = ask<tipset>(chain, weir::chain::get_head{})->height;
    deal d;
    d.uuid = deal_uuid{"00112233-4455-6677-8899-aabbccddeeff"};
    d.piece = piece_cid_v1(made.root);
    d.padded_size = made.padded_size;
    d.client = key.address();
    d.provider = to.provider;
    d.label = "label";
    d.start = head + 8640;
    d.end = d.start + 518400;
    d.price_per_epoch = price.price; // for a whole GiB: more than enough
    d.provider_collateral =
        (ask<collateral_bounds>(chain, weir::chain::get_collateral{d.padded_size, false})->min * token_amount{6})
            .divided_by(5);
    return d;
  }

  caf::actor_system_config config;
  caf::actor_system system{config};
  loop::host actors{system, loop};
  chain_actor chain;
  deal_carrier_actor carrier;
  chain_listener listener;
  test::ear hears;
};

TEST_F(with_devnet, the_chain_and_its_heads) {
  auto info = ask<chain_info>(chain, weir::chain::get_info{});
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->network, "weir-devnet");
  EXPECT_EQ(info->genesis_time, 1598306400);
  EXPECT_EQ(ask<std::vector<address>>(chain, weir::chain::list_miners{})->size(), 8u);
  auto head = ask<tipset>(chain, weir::chain::get_head{})->height;
  listener = system.spawn(test::listening, &hears);
  ASSERT_TRUE(ask<nothing>(chain, atom::subscribe_v, listener));
  EXPECT_TRUE(hears.next().starts_with("c" + std::to_string(head.value)));
  ASSERT_TRUE(net->advance(1));
  EXPECT_TRUE(hears.next().starts_with("a" + std::to_string(head.value + 1)));
  ASSERT_TRUE(net->reorg(1, reverted_messages::return_to_pool));
  EXPECT_TRUE(hears.next().starts_with("r" + std::to_string(head.value + 1)));
}

TEST_F(with_devnet, escrow_grows_by_a_message_of_ours) {
  auto before = ask<market_balance>(chain, weir::chain::get_market_balance{key.address()})->escrow;
  chain_call call{.from = key.address(),
                  .to = address::from_id(filecoin::market::actor_id),
                  .value = token_amount{7},
                  .method = filecoin::market::add_balance,
                  .params = filecoin::market::encode_add_balance(key.address())};
  call.nonce = *ask<std::uint64_t>(chain, weir::chain::get_nonce{key.address()});
  auto priced = ask<chain_call>(chain, weir::chain::estimate_gas{call});
  ASSERT_TRUE(priced) << to_string(priced.error());
  auto made = sign(key, filecoin::message{0, priced->to, priced->from, priced->nonce, priced->value, priced->gas_limit,
                                          priced->gas_fee_cap, priced->gas_premium, priced->method, priced->params});
  auto id = ask<cid>(chain, weir::chain::push_message{encode(made)});
  ASSERT_TRUE(id) << to_string(id.error());
  EXPECT_EQ(*id, signed_message_cid(made));
  EXPECT_FALSE(*ask<std::optional<message_receipt>>(chain, weir::chain::search_message{*id})) << "not landed yet";
  ASSERT_TRUE(net->advance(1));
  auto receipt = ask<std::optional<message_receipt>>(chain, weir::chain::search_message{*id});
  ASSERT_TRUE(receipt && *receipt);
  EXPECT_EQ((*receipt)->exit_code, 0);
  EXPECT_EQ(ask<market_balance>(chain, weir::chain::get_market_balance{key.address()})->escrow,
            before + token_amount{7});
}

TEST_F(with_devnet, a_deal_over_the_wire) {
  auto there = provider_at(address::from_id(1000));
  auto price = ask<storage_ask>(carrier, get_ask{there});
  ASSERT_TRUE(price) << to_string(price.error());
  auto made = commp_of(piece);
  proposal_parcel parcel;
  parcel.to = there;
  parcel.record = record_of(there, made, *price);
  parcel.signature = signature_bytes(sign(key, deals::proposal_of(parcel.record)).client_signature);
  parcel.payload_root = *cid::parse("bafkqaaa");
  parcel.transfer_url = host_url + "/piece/" + parcel.record.piece.text();
  parcel.transfer_token = "secret";
  parcel.transfer_size = piece.size();
  auto answer = ask<proposal_answer>(carrier, parcel);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_TRUE(answer->accepted) << answer->message;
  ASSERT_TRUE(net->advance(30));
  get_deal_status question{there, parcel.record,
                           signature_bytes(key.sign(*mk12::parse_uuid(parcel.record.uuid.value)))};
  auto status = ask<provider_deal_status>(carrier, question);
  ASSERT_TRUE(status && status->known) << (status ? "" : to_string(status.error()));
  EXPECT_FALSE(status->failed) << status->message;
  auto on_chain = ask<weir::chain_deal>(chain, weir::chain::get_deal{status->id});
  ASSERT_TRUE(on_chain) << to_string(on_chain.error());
  EXPECT_EQ(on_chain->piece, parcel.record.piece);
  EXPECT_EQ(on_chain->client, *ask<address>(chain, weir::chain::lookup_id{key.address()}));
  EXPECT_GE(on_chain->sector_start.value, 0);
  auto events = ask<std::vector<market_event>>(
      chain, weir::chain::get_market_events{epoch{0}, ask<tipset>(chain, weir::chain::get_head{})->height});
  ASSERT_TRUE(events) << to_string(events.error());
  ASSERT_GE(events->size(), 2u);
  EXPECT_EQ(events->at(0).what, market_event::kind::published);
  EXPECT_EQ(events->at(0).id, status->id);
}

} // namespace

} // namespace weir::devnet
