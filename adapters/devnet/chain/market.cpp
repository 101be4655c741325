// The storage market actor f05: escrow, deals, payments.
#include "storage/filecoin/market.hpp"

#include "adapters/devnet/chain/execute.hpp"
#include "storage/filecoin/keys.hpp"
#include "storage/filecoin/rle_plus.hpp"

namespace weir::devnet {

namespace {

constexpr std::size_t max_settled = 4096;

bytes cbor_text(std::string_view text) {
  filecoin::cbor_writer out;
  out.text(text);
  return out.take();
}
bytes cbor_uint(std::uint64_t value) {
  filecoin::cbor_writer out;
  out.uint(value);
  return out.take();
}

bool controls(const miner& m, std::uint64_t who) {
  return m.owner == who || m.worker == who;
}

outcome add_balance(execution& x, const call& c) {
  auto of = filecoin::market::decode_add_balance(c.message.params);
  if (!of)
    return {exit_code::serialization, {}};
  auto id = x.state.lookup(*of);
  if (!id || c.message.value.zero())
    return {exit_code::illegal_argument, {}};
  auto& entry = x.state.escrow.edit()[*id];
  entry.escrow = entry.escrow + c.message.value;
  return {};
}

outcome withdraw(execution& x, const call& c) {
  auto want = filecoin::market::decode_withdrawal(c.message.params);
  if (!want)
    return {exit_code::serialization, {}};
  auto id = x.state.lookup(want->from);
  if (!id || want->amount.negative())
    return {exit_code::illegal_argument, {}};
  auto* m = x.state.miners.find(*id);
  if (m ? !controls(*m, c.from) : *id != c.from)
    return {exit_code::forbidden, {}};
  auto amount = std::min(want->amount, x.state.escrow_of(*id).available());
  auto& entry = x.state.escrow.edit()[*id];
  entry.escrow = entry.escrow - amount;
  x.state.debit(actor::market, amount);
  x.state.credit(m ? m->owner : *id, amount);
  filecoin::cbor_writer out;
  out.amount(amount);
  return {exit_code::ok, out.take()};
}

/// Everything that can be said of a proposal without its parties.
bool sound(const execution& x, const filecoin::deal_proposal& p) {
  bool size_ok =
      p.padded_size >= 128 && (p.padded_size & (p.padded_size - 1)) == 0 && p.padded_size <= x.params.sector_size;
  auto duration = p.end - p.start;
  bool time_ok = p.start >= x.now && duration >= x.params.min_duration && duration <= x.params.max_duration;
  bool money_ok = !p.price_per_epoch.negative() && p.price_per_epoch <= most_collateral()
                  && !p.client_collateral.negative() && p.client_collateral <= most_collateral()
                  && p.provider_collateral >= least_collateral(x.params, p.padded_size)
                  && p.provider_collateral <= most_collateral();
  bool piece_ok = p.piece.version() == 1 && p.piece.codec() == codec::fil_commitment_unsealed
                  && p.piece.hash_code() == hash_code::sha2_256_trunc254_padded;
  bool verified_ok = !p.verified || p.padded_size >= x.params.least_allocation;
  return size_ok && time_ok && money_ok && piece_ok && verified_ok
         && p.label.data.size() <= filecoin::deal_label::max_size;
}

/// The deal with the parties as f0 addresses, funds locked; nothing when it is invalid (FIP-0022).
std::optional<market_deal> admit(execution& x, const filecoin::client_deal_proposal& signed_proposal,
                                 std::uint64_t provider) {
  auto p = signed_proposal.proposal;
  auto* client = x.state.find_account(p.client);
  if (!client || client->key.empty() || x.state.lookup(p.provider) != provider || !sound(x, p)
      || !filecoin::verify(signed_proposal, client->key))
    return std::nullopt;
  market_deal d;
  d.client = *x.state.lookup(p.client);
  d.provider = provider;
  p.client = address::from_id(d.client);
  p.provider = address::from_id(provider);
  d.proposal_cid = filecoin::proposal_cid(p);
  d.proposal = std::move(p);
  auto funds = filecoin::client_funds(d.proposal);
  if (x.state.proposals.find(d.proposal_cid) || x.state.escrow_of(d.client).available() < funds
      || x.state.escrow_of(provider).available() < d.proposal.provider_collateral
      || (d.proposal.verified && !x.state.take_datacap(d.client, token_amount{d.proposal.padded_size})))
    return std::nullopt;
  auto& rows = x.state.escrow.edit();
  rows[d.client].locked = rows[d.client].locked + funds;
  rows[provider].locked = rows[provider].locked + d.proposal.provider_collateral;
  return d;
}

outcome publish(execution& x, const call& c) {
  auto deals = filecoin::market::decode_publish(c.message.params);
  if (!deals)
    return {exit_code::serialization, {}};
  if (deals->empty())
    return {exit_code::illegal_argument, {}};
  auto provider = x.state.lookup(deals->front().proposal.provider);
  auto* m = provider ? x.state.miners.find(*provider) : nullptr;
  if (!m)
    return {exit_code::not_found, {}};
  if (!controls(*m, c.from))
    return {exit_code::forbidden, {}};
  filecoin::market::published done;
  for (std::size_t i = 0; i < deals->size(); ++i) {
    auto d = admit(x, (*deals)[i], *provider);
    if (!d)
      continue;
    auto id = x.state.next_deal++;
    x.state.proposals.edit()[d->proposal_cid] = id;
    emit_deal_event(x, "deal-published", id, *d, c.message_cid);
    x.state.deals.edit()[id] = std::move(*d);
    done.ids.push_back(deal_id{id});
    done.valid.push_back(i);
  }
  if (done.ids.empty())
    return {exit_code::illegal_argument, {}};
  return {exit_code::ok, filecoin::market::encode(done)};
}

/// Moves the price of the epochs up to `until` that were not paid yet.
token_amount pay(execution& x, const market_deal& d, epoch until) {
  auto since = std::max(d.last_updated, d.proposal.start);
  until = std::min(until, d.proposal.end);
  if (until <= since)
    return {};
  auto amount = d.proposal.price_per_epoch * token_amount{static_cast<std::uint64_t>(until - since)};
  auto& rows = x.state.escrow.edit();
  auto& client = rows[d.client];
  client.escrow = client.escrow - amount;
  client.locked = client.locked - amount;
  rows[d.provider].escrow = rows[d.provider].escrow + amount;
  return amount;
}

/// Unlocks what the client still has locked for a deal that is paid up to `paid_until`.
void unlock_client(execution& x, const market_deal& d, epoch paid_until) {
  auto from = std::clamp(paid_until, d.proposal.start, d.proposal.end);
  auto rest = d.proposal.price_per_epoch * token_amount{static_cast<std::uint64_t>(d.proposal.end - from)};
  auto& client = x.state.escrow.edit()[d.client];
  client.locked = client.locked - rest - d.proposal.client_collateral;
}

void forget(execution& x, std::uint64_t id, const market_deal& d) {
  x.state.proposals.edit().erase(d.proposal_cid);
  x.state.deals.edit().erase(id); // `d` is gone now if it is the row
}

outcome settle(execution& x, const call& c) {
  filecoin::cbor_reader in{c.message.params};
  auto ids = filecoin::decode_rle_plus(in.byte_string(), max_settled);
  if (!in.finish() || !ids)
    return {exit_code::serialization, {}};
  filecoin::cbor_writer settled;
  std::uint64_t good = 0;
  for (auto id : *ids) {
    auto* row = x.state.deals.find(id);
    if (!row || !row->active())
      continue;
    const market_deal d = *row;
    auto amount = pay(x, d, x.now);
    bool complete = d.proposal.end <= x.now;
    if (complete) {
      unlock_client(x, d, d.proposal.end);
      auto& provider = x.state.escrow.edit()[d.provider];
      provider.locked = provider.locked - d.proposal.provider_collateral;
      emit_deal_event(x, "deal-completed", id, d, c.message_cid);
      forget(x, id, d);
    } else {
      x.state.deals.edit()[id].last_updated = x.now;
    }
    settled.array(2);
    settled.amount(amount);
    settled.boolean(complete);
    ++good;
  }
  filecoin::cbor_writer out;
  out.array(2);
  out.array(2);
  out.uint(good);
  out.array(0);
  out.array(good);
  out.raw(settled.take());
  return {exit_code::ok, out.take()};
}

} // namespace

void emit_deal_event(execution& x, std::string_view type, std::uint64_t id, const market_deal& d,
                     const cid& message_cid) {
  actor_event e{actor::market, {}, message_cid};
  e.entries = {{"$type", cbor_text(type)},
               {"id", cbor_uint(id)},
               {"client", cbor_uint(d.client)},
               {"provider", cbor_uint(d.provider)}};
  x.events.push_back(std::move(e));
}

std::int64_t activate_deal(execution& x, std::uint64_t id, std::uint64_t provider, std::uint64_t sector,
                           const cid& piece, std::uint64_t padded_size, const cid& message_cid) {
  auto* d = x.state.deals.find(id);
  if (!d)
    return exit_code::not_found;
  if (d->provider != provider)
    return exit_code::forbidden;
  if (d->active() || d->proposal.start < x.now || d->proposal.piece != piece || d->proposal.padded_size != padded_size)
    return exit_code::illegal_argument;
  auto& row = x.state.deals.edit()[id];
  row.sector = sector;
  row.sector_start = x.now;
  emit_deal_event(x, "deal-activated", id, row, message_cid);
  return exit_code::ok;
}

void terminate_deal(execution& x, std::uint64_t id, const cid& message_cid) {
  auto* row = x.state.deals.find(id);
  if (!row || row->proposal.end <= x.now)
    return;
  const market_deal d = *row;
  pay(x, d, x.now);
  unlock_client(x, d, std::max(d.last_updated, x.now));
  auto& provider = x.state.escrow.edit()[d.provider];
  provider.locked = provider.locked - d.proposal.provider_collateral;
  provider.escrow = provider.escrow - d.proposal.provider_collateral;
  x.state.debit(actor::market, d.proposal.provider_collateral);
  x.state.credit(actor::burnt_funds, d.proposal.provider_collateral);
  emit_deal_event(x, "deal-terminated", id, d, message_cid);
  forget(x, id, d);
}

outcome call_market(execution& x, const call& c) {
  switch (c.message.method) {
  case filecoin::market::add_balance:
    return add_balance(x, c);
  case filecoin::market::withdraw_balance:
    return withdraw(x, c);
  case filecoin::market::publish_storage_deals:
    return publish(x, c);
  case method::settle_payments:
    return settle(x, c);
  default:
    return {exit_code::unhandled, {}};
  }
}

} // namespace weir::devnet
