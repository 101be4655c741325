#include "adapters/devnet/chain/execute.hpp"

#include <algorithm>

namespace weir::devnet {

namespace {

constexpr std::int64_t gas_of_message = 500'000;
constexpr std::int64_t gas_of_call = 1'500'000;
constexpr std::int64_t gas_per_byte = 2'000;

std::int64_t gas_of(const filecoin::message& m) {
  return gas_of_message + (m.method == method::send ? 0 : gas_of_call)
         + gas_per_byte * static_cast<std::int64_t>(m.params.size());
}

token_amount gas_cost(const execution& x, const filecoin::message& m, std::int64_t used) {
  token_amount burnt = token_amount{x.params.base_fee} * token_amount{static_cast<std::uint64_t>(used)};
  return burnt + m.gas_premium * token_amount{static_cast<std::uint64_t>(m.gas_limit)};
}

/// The receiver's id; key addresses that nobody knows become accounts.
std::optional<std::uint64_t> receiver(execution& x, const address& to) {
  if (auto known = x.state.lookup(to))
    return known;
  if (to.empty() || to.kind() == address::protocol::id || to.kind() == address::protocol::actor)
    return std::nullopt;
  return x.state.ensure_account(to);
}

outcome dispatch(execution& x, const call& c) {
  if (c.message.method == method::send)
    return {};
  if (c.to == actor::market)
    return call_market(x, c);
  if (c.to == actor::power)
    return call_power(x, c);
  if (c.to == actor::registry)
    return call_registry(x, c);
  if (x.state.miners.find(c.to))
    return call_miner(x, c);
  return {exit_code::unhandled, {}};
}

outcome transfer_and_call(execution& x, const filecoin::message& m, const cid& message_cid, std::uint64_t from) {
  auto to = receiver(x, m.to);
  if (!to)
    return {exit_code::invalid_receiver, {}};
  if (m.value.negative() || !x.state.debit(from, m.value))
    return {exit_code::no_funds_to_send, {}};
  x.state.credit(*to, m.value);
  return dispatch(x, {from, *to, m, message_cid});
}

/// The sender can pay for it and it is its turn.
std::int64_t check_sender(execution& x, const filecoin::message& m, std::optional<std::uint64_t> from) {
  auto* sender = from ? x.state.accounts.find(*from) : nullptr;
  if (!sender || sender->key.empty())
    return exit_code::sender_invalid;
  bool affordable = m.gas_fee_cap >= token_amount{x.params.base_fee} && sender->balance >= gas_cost(x, m, gas_of(m));
  return sender->nonce == m.nonce && affordable ? exit_code::ok : exit_code::sender_state;
}

} // namespace

receipt apply(execution& x, const filecoin::message& m, const cid& message_cid) {
  auto from = x.state.lookup(m.from);
  receipt r;
  r.exit_code = check_sender(x, m, from);
  if (r.exit_code != exit_code::ok)
    return r;
  r.gas_used = std::min(gas_of(m), m.gas_limit);
  x.state.accounts.edit()[*from].nonce += 1;
  auto cost = gas_cost(x, m, r.gas_used);
  x.state.debit(*from, cost);
  x.state.credit(actor::burnt_funds, cost);
  if (gas_of(m) > m.gas_limit) {
    r.exit_code = exit_code::out_of_gas;
    return r;
  }
  ledger before = x.state;
  auto events_before = x.events.size();
  auto done = transfer_and_call(x, m, message_cid, *from);
  r.exit_code = done.code;
  r.returned = std::move(done.returned);
  if (done.code != exit_code::ok) {
    x.state = std::move(before);
    x.events.resize(events_before);
  }
  return r;
}

void run_cron(execution& x) {
  std::vector<std::uint64_t> missed;
  for (auto& [id, d] : x.state.deals.rows())
    if (!d.active() && d.proposal.start < x.now)
      missed.push_back(id);
  for (auto id : missed) {
    const market_deal d = *x.state.deals.find(id);
    if (d.proposal.verified)
      x.state.add_datacap(d.client, token_amount{d.proposal.padded_size});
    auto& rows = x.state.escrow.edit();
    auto& client = rows[d.client];
    client.locked = client.locked - filecoin::client_funds(d.proposal);
    auto& provider = rows[d.provider];
    provider.locked = provider.locked - d.proposal.provider_collateral;
    provider.escrow = provider.escrow - d.proposal.provider_collateral;
    x.state.debit(actor::market, d.proposal.provider_collateral);
    x.state.credit(actor::burnt_funds, d.proposal.provider_collateral);
    x.state.deals.edit().erase(id);
    x.state.proposals.edit().erase(d.proposal_cid);
  }
}

epoch next_due(const ledger& state) {
  epoch due = no_epoch;
  auto consider = [&](epoch at) {
    if (at > state.height && (due == no_epoch || at < due))
      due = at;
  };
  for (auto& [id, d] : state.deals.rows()) {
    consider(d.proposal.end);
    if (!d.active())
      consider(d.proposal.start + 1);
  }
  return due;
}

std::int64_t gas_limit(const filecoin::message& m) {
  return gas_of(m) + gas_of(m) / 4;
}

} // namespace weir::devnet
