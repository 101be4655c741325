#include "adapters/devnet/chain/chain_state.hpp"

#include "messages/types/varint.hpp"
#include "storage/filecoin/chain_hash.hpp"
#include "storage/filecoin/keys.hpp"

#include <algorithm>

namespace weir::devnet {

namespace {

bytes digest_of(std::initializer_list<std::uint64_t> numbers, std::string_view what) {
  bytes data = to_bytes(as_bytes(what));
  for (auto n : numbers)
    put_varint(data, n);
  auto digest = filecoin::blake2b_256(data);
  return {digest.begin(), digest.end()};
}

void put(filecoin::cbor_writer& out, const receipt& r) {
  out.array(4);
  out.integer(r.exit_code);
  out.byte_string(r.returned);
  out.integer(r.gas_used);
  out.null();
}

cid list_cid(const std::vector<executed_message>& messages, bool receipts) {
  filecoin::cbor_writer out;
  out.array(messages.size());
  for (auto& m : messages)
    receipts ? put(out, m.outcome) : out.link(m.id);
  return filecoin::chain_cid(out.take());
}

/// The devnet's states are not kept as IPLD: their root is a hash of what led to them.
cid next_root(const cid& before, const tipset_data& t) {
  filecoin::cbor_writer out;
  out.array(3);
  out.link_or_null(before);
  out.integer(t.block.height.value);
  out.link(t.block.receipts);
  return filecoin::chain_cid(out.take());
}

} // namespace

bytes encode(const block_header& h) {
  filecoin::cbor_writer out;
  out.array(16);
  out.addr(h.miner);
  out.array(1);
  out.byte_string(h.ticket);
  out.array(2);
  out.integer(1);
  out.byte_string(h.ticket);
  out.array(0); // beacon entries
  out.array(0); // winning proofs
  out.array(h.parents.size());
  for (auto& p : h.parents)
    out.link(p);
  out.amount(h.weight);
  out.integer(h.height.value);
  out.link(h.state_root);
  out.link(h.receipts);
  out.link(h.messages);
  out.null(); // no aggregate
  out.integer(h.timestamp);
  out.null(); // not signed
  out.uint(0);
  out.amount(token_amount{100});
  return out.take();
}

chain_state::chain_state(chain_params params) : params_{std::move(params)} {
  states_.push_back(genesis(params_));
  append(epoch{0}, {});
}

void chain_state::append(epoch height, std::vector<filecoin::signed_message> messages) {
  auto t = std::make_shared<tipset_data>();
  ledger next = states_.back();
  next.height = height;
  execution x{params_, next, height, {}};
  run_cron(x);
  for (auto& m : messages) {
    auto id = filecoin::signed_message_cid(m);
    auto outcome = apply(x, m.msg, id);
    executed_[id] = executed_[filecoin::message_cid(m.msg)] = height;
    t->messages.push_back({std::move(id), std::move(m), std::move(outcome)});
  }
  t->events = std::move(x.events);
  auto& b = t->block;
  auto miners = params_.miners.empty() ? 1 : params_.miners.size();
  b.ticket = digest_of({params_.seed, static_cast<std::uint64_t>(height.value), reorgs_}, "ticket");
  b.miner = address::from_id(actor::first_miner + b.ticket[0] % miners);
  b.height = height;
  b.timestamp = params_.genesis_time + height.value * epoch_seconds;
  b.receipts = list_cid(t->messages, true);
  b.messages = list_cid(t->messages, false);
  cid root;
  if (!tipsets_.empty()) {
    b.parents = {tipsets_.back()->block_cid};
    b.weight = tipsets_.back()->block.weight + token_amount{10};
    root = tipsets_.back()->block.state_root;
  }
  b.state_root = next_root(root, *t);
  t->block_cid = filecoin::chain_cid(encode(b));
  tipsets_.push_back(std::move(t));
  if (tipsets_.size() == 1)
    states_.back() = std::move(next);
  else
    states_.push_back(std::move(next));
  while (states_.size() > static_cast<std::size_t>(params_.finality) + 1)
    states_.pop_front();
}

const ledger& chain_state::state_at(epoch height) const {
  for (auto s = states_.rbegin(); s != states_.rend(); ++s)
    if (s->height <= height)
      return *s;
  return states_.front();
}

epoch chain_state::finalized() const {
  return std::max(epoch{0}, head()->height() - params_.finality);
}

tipset_ptr chain_state::at_height(epoch height) const {
  if (height > head()->height() || height < epoch{0})
    return nullptr;
  auto after = std::upper_bound(tipsets_.begin(), tipsets_.end(), height,
                                [](epoch h, const tipset_ptr& t) { return h < t->height(); });
  return *std::prev(after);
}

tipset_ptr chain_state::by_key(const cid& block) const {
  for (auto t = tipsets_.rbegin(); t != tipsets_.rend(); ++t)
    if ((*t)->block_cid == block)
      return *t;
  return nullptr;
}

std::vector<tipset_ptr> chain_state::between(epoch from, epoch to) const {
  auto first = std::lower_bound(tipsets_.begin(), tipsets_.end(), from,
                                [](const tipset_ptr& t, epoch h) { return t->height() < h; });
  std::vector<tipset_ptr> list;
  for (; first != tipsets_.end() && (*first)->height() <= to; ++first)
    list.push_back(*first);
  return list;
}

std::optional<found_message> chain_state::find(const cid& message) const {
  auto height = executed_.find(message);
  if (height == executed_.end())
    return std::nullopt;
  auto t = at_height(height->second);
  for (auto& m : t->messages)
    if (m.id == message || filecoin::message_cid(m.message.msg) == message)
      return found_message{&m, t};
  return std::nullopt;
}

result<cid> chain_state::push(filecoin::signed_message m) {
  auto* sender = state().find_account(m.msg.from);
  auto key = sender && !sender->key.empty() ? sender->key : m.msg.from;
  auto id = filecoin::signed_message_cid(m);
  if (auto checked = filecoin::verify(m, key); !checked)
    return fail(errc::chain_error, "mpool push: message signature verification failed: " + checked.error().message);
  if (auto added = pool_.add(state(), params_, std::move(m)); !added)
    return added.error();
  return id;
}

chain_changes chain_state::advance(epoch to, bool with_pool) {
  append(to, with_pool ? pool_.take(state(), params_.seed + reorgs_) : std::vector<filecoin::signed_message>{});
  return {{true, head()}};
}

result<chain_changes> chain_state::reorg(std::size_t depth, reverted_messages what) {
  // As many tipsets as there are states before the head, none of them final.
  std::size_t most = 0;
  while (most + 1 < states_.size() && tipsets_[tipsets_.size() - 1 - most]->height() > finalized())
    ++most;
  if (depth == 0 || depth > most)
    return fail(errc::invalid_argument, "a reorg cannot go that deep: what is final stays", std::to_string(depth),
                std::to_string(most));
  auto height = head()->height();
  chain_changes changes;
  ++reorgs_;
  for (; depth > 0; --depth) {
    auto t = head();
    tipsets_.pop_back();
    states_.pop_back();
    for (auto& m : t->messages) {
      executed_.erase(m.id);
      executed_.erase(filecoin::message_cid(m.message.msg));
      if (what == reverted_messages::return_to_pool)
        pool_.put_back(state(), m.message);
    }
    changes.push_back({false, std::move(t)});
  }
  append(height, {});
  changes.push_back({true, head()});
  return changes;
}

} // namespace weir::devnet
