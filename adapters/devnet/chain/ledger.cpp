#include "adapters/devnet/chain/ledger.hpp"

#include "messages/types/varint.hpp"
#include "storage/filecoin/chain_hash.hpp"

namespace weir::devnet {

namespace {

/// An f2 address as the init actor makes one: a hash that nobody else gets.
address robust_address(std::uint64_t id) {
  bytes origin = to_bytes(as_bytes("weir devnet miner "));
  put_varint(origin, id);
  bytes data(21);
  data[0] = static_cast<std::uint8_t>(address::protocol::actor);
  blake2b(std::span{data}.subspan(1), origin);
  return address::from_bytes(data).value_or({});
}

} // namespace

std::optional<std::uint64_t> ledger::lookup(const address& a) const {
  if (a.empty())
    return std::nullopt;
  if (a.kind() == address::protocol::id)
    return accounts.find(a.id()) ? std::optional{a.id()} : std::nullopt;
  auto* id = ids.find(a);
  return id ? std::optional{*id} : std::nullopt;
}

std::uint64_t ledger::ensure_account(const address& key) {
  if (auto known = lookup(key))
    return *known;
  auto id = next_actor++;
  accounts.edit()[id] = {key, 0, {}};
  ids.edit()[key] = id;
  return id;
}

const account* ledger::find_account(const address& a) const {
  auto id = lookup(a);
  return id ? accounts.find(*id) : nullptr;
}

escrow_entry ledger::escrow_of(std::uint64_t id) const {
  auto* entry = escrow.find(id);
  return entry ? *entry : escrow_entry{};
}

void ledger::credit(std::uint64_t id, const token_amount& amount) {
  if (amount.zero())
    return;
  auto& balance = accounts.edit()[id].balance;
  balance = balance + amount;
}

bool ledger::debit(std::uint64_t id, const token_amount& amount) {
  auto* from = accounts.find(id);
  if (!from || from->balance < amount)
    return false;
  if (!amount.zero()) {
    auto& balance = accounts.edit()[id].balance;
    balance = balance - amount;
  }
  return true;
}

token_amount ledger::datacap_of(std::uint64_t id) const {
  auto* held = datacap.find(id);
  return held ? *held : token_amount{};
}

void ledger::add_datacap(std::uint64_t id, const token_amount& bytes) {
  auto sum = datacap_of(id) + bytes;
  datacap.edit()[id] = sum;
}

bool ledger::take_datacap(std::uint64_t id, const token_amount& bytes) {
  auto held = datacap_of(id);
  if (held < bytes)
    return false;
  auto left = held - bytes;
  if (left.zero())
    datacap.edit().erase(id);
  else
    datacap.edit()[id] = left;
  return true;
}

std::uint64_t ledger::create_miner(miner entry, std::uint64_t wanted) {
  auto id = wanted != 0 ? wanted : next_actor++;
  next_actor = std::max(next_actor, id + 1);
  entry.robust = robust_address(id);
  accounts.edit()[id] = {};
  ids.edit()[entry.robust] = id;
  miners.edit()[id] = std::move(entry);
  return id;
}

ledger genesis(const chain_params& params) {
  ledger l;
  for (auto id : {actor::system, actor::init, actor::reward, actor::cron, actor::power, actor::market, actor::registry,
                  actor::datacap, actor::burnt_funds})
    l.accounts.edit()[id] = {};
  for (auto& a : params.accounts)
    l.credit(l.ensure_account(a.key), a.balance);
  auto id = actor::first_miner;
  for (auto& m : params.miners) {
    auto worker = l.ensure_account(m.worker);
    miner entry;
    entry.owner = entry.worker = worker;
    entry.peer_id = m.peer_id;
    entry.sector_size = params.sector_size;
    l.create_miner(std::move(entry), id++);
  }
  l.next_actor = std::max(l.next_actor, actor::first_miner + 100);
  return l;
}

token_amount least_collateral(const chain_params& params, std::uint64_t padded_size) {
  auto per_piece = token_amount{padded_size} * token_amount{params.collateral_per_kib};
  return (per_piece * token_amount{11}).divided_by(10 * 1024);
}

token_amount most_collateral() {
  return token_amount{2'000'000'000} * token_amount{1'000'000'000'000'000'000};
}

} // namespace weir::devnet
