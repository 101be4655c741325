#pragma once
// A chain with a master, a client and two miners, and short ways to act on it.
#include "adapters/devnet/chain/chain_state.hpp"
#include "adapters/devnet/chain/miner_params.hpp"
#include "storage/filecoin/keys.hpp"
#include "storage/filecoin/market.hpp"

#include <gtest/gtest.h>

namespace weir::devnet {

inline filecoin::secret_key test_key(std::uint8_t fill) {
  return *filecoin::secret_key::from_bytes(bytes(32, fill));
}

struct people {
  filecoin::secret_key master = test_key(1), client = test_key(2), worker_a = test_key(3), worker_b = test_key(4);
};

inline token_amount fil(std::uint64_t n) {
  return token_amount{n} * token_amount{1'000'000'000'000'000'000};
}

inline chain_params test_params(const people& p) {
  chain_params c;
  c.min_duration = 100;
  c.max_duration = 100000;
  c.accounts = {{p.master.address(), fil(1000000)},
                {p.client.address(), fil(1000)},
                {p.worker_a.address(), fil(1000)},
                {p.worker_b.address(), fil(1000)}};
  c.miners = {{p.worker_a.address(), to_bytes(as_bytes("a"))}, {p.worker_b.address(), to_bytes(as_bytes("b"))}};
  return c;
}

struct chain_bench : people {
  chain_state chain{test_params(*this)};

  filecoin::signed_message make(const filecoin::secret_key& from, address to, token_amount value,
                                std::uint64_t method = 0, bytes params = {}) {
    filecoin::message m;
    m.to = std::move(to);
    m.from = from.address();
    m.nonce = chain.pool().next_nonce(chain.state(), from.address());
    m.value = std::move(value);
    m.method = method;
    m.params = std::move(params);
    m.gas_fee_cap = token_amount{1000};
    m.gas_premium = token_amount{10};
    m.gas_limit = gas_limit(m);
    return filecoin::sign(from, std::move(m));
  }
  cid send(const filecoin::secret_key& from, address to, token_amount value, std::uint64_t method = 0,
           bytes params = {}) {
    auto id = chain.push(make(from, std::move(to), std::move(value), method, std::move(params)));
    EXPECT_TRUE(id.ok()) << (id ? "" : to_string(id.error()));
    return id ? *id : cid{};
  }
  void step(epoch_delta by = 1) { chain.advance(chain.head()->height() + by); }
  receipt receipt_of(const cid& message) {
    auto found = chain.find(message);
    EXPECT_TRUE(found.has_value());
    return found ? found->message->outcome : receipt{};
  }
  void add_escrow(const filecoin::secret_key& from, const address& of, token_amount amount) {
    auto id = send(from, address::from_id(5), std::move(amount), filecoin::market::add_balance,
                   filecoin::market::encode_add_balance(of));
    step();
    EXPECT_EQ(receipt_of(id).exit_code, 0);
  }
  filecoin::deal_proposal proposal(std::uint8_t piece = 7) {
    filecoin::deal_proposal p;
    p.piece = cid::v1(codec::fil_commitment_unsealed, hash_code::sha2_256_trunc254_padded, bytes(32, piece));
    p.padded_size = 1024;
    p.client = client.address();
    p.provider = address::from_id(1000);
    p.label.data = "label";
    p.start = chain.head()->height() + 50;
    p.end = p.start + 1000;
    p.price_per_epoch = token_amount{1000};
    p.provider_collateral = least_collateral(chain.params(), p.padded_size);
    return p;
  }
  filecoin::client_deal_proposal signed_proposal(filecoin::deal_proposal p) {
    return filecoin::sign(client, std::move(p));
  }
  cid publish(std::vector<filecoin::client_deal_proposal> deals) {
    auto id = send(worker_a, address::from_id(5), {}, filecoin::market::publish_storage_deals,
                   filecoin::market::encode_publish(deals));
    return id;
  }
  /// Escrow on both sides and one published deal.
  deal_id published_deal() {
    add_escrow(client, client.address(), fil(10));
    add_escrow(worker_a, address::from_id(1000), fil(10));
    auto id = publish({signed_proposal(proposal())});
    step();
    return filecoin::market::decode_published(receipt_of(id).returned)->ids.at(0);
  }
  cid activate(deal_id id, std::uint64_t sector = 0) {
    auto& d = *chain.state().deals.find(id.value);
    std::vector<sector_activation> s{{sector, {{d.proposal.piece, d.proposal.padded_size, {id.value}}}}};
    return send(worker_a, address::from_id(1000), {}, method::prove_commit_sectors, encode_prove_commit(s));
  }
  std::vector<std::string> event_types() {
    std::vector<std::string> types;
    for (auto& e : chain.head()->events)
      types.push_back(std::string{filecoin::cbor_reader{e.entries.at(0).value}.text()});
    return types;
  }
};

} // namespace weir::devnet
