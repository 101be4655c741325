#include "adapters/devnet/chain/pool.hpp"

#include "adapters/devnet/chain/execute.hpp"
#include "messages/types/varint.hpp"
#include "storage/filecoin/chain_hash.hpp"

#include <algorithm>

namespace weir::devnet {

namespace {

error refused(std::string words, std::string value = {}) {
  return fail(errc::chain_error, std::move(words), std::move(value));
}

token_amount pending_cost(const std::map<std::uint64_t, filecoin::signed_message>& queue, std::uint64_t except) {
  token_amount sum;
  for (auto& [nonce, m] : queue)
    if (nonce != except)
      sum = sum + filecoin::max_cost(m.msg);
  return sum;
}

/// Lotus wants a premium that is a quarter higher, and one more.
token_amount replacement_premium(const token_amount& old) {
  return old + old.divided_by(4) + token_amount{1};
}

filecoin::digest256 rank(std::uint64_t salt, const address& sender) {
  bytes data;
  put_varint(data, salt);
  data.insert(data.end(), sender.data().begin(), sender.data().end());
  return filecoin::blake2b_256(data);
}

} // namespace

status message_pool::add(const ledger& state, const chain_params& params, filecoin::signed_message m) {
  auto* sender = state.find_account(m.msg.from);
  if (!sender || sender->key.empty())
    return refused("mpool push: sender actor not found: " + to_hex(m.msg.from.data()));
  if (filecoin::encode(m).size() > max_message_size)
    return refused("mpool push: message too big");
  if (m.msg.nonce < sender->nonce)
    return refused("mpool push: minimum expected nonce is " + std::to_string(sender->nonce)
                   + ": message nonce too low");
  if (m.msg.gas_fee_cap < token_amount{params.base_fee})
    return refused("mpool push: gas fee cap too low");
  auto& queue = waiting_[sender->key];
  auto drop_empty = [&] {
    if (waiting_[sender->key].empty())
      waiting_.erase(sender->key);
  };
  if (auto old = queue.find(m.msg.nonce); old != queue.end()) {
    if (filecoin::signed_message_cid(old->second) == filecoin::signed_message_cid(m))
      return fail(errc::precondition, "mpool push: message with this nonce already in mpool");
    if (m.msg.gas_premium < replacement_premium(old->second.msg.gas_premium))
      return refused("mpool push: replace by fee has too low GasPremium");
  } else if (queue.size() >= max_pending_per_sender) {
    return refused("mpool push: too many pending messages for actor");
  }
  auto required = filecoin::max_cost(m.msg) + pending_cost(queue, m.msg.nonce);
  if (sender->balance < required) {
    auto words = "mpool push: not enough funds (required: " + required.fil() + ", balance: " + sender->balance.fil()
                 + "): not enough funds including pending messages";
    drop_empty();
    return refused(std::move(words));
  }
  queue[m.msg.nonce] = std::move(m);
  return {};
}

void message_pool::put_back(const ledger& state, filecoin::signed_message m) {
  auto* sender = state.find_account(m.msg.from);
  if (!sender)
    return; // its account came to be in what was reverted
  auto nonce = m.msg.nonce;
  waiting_[sender->key].emplace(nonce, std::move(m));
}

std::uint64_t message_pool::next_nonce(const ledger& state, const address& sender) const {
  auto* a = state.find_account(sender);
  if (!a)
    return 0;
  auto nonce = a->nonce;
  if (auto queue = waiting_.find(a->key); queue != waiting_.end())
    while (queue->second.contains(nonce))
      ++nonce;
  return nonce;
}

std::vector<filecoin::signed_message> message_pool::take(const ledger& state, std::uint64_t salt) {
  std::vector<std::pair<filecoin::digest256, address>> order;
  for (auto& [sender, queue] : waiting_)
    order.emplace_back(rank(salt, sender), sender);
  std::sort(order.begin(), order.end());
  std::vector<filecoin::signed_message> taken;
  for (auto& [key, sender] : order) {
    auto& queue = waiting_[sender];
    auto* a = state.find_account(sender);
    auto nonce = a ? a->nonce : 0;
    while (!queue.empty() && queue.begin()->first <= nonce) {
      if (queue.begin()->first == nonce) {
        taken.push_back(std::move(queue.begin()->second));
        ++nonce;
      }
      queue.erase(queue.begin());
    }
    if (queue.empty())
      waiting_.erase(sender);
  }
  return taken;
}

std::vector<filecoin::signed_message> message_pool::all() const {
  std::vector<filecoin::signed_message> list;
  for (auto& [sender, queue] : waiting_)
    for (auto& [nonce, m] : queue)
      list.push_back(m);
  return list;
}

const filecoin::signed_message* message_pool::find(const cid& c) const {
  for (auto& [sender, queue] : waiting_)
    for (auto& [nonce, m] : queue)
      if (filecoin::signed_message_cid(m) == c || filecoin::message_cid(m.msg) == c)
        return &m;
  return nullptr;
}

} // namespace weir::devnet
