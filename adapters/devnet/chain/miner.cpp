// Miner actors, and the power actor f04 that makes them.
#include "adapters/devnet/chain/execute.hpp"
#include "adapters/devnet/chain/miner_params.hpp"

#include <algorithm>

namespace weir::devnet {

namespace {

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

void emit_sector_event(execution& x, std::string_view type, const call& c, std::uint64_t sector) {
  actor_event e{c.to, {}, c.message_cid};
  e.entries = {{"$type", cbor_text(type)}, {"sector", cbor_uint(sector)}};
  x.events.push_back(std::move(e));
}

bool from_controller(const execution& x, const call& c) {
  auto* m = x.state.miners.find(c.to);
  return m->owner == c.from || m->worker == c.from;
}

outcome change_peer_id(execution& x, const call& c) {
  filecoin::cbor_reader in{c.message.params};
  in.array(1);
  auto peer = to_bytes(in.byte_string());
  if (!in.finish())
    return {exit_code::serialization, {}};
  x.state.miners.edit()[c.to].peer_id = std::move(peer);
  return {};
}

outcome change_multiaddrs(execution& x, const call& c) {
  auto addrs = decode_multiaddrs(c.message.params);
  if (!addrs)
    return {exit_code::serialization, {}};
  x.state.miners.edit()[c.to].multiaddrs = *std::move(addrs);
  return {};
}

outcome prove_commit(execution& x, const call& c) {
  auto sectors = decode_prove_commit(c.message.params);
  if (!sectors)
    return {exit_code::serialization, {}};
  if (sectors->empty())
    return {exit_code::illegal_argument, {}};
  for (auto& s : *sectors) {
    if (x.state.miners.find(c.to)->sectors.contains(s.number))
      return {exit_code::illegal_argument, {}};
    std::vector<std::uint64_t> deals;
    for (auto& p : s.pieces)
      for (auto id : p.deals) {
        if (auto code = activate_deal(x, id, c.to, s.number, p.piece, p.padded_size, c.message_cid); code != 0)
          return {code, {}};
        deals.push_back(id);
      }
    x.state.miners.edit()[c.to].sectors[s.number] = std::move(deals);
    emit_sector_event(x, "sector-activated", c, s.number);
  }
  filecoin::cbor_writer out;
  out.array(2);
  out.uint(sectors->size());
  out.array(0);
  return {exit_code::ok, out.take()};
}

outcome terminate_sectors(execution& x, const call& c) {
  auto sectors = decode_terminate(c.message.params);
  if (!sectors)
    return {exit_code::serialization, {}};
  for (auto number : *sectors) {
    auto& own = x.state.miners.edit()[c.to].sectors;
    auto found = own.find(number);
    if (found == own.end())
      return {exit_code::not_found, {}};
    auto deals = std::move(found->second);
    own.erase(found);
    for (auto id : deals)
      terminate_deal(x, id, c.message_cid);
    emit_sector_event(x, "sector-terminated", c, number);
  }
  filecoin::cbor_writer out;
  out.array(1);
  out.boolean(true);
  return {exit_code::ok, out.take()};
}

outcome report_fault(execution& x, const call& c) {
  auto deals = decode_report_fault(c.message.params);
  if (!deals)
    return {exit_code::serialization, {}};
  if (c.from != x.state.lookup(x.params.accounts.front().key))
    return {exit_code::forbidden, {}};
  for (auto id : *deals) {
    auto* d = x.state.deals.find(id);
    if (!d || d->provider != c.to)
      return {exit_code::not_found, {}};
    terminate_deal(x, id, c.message_cid);
  }
  return {};
}

} // namespace

outcome call_miner(execution& x, const call& c) {
  if (c.message.method == method::report_fault)
    return report_fault(x, c);
  if (!from_controller(x, c))
    return {exit_code::forbidden, {}};
  switch (c.message.method) {
  case method::change_peer_id:
    return change_peer_id(x, c);
  case method::change_multiaddrs:
    return change_multiaddrs(x, c);
  case method::prove_commit_sectors:
    return prove_commit(x, c);
  case method::terminate_sectors:
    return terminate_sectors(x, c);
  default:
    return {exit_code::unhandled, {}};
  }
}

outcome call_power(execution& x, const call& c) {
  if (c.message.method != method::create_miner)
    return {exit_code::unhandled, {}};
  auto p = decode_create_miner(c.message.params);
  if (!p)
    return {exit_code::serialization, {}};
  auto usable = [&](const address& a) {
    return !a.empty()
           && (a.kind() == address::protocol::secp256k1 || a.kind() == address::protocol::bls
               || x.state.lookup(a).has_value());
  };
  bool keys = usable(p->owner) && usable(p->worker);
  bool wanted_ok = p->wanted.empty()
                   || (p->wanted.kind() == address::protocol::id && p->wanted.id() >= actor::first_miner
                       && !x.state.lookup(p->wanted));
  if (!keys || !wanted_ok)
    return {exit_code::illegal_argument, {}};
  miner m;
  m.owner = x.state.ensure_account(p->owner);
  m.worker = x.state.ensure_account(p->worker);
  m.peer_id = std::move(p->peer_id);
  m.multiaddrs = std::move(p->multiaddrs);
  m.sector_size = x.params.sector_size;
  auto id = x.state.create_miner(std::move(m), p->wanted.empty() ? 0 : p->wanted.id());
  filecoin::cbor_writer out;
  out.array(2);
  out.addr(address::from_id(id));
  out.addr(x.state.miners.find(id)->robust);
  return {exit_code::ok, out.take()};
}

} // namespace weir::devnet
