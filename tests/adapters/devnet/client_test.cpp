// Weir's own clients of chain, deals and pieces against the devnet: both ends
// of every wire.
#include "adapters/chain/lotus_chain.hpp"
#include "adapters/deals/mk12_http.hpp"
#include "adapters/retrieval/fetcher.hpp"
#include "storage/filecoin/multiaddr.hpp"
#include "tests/adapters/devnet/devnet_fixture.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <condition_variable>
#include <optional>

namespace weir::devnet {

namespace {

/// Keeps what a chain listener is told.
struct heard {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<head_change> changes;

  void wait_for(const std::function<bool(const std::vector<head_change>&)>& what) {
    std::unique_lock lock{mutex};
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds{20}, [&] { return what(changes); }));
  }
};

chain_listener::behavior_type listener(chain_listener::pointer, std::shared_ptr<heard> h) {
  return {
      [h](const head_changes& c) {
        std::lock_guard lock{h->mutex};
        h->changes.insert(h->changes.end(), c.changes.begin(), c.changes.end());
        h->changed.notify_all();
      },
      [](const chain_health&) {},
  };
}

struct client_test : devnet_bench {
  client_test() {
    start_with_money();
    host_ = std::make_unique<loop::host>(system, loop);
    chain = *lotus::spawn_lotus_chain(*host_, loop, *client, {.url = net->rpc_url()});
    carrier = deals::spawn_mk12_http(*host_, *client);
    fetcher = retrieval::spawn_fetcher(*host_, loop, *client);
  }
  ~client_test() override {
    chain = nullptr;
    carrier = nullptr;
    fetcher = nullptr;
    host_->shutdown();
    net.reset();
    client->stop();
    host_.reset();
  }
  template <class T, class Actor, class... Xs>
  result<T> ask(const Actor& whom, Xs... what) {
    caf::scoped_actor self{system};
    std::optional<result<T>> out;
    self->request(whom, std::chrono::seconds{20}, std::move(what)...)
        .receive([&](T& answer) { out.emplace(std::move(answer)); }, [&](caf::error& e) { out.emplace(from_caf(e)); });
    return *std::move(out);
  }
  deal record_of(const mk12::deal_params& p) {
    auto& x = p.proposal.proposal;
    deal d;
    d.uuid = deal_uuid{mk12::to_text(p.id)};
    d.piece = x.piece;
    d.padded_size = x.padded_size;
    d.client = x.client;
    d.provider = x.provider;
    d.label = x.label.data;
    d.start = x.start;
    d.end = x.end;
    d.price_per_epoch = x.price_per_epoch;
    d.provider_collateral = x.provider_collateral;
    return d;
  }
  bytes signature_of(bytes_view data) { return filecoin::signature_bytes(key.sign(data)); }

  caf::actor_system_config config;
  caf::actor_system system{config};
  std::unique_ptr<loop::host> host_;
  chain_actor chain;
  deal_carrier_actor carrier;
  fetcher_actor fetcher;
};

