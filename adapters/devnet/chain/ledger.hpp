#pragma once
// The state of the devnet's chain at one epoch: accounts, the market actor's
// escrow and deals, miners. Copies share their tables until one is written,
// so that every tipset can keep its own.
#include "adapters/devnet/chain/params.hpp"
#include "storage/filecoin/proposal.hpp"

#include <map>
#include <memory>
#include <optional>

namespace weir::devnet {

/// A map that is shared between copies until it is written. One thread only.
template <class K, class V>
class table {
public:
  using map = std::map<K, V>;
  const map& rows() const { return *rows_; }
  const V* find(const K& key) const {
    auto found = rows_->find(key);
    return found == rows_->end() ? nullptr : &found->second;
  }
  map& edit() {
    if (rows_.use_count() > 1)
      rows_ = std::make_shared<map>(*rows_);
    return *rows_;
  }

private:
  std::shared_ptr<map> rows_ = std::make_shared<map>();
};

struct account {
  address key; ///< f1, f3 or f4; empty for built-in actors and miners
  std::uint64_t nonce = 0;
  token_amount balance;
};

struct escrow_entry {
  token_amount escrow;
  token_amount locked;
  token_amount available() const { return escrow - locked; }
};

struct miner {
  address robust; ///< f2
  std::uint64_t owner = 0;
  std::uint64_t worker = 0;
  bytes peer_id;
  std::vector<bytes> multiaddrs;
  std::uint64_t sector_size = 0;
  std::map<std::uint64_t, std::vector<std::uint64_t>> sectors; ///< number → deals
};

struct market_deal {
  filecoin::deal_proposal proposal; ///< client and provider as f0
  cid proposal_cid;                 ///< of that form
  std::uint64_t client = 0;
  std::uint64_t provider = 0;
  std::uint64_t sector = 0;
  epoch sector_start = no_epoch; ///< -1: published, not active
  epoch last_updated = no_epoch; ///< of the last settlement
  bool active() const { return sector_start != no_epoch; }
};

struct event_entry {
  std::string key;
  bytes value; ///< one CBOR item
};
struct actor_event {
  std::uint64_t emitter = 0;
  std::vector<event_entry> entries;
  cid message; ///< empty when the epoch itself caused it
};

struct ledger {
  epoch height{0};
  std::uint64_t next_actor = actor::first_account;
  std::uint64_t next_deal = 1;
  table<std::uint64_t, account> accounts;
  table<address, std::uint64_t> ids; ///< key and robust addresses → id
  table<std::uint64_t, escrow_entry> escrow;
  table<std::uint64_t, token_amount> datacap; ///< bytes of verified deals that a client may still make
  table<std::uint64_t, miner> miners;
  table<std::uint64_t, market_deal> deals;
  table<cid, std::uint64_t> proposals; ///< of the deals

  /// Id of any known address.
  std::optional<std::uint64_t> lookup(const address& a) const;
  /// The one of a key address, made when it is new.
  std::uint64_t ensure_account(const address& key);
  const account* find_account(const address& a) const;
  escrow_entry escrow_of(std::uint64_t id) const;
  /// Nothing for who is no verified client.
  token_amount datacap_of(std::uint64_t id) const;
  void add_datacap(std::uint64_t id, const token_amount& bytes);
  /// False, and nothing happens, when there is too little.
  bool take_datacap(std::uint64_t id, const token_amount& bytes);
  void credit(std::uint64_t id, const token_amount& amount);
  /// False, and nothing happens, when the balance is too low.
  bool debit(std::uint64_t id, const token_amount& amount);
  /// The new miner's id; `wanted` 0 takes the next free one.
  std::uint64_t create_miner(miner entry, std::uint64_t wanted = 0);
};

/// The first epoch's state.
ledger genesis(const chain_params& params);

/// Bounds of a provider's collateral; the least one already has the tenth that Lotus adds.
token_amount least_collateral(const chain_params& params, std::uint64_t padded_size);
token_amount most_collateral();

} // namespace weir::devnet
