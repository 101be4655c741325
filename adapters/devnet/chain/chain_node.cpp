#include "adapters/devnet/chain/chain_node.hpp"

namespace weir::devnet {

void chain_node::set_in_sync(bool on) {
  if (on == in_sync())
    return;
  if (!on) {
    frozen_ = std::make_unique<ledger>(chain().state());
    frozen_head_ = chain().head();
    return;
  }
  // What clients missed: back to the common ancestor, then up.
  chain_changes changes;
  auto at = frozen_head_;
  while (chain().by_key(at->block_cid) == nullptr) {
    changes.push_back({false, at});
    auto parent = at->block.parents.empty() ? nullptr : chain().by_key(at->block.parents.front());
    if (!parent)
      break; // more than one tipset was replaced: what followed is told from finality on
    at = parent;
  }
  for (auto& t : chain().between(at->height() + 1, chain().head()->height()))
    changes.push_back({true, t});
  frozen_.reset();
  frozen_head_.reset();
  if (!changes.empty())
    tell(changes);
}

result<cid> chain_node::push(filecoin::signed_message m) {
  WEIR_TRY(auto id, chain_->push(std::move(m)));
  if (pushed_)
    pushed_();
  return id;
}

status chain_node::advance(epoch to, bool with_pool) {
  WEIR_TRY(auto changes, chain_->advance(to, with_pool));
  if (in_sync())
    tell(changes);
  return {};
}

status chain_node::reorg(std::size_t depth, reverted_messages what) {
  WEIR_TRY(auto changes, chain_->reorg(depth, what));
  if (in_sync())
    tell(changes);
  return {};
}

std::size_t chain_node::listen(listener who) {
  listeners_[next_listener_] = std::move(who);
  return next_listener_++;
}

void chain_node::tell(const chain_changes& changes) {
  auto copy = listeners_; // a listener may come or go meanwhile
  for (auto& [number, who] : copy)
    if (listeners_.contains(number))
      who(changes);
}

} // namespace weir::devnet
