#include "storage/filecoin/rle_plus.hpp"
#include "tests/adapters/devnet/chain_fixture.hpp"

#include <gmock/gmock.h>

namespace weir::devnet {

namespace {

using types = std::vector<std::string>;

TEST(chain_state, transfers_make_accounts_and_cost_gas) {
  chain_bench b;
  auto stranger = test_key(9);
  auto before = b.chain.state().find_account(b.client.address())->balance;
  auto id = b.send(b.client, stranger.address(), fil(3));
  EXPECT_FALSE(b.chain.find(id));
  b.step();
  auto done = b.receipt_of(id);
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_GT(done.gas_used, 0);
  EXPECT_EQ(b.chain.state().find_account(stranger.address())->balance, fil(3));
  EXPECT_LT(b.chain.state().find_account(b.client.address())->balance, before - fil(3));
  EXPECT_EQ(b.chain.state().find_account(b.client.address())->nonce, 1u);
}

TEST(chain_state, the_pool_refuses_with_lotus_words) {
  chain_bench b;
  auto words = [&](filecoin::signed_message m) {
    auto r = b.chain.push(std::move(m));
    return r ? std::string{"accepted"} : r.error().message;
  };
  auto m = b.make(b.client, address::from_id(99), fil(1));
  auto forged = m;
  forged.msg.value = fil(2);
  EXPECT_THAT(words(forged), testing::HasSubstr("signature verification failed"));
  EXPECT_EQ(words(m), "accepted");
  EXPECT_THAT(words(m), testing::HasSubstr("already in mpool"));
  auto other = filecoin::sign(b.client, [&] {
    auto x = m.msg;
    x.value = fil(2);
    return x;
  }());
  EXPECT_THAT(words(other), testing::HasSubstr("too low GasPremium"));
  b.step();
  EXPECT_THAT(words(other), testing::HasSubstr("message nonce too low"));
  EXPECT_THAT(words(b.make(b.client, address::from_id(99), fil(5000))), testing::HasSubstr("not enough funds"));
  EXPECT_THAT(words(b.make(test_key(9), address::from_id(99), fil(1))), testing::HasSubstr("actor not found"));
}

TEST(chain_state, a_nonce_gap_waits) {
  chain_bench b;
  auto m = b.make(b.client, address::from_id(99), fil(1)).msg;
  m.nonce = 1;
  auto late = *b.chain.push(filecoin::sign(b.client, m));
  b.step();
  EXPECT_FALSE(b.chain.find(late));
  EXPECT_EQ(b.chain.pool().next_nonce(b.chain.state(), b.client.address()), 0u);
  m.nonce = 0;
  ASSERT_TRUE(b.chain.push(filecoin::sign(b.client, m)).ok());
  EXPECT_EQ(b.chain.pool().next_nonce(b.chain.state(), b.client.address()), 2u);
  b.step();
  EXPECT_TRUE(b.chain.find(late));
}

TEST(chain_state, a_deal_from_publishing_to_its_end) {
  chain_bench b;
  auto id = b.published_deal();
  EXPECT_EQ(id, deal_id{1});
  EXPECT_EQ(b.event_types(), types{"deal-published"});
  auto& d = *b.chain.state().deals.find(1);
  EXPECT_FALSE(d.active());
  EXPECT_EQ(d.proposal.client.kind(), address::protocol::id);
  auto locked = token_amount{1000 * 1000};
  EXPECT_EQ(b.chain.state().escrow_of(d.client).locked, locked);
  auto activation = b.activate(id);
  b.step();
  EXPECT_EQ(b.receipt_of(activation).exit_code, 0);
  EXPECT_EQ(b.event_types(), (types{"deal-activated", "sector-activated"}));
  EXPECT_TRUE(b.chain.state().deals.find(1)->active());
  EXPECT_EQ(b.chain.state().deals.find(1)->sector, 0u);
  // At its end the provider settles, is paid, and the deal goes.
  b.chain.advance(b.chain.state().deals.find(1)->proposal.end);
  EXPECT_TRUE(b.chain.state().deals.find(1));
  filecoin::cbor_writer ids;

  ids.byte_string(filecoin::encode_rle_plus({1}));
  auto client = d.client;
  auto settled = b.send(b.worker_a, address::from_id(5), {}, method::settle_payments, ids.take());
  b.step();
  EXPECT_EQ(b.receipt_of(settled).exit_code, 0);
  EXPECT_EQ(b.event_types(), types{"deal-completed"});
  EXPECT_FALSE(b.chain.state().deals.find(1));
  EXPECT_EQ(b.chain.state().escrow_of(client).locked, token_amount{});
  EXPECT_EQ(b.chain.state().escrow_of(client).escrow, fil(10) - locked);
  EXPECT_EQ(b.chain.state().escrow_of(1000).escrow, fil(10) + locked);
  EXPECT_EQ(b.chain.state().escrow_of(1000).locked, token_amount{});
}

TEST(chain_state, invalid_deals_of_a_message_are_left_out) {
  chain_bench b;
  b.add_escrow(b.client, b.client.address(), fil(10));
  b.add_escrow(b.worker_a, address::from_id(1000), fil(10));
  auto good = b.signed_proposal(b.proposal(1));
  auto change = [&](auto&& f) {
    auto p = b.proposal(2);
    f(p);
    return b.signed_proposal(p);
  };
  auto forged = b.signed_proposal(b.proposal(3));
  forged.proposal.price_per_epoch = token_amount{1};
  std::vector<filecoin::client_deal_proposal> deals{
      forged,
      change([](auto& p) { p.end = p.start + 10; }),
      change([](auto& p) { p.start = epoch{0}; }),
      change([](auto& p) { p.padded_size = 1000; }),
      change([](auto& p) { p.price_per_epoch = fil(1); }), // more than the escrow
      change([](auto& p) { p.provider_collateral = {}; }),
      change([](auto& p) { p.provider = address::from_id(1001); }),
      good,
      good, // the same again
  };
  // The provider of the message is that of its first deal.
  auto id = b.publish(deals);
  b.step();
  auto done = filecoin::market::decode_published(b.receipt_of(id).returned);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->valid, std::vector<std::uint64_t>{7});
  auto nothing_valid = b.publish({good});
  b.step();
  EXPECT_EQ(b.receipt_of(nothing_valid).exit_code, exit_code::illegal_argument);
}

TEST(chain_state, only_the_worker_publishes) {
  chain_bench b;
  auto id = b.send(b.worker_b, address::from_id(5), {}, filecoin::market::publish_storage_deals,
                   filecoin::market::encode_publish({b.signed_proposal(b.proposal())}));
  b.step();
  EXPECT_EQ(b.receipt_of(id).exit_code, exit_code::forbidden);
}

TEST(chain_state, a_missed_start_removes_the_deal) {
  chain_bench b;
  auto id = b.published_deal();
  auto start = b.chain.state().deals.find(id.value)->proposal.start;
  EXPECT_EQ(next_due(b.chain.state()), start + 1);
  b.chain.advance(start);
  EXPECT_TRUE(b.chain.state().deals.find(id.value));
  b.chain.advance(start + 1);
  EXPECT_FALSE(b.chain.state().deals.find(id.value));
  EXPECT_EQ(b.chain.state().escrow_of(b.chain.state().lookup(b.client.address()).value()).locked, token_amount{});
  EXPECT_LT(b.chain.state().escrow_of(1000).escrow, fil(10)); // the collateral is burnt
}

TEST(chain_state, a_slashed_deal_goes_and_says_so) {
  chain_bench b;
  auto id = b.published_deal();
  b.activate(id, 5);
  b.step();
  auto forbidden = b.send(b.client, address::from_id(1000), {}, method::report_fault, encode_report_fault({id.value}));
  b.step();
  EXPECT_EQ(b.receipt_of(forbidden).exit_code, exit_code::forbidden);
  b.send(b.master, address::from_id(1000), {}, method::report_fault, encode_report_fault({id.value}));
  b.step();
  EXPECT_EQ(b.event_types(), types{"deal-terminated"});
  EXPECT_FALSE(b.chain.state().deals.find(id.value));
}

TEST(chain_state, a_provider_ends_its_sector) {
  chain_bench b;
  auto id = b.published_deal();
  b.activate(id, 5);
  b.step();
  auto end = b.send(b.worker_a, address::from_id(1000), {}, method::terminate_sectors, encode_terminate({5}));
  b.step();
  EXPECT_EQ(b.receipt_of(end).exit_code, 0);
  EXPECT_EQ(b.event_types(), (types{"deal-terminated", "sector-terminated"}));
  EXPECT_FALSE(b.chain.state().deals.find(id.value));
}

TEST(chain_state, a_reorg_returns_messages_to_the_pool) {
  chain_bench b;
  auto id = b.published_deal();
  auto old_head = b.chain.head();
  auto changes = b.chain.reorg(2, reverted_messages::return_to_pool);
  ASSERT_TRUE(changes.ok());
  ASSERT_EQ(changes->size(), 3u);
  EXPECT_FALSE((*changes)[0].apply);
  EXPECT_EQ((*changes)[0].at->block_cid, old_head->block_cid);
  EXPECT_TRUE((*changes)[2].apply);
  EXPECT_EQ(b.chain.head()->height(), old_head->height());
  EXPECT_NE(b.chain.head()->block_cid, old_head->block_cid);
  EXPECT_FALSE(b.chain.state().deals.find(id.value));
  EXPECT_FALSE(b.chain.pool().empty());
  b.step();
  EXPECT_TRUE(b.chain.pool().empty());
}

TEST(chain_state, a_reorg_never_reverts_what_is_final) {
  chain_bench b;
  for (int i = 0; i < 20; ++i)
    b.step();
  EXPECT_FALSE(b.chain.reorg(6, reverted_messages::drop).ok());
  EXPECT_FALSE(b.chain.reorg(0, reverted_messages::drop).ok());
  auto finalized = b.chain.finalized_tipset()->block_cid;
  ASSERT_TRUE(b.chain.reorg(5, reverted_messages::drop).ok());
  EXPECT_EQ(b.chain.finalized_tipset()->block_cid, finalized);
  b.step(1000); // null rounds: only the head can go now
  EXPECT_FALSE(b.chain.reorg(2, reverted_messages::drop).ok());
  EXPECT_TRUE(b.chain.reorg(1, reverted_messages::drop).ok());
}

TEST(chain_state, the_same_messages_make_the_same_chain) {
  auto run = [] {
    chain_bench b;
    auto id = b.published_deal();
    b.activate(id);
    b.step(7);
    return b.chain.head()->block_cid;
  };
  EXPECT_EQ(run(), run());
}

TEST(chain_state, a_null_round_answers_with_the_tipset_before_it) {
  chain_bench b;
  b.step();
  auto first = b.chain.head();
  b.step(10);
  EXPECT_EQ(b.chain.at_height(epoch{5})->block_cid, first->block_cid);
  EXPECT_EQ(b.chain.at_height(epoch{11})->block_cid, b.chain.head()->block_cid);
  EXPECT_FALSE(b.chain.at_height(epoch{12}));
}

TEST(chain_state, a_foreign_provider_joins) {
  chain_bench b;
  auto worker = test_key(9);
  create_miner_params p;
  p.owner = p.worker = worker.address();
  p.peer_id = to_bytes(as_bytes("peer"));
  auto id = b.send(b.master, address::from_id(4), {}, method::create_miner, encode(p));
  b.step();
  EXPECT_EQ(b.receipt_of(id).exit_code, 0);
  auto returned = b.receipt_of(id).returned;
  filecoin::cbor_reader in{returned};
  in.array(2);
  auto miner = in.addr();
  auto* entry = b.chain.state().miners.find(miner.id());
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->worker, b.chain.state().lookup(worker.address()));
  EXPECT_EQ(b.chain.state().lookup(entry->robust), miner.id());
  b.send(b.master, worker.address(), fil(1));
  b.step();
  auto change = b.send(worker, miner, {}, method::change_multiaddrs, encode_multiaddrs({to_bytes(as_bytes("x"))}));
  b.step();
  EXPECT_EQ(b.receipt_of(change).exit_code, 0);
  EXPECT_EQ(b.chain.state().miners.find(miner.id())->multiaddrs.size(), 1u);
}

} // namespace

} // namespace weir::devnet
