#pragma once
// The devnet's chain: a pure, deterministic state machine. Messages go into
// the pool, `advance` makes a tipset that executes them, `reorg` takes tipsets
// back. One block a tipset; its messages are executed in it (on the real
// network one tipset later). No I/O: durable_chain.hpp keeps it on disk.
#include "adapters/devnet/chain/execute.hpp"
#include "adapters/devnet/chain/pool.hpp"

#include <deque>
#include <memory>
#include <optional>

namespace weir::devnet {

/// Fields of the block, as filecoin.md 4.3 has them; what is not here is constant.
struct block_header {
  address miner;
  bytes ticket;
  std::vector<cid> parents;
  token_amount weight;
  epoch height{0};
  cid state_root;
  cid receipts;
  cid messages;
  std::int64_t timestamp = 0;
};
/// Real dag-cbor of a Filecoin block; its CID is the block's.
bytes encode(const block_header& h);

struct executed_message {
  cid id; ///< of the signed message
  filecoin::signed_message message;
  receipt outcome;
};

struct tipset_data {
  block_header block;
  cid block_cid;
  std::vector<executed_message> messages;
  std::vector<actor_event> events;
  epoch height() const { return block.height; }
};
using tipset_ptr = std::shared_ptr<const tipset_data>;

struct chain_change {
  bool apply = true; ///< or revert
  tipset_ptr at;
};
using chain_changes = std::vector<chain_change>;

/// What becomes of the messages of reverted tipsets.
enum class reverted_messages : std::uint8_t { return_to_pool, drop };

struct found_message {
  const executed_message* message = nullptr;
  tipset_ptr at;
};

class chain_state {
public:
  explicit chain_state(chain_params params);

  const chain_params& params() const { return params_; }
  const ledger& state() const { return states_.back(); }
  /// The state at a tipset that is not older than finality; the oldest kept one before that.
  const ledger& state_at(epoch height) const;
  tipset_ptr head() const { return tipsets_.back(); }
  epoch finalized() const;
  tipset_ptr finalized_tipset() const { return at_height(finalized()); }
  /// The tipset of that height, or the one before it where the round is null; nothing above the head.
  tipset_ptr at_height(epoch height) const;
  tipset_ptr by_key(const cid& block) const;
  /// Tipsets from `from` on, at most up to `to`.
  std::vector<tipset_ptr> between(epoch from, epoch to) const;

  const message_pool& pool() const { return pool_; }
  /// Executed on this chain.
  std::optional<found_message> find(const cid& message) const;

  /// Checks signature, nonce and funds; the CID of the signed message.
  result<cid> push(filecoin::signed_message m);
  /// The next tipset, at `to`, which is above the head; rounds in between are
  /// null. Without `with_pool` the pool waits.
  chain_changes advance(epoch to, bool with_pool = true);
  /// Takes `depth` tipsets back (never what is final) and makes one of the
  /// height of the old head instead.
  result<chain_changes> reorg(std::size_t depth, reverted_messages what);
  std::uint64_t reorgs() const { return reorgs_; }

private:
  void append(epoch height, std::vector<filecoin::signed_message> messages);

  chain_params params_;
  std::vector<tipset_ptr> tipsets_;
  std::deque<ledger> states_; // of the last tipsets, as far as a reorg can go
  message_pool pool_;
  std::map<cid, epoch> executed_; // by CID of the signed and of the bare message
  std::uint64_t reorgs_ = 0;
};

} // namespace weir::devnet