TEST_F(client_test, a_deal_through_our_own_clients) {
  auto info = ask<chain_info>(chain, chain::get_info{});
  ASSERT_TRUE(info.ok()) << to_string(info.error());
  EXPECT_EQ(info->network, "weir-devnet");
  auto miners = ask<std::vector<address>>(chain, chain::list_miners{});
  ASSERT_TRUE(miners.ok());
  ASSERT_EQ(miners->size(), 8u);
  auto miner = ask<miner_info>(chain, chain::get_miner{(*miners)[0]});
  ASSERT_TRUE(miner.ok()) << to_string(miner.error());
  provider_endpoint at{miner->miner, {filecoin::multiaddr::from_bytes(miner->multiaddrs[0])->text()}};
  auto price = ask<storage_ask>(carrier, get_ask{at});
  ASSERT_TRUE(price.ok()) << to_string(price.error());
  EXPECT_EQ(price->price, token_amount{50'000'000});

  auto p = params();
  proposal_parcel parcel{at,
                         record_of(p),
                         filecoin::signature_bytes(p.proposal.client_signature),
                         p.payload_root,
                         host_url + "/piece/" + p.proposal.proposal.piece.text(),
                         "secret",
                         piece.size()};
  auto before = ask<provider_deal_status>(carrier, get_deal_status{at, parcel.record, signature_of(p.id)});
  ASSERT_TRUE(before.ok()) << to_string(before.error());
  EXPECT_FALSE(before->known);
  auto answer = ask<proposal_answer>(carrier, parcel);
  ASSERT_TRUE(answer.ok()) << to_string(answer.error());
  EXPECT_TRUE(answer->accepted) << answer->message;
  auto again = ask<proposal_answer>(carrier, parcel);
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->accepted);
  EXPECT_TRUE(ask<provider_deal_status>(carrier, get_deal_status{at, parcel.record, signature_of(p.id)})->known);
  go(20);

  auto head = ask<tipset>(chain, chain::get_head{});
  auto events = ask<std::vector<market_event>>(chain, chain::get_market_events{epoch{0}, head->height});
  ASSERT_TRUE(events.ok()) << to_string(events.error());
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ((*events)[0].what, market_event::kind::published);
  EXPECT_EQ((*events)[1].what, market_event::kind::activated);
  EXPECT_EQ((*events)[0].id, deal_id{1});
  EXPECT_EQ((*events)[0].provider, 1000u);
  auto d = ask<weir::chain_deal>(chain, chain::get_deal{deal_id{1}});
  ASSERT_TRUE(d.ok()) << to_string(d.error());
  EXPECT_EQ(d->piece, parcel.record.piece);
  EXPECT_GE(d->sector_start, epoch{0});
  EXPECT_EQ(ask<weir::chain_deal>(chain, chain::get_deal{deal_id{9}}).error().code, errc::not_found);
  EXPECT_EQ(ask<provider_deal_status>(carrier, get_deal_status{at, parcel.record, signature_of(p.id)})->id, deal_id{1});

  auto back = ask<chunk>(fetcher, fetch_range{at, d->piece, 77, 1000});
  ASSERT_TRUE(back.ok()) << to_string(back.error());
  EXPECT_EQ(**back, bytes(piece.begin() + 77, piece.begin() + 1077));
}

TEST_F(client_test, heads_and_reorgs_are_heard) {
  auto h = std::make_shared<heard>();
  auto ear = system.spawn(listener, h);
  ASSERT_TRUE(ask<nothing>(chain, atom::subscribe_v, ear).ok());
  h->wait_for([](auto& all) { return !all.empty(); });
  go(3);
  auto head = ask<tipset>(chain, chain::get_head{});
  h->wait_for([&](auto& all) { return all.back().at.cids == head->cids; });
  ASSERT_TRUE(net->reorg(1, reverted_messages::return_to_pool).ok());
  h->wait_for([&](auto& all) { return all.back().at.height == head->height && all.back().at.cids != head->cids; });
  std::lock_guard lock{h->mutex};
  EXPECT_EQ(h->changes.front().what, head_change::kind::current);
  EXPECT_EQ(h->changes[h->changes.size() - 2].what, head_change::kind::revert);
}

TEST_F(client_test, lost_and_refused_answers_have_their_codes) {
  provider_endpoint at{address::from_id(1000), {"/ip4/127.0.0.1/tcp/" + provider_url().substr(17) + "/http"}};
  auto p = params();
  proposal_parcel parcel{at,
                         record_of(p),
                         filecoin::signature_bytes(p.proposal.client_signature),
                         p.payload_root,
                         host_url + "/piece/x",
                         "secret",
                         piece.size()};
  auto with = [&](const char* k, const char* v) { ASSERT_TRUE(net->set_provider(at.provider, {{k, v}}).ok()); };
  with("answer", "garbage");
  with("refuse", "no");
  EXPECT_EQ(ask<proposal_answer>(carrier, parcel).error().code, errc::outcome_unknown);
  with("answer", "flood");
  EXPECT_EQ(ask<proposal_answer>(carrier, parcel).error().code, errc::outcome_unknown);
  with("answer", "normal");
  EXPECT_EQ(ask<proposal_answer>(carrier, parcel)->message, "no");
  with("refuse", "off");
  with("lose-answer", "on");
  EXPECT_EQ(ask<proposal_answer>(carrier, parcel).error().code, errc::outcome_unknown);
  EXPECT_TRUE(ask<provider_deal_status>(carrier, get_deal_status{at, parcel.record, signature_of(p.id)})->known);
  with("short-retrieval", "on");
  go(20);
  EXPECT_FALSE(ask<chunk>(fetcher, fetch_range{at, parcel.record.piece, 0, 1000}).ok());
}

} // namespace

} // namespace weir::devnet
