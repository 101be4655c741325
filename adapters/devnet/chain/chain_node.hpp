#pragma once
// The chain as one node of the network shows it: the durable chain, who
// listens to it, and the node's own troubles (out of sync). One thread.
#include "adapters/devnet/chain/durable_chain.hpp"

#include <functional>

namespace weir::devnet {

class chain_node {
public:
  using listener = std::function<void(const chain_changes&)>;

  explicit chain_node(std::unique_ptr<durable_chain> chain) : chain_{std::move(chain)} {}

  /// The real chain, for the devnet itself.
  const chain_state& chain() const { return chain_->chain(); }
  /// What clients see: the real head, or the one at which the node fell out of sync.
  tipset_ptr head() const { return frozen_ ? frozen_head_ : chain().head(); }
  const ledger& state() const { return frozen_ ? *frozen_ : chain().state(); }
  bool in_sync() const { return !frozen_; }
  /// Out of sync: clients see the chain of now until it is in sync again.
  void set_in_sync(bool on);

  result<cid> push(filecoin::signed_message m);
  status advance(epoch to, bool with_pool = true);
  status reorg(std::size_t depth, reverted_messages what);

  /// Called with every change that clients see, in order. The number takes it back.
  std::size_t listen(listener who);
  void forget(std::size_t number) { listeners_.erase(number); }
  std::size_t listeners() const { return listeners_.size(); }
  /// Called when a message has entered the pool.
  void on_push(std::function<void()> what) { pushed_ = std::move(what); }

private:
  void tell(const chain_changes& changes);

  std::unique_ptr<durable_chain> chain_;
  std::unique_ptr<ledger> frozen_;
  tipset_ptr frozen_head_;
  std::map<std::size_t, listener> listeners_;
  std::size_t next_listener_ = 1;
  std::function<void()> pushed_;
};

} // namespace weir::devnet
