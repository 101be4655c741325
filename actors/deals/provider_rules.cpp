#include "actors/deals/provider_rules.hpp"

#include "storage/filecoin/multiaddr.hpp"

namespace weir {

provider with_chain_entry(provider p, const miner_info& info) {
  p.multiaddrs.clear();
  for (auto& binary : info.multiaddrs)
    if (auto addr = filecoin::multiaddr::from_bytes(binary))
      p.multiaddrs.push_back(addr->text());
  p.peer_id = info.peer_id;
  p.sector_size = info.sector_size;
  return p;
}

provider with_power(provider p, const miner_power& power) {
  p.power = power.own;
  p.power_share = 0;
  if (power.own.negative() || !(token_amount{} < power.total))
    return p;
  // Long division by a number of any size, a bit at a time: the share is below 2^30.
  auto left = power.own * token_amount{1'000'000'000};
  for (std::uint64_t bit = 1ull << 30; bit != 0; bit >>= 1)
    if (auto part = power.total * token_amount{bit}; !(left < part)) {
      left = left - part;
      p.power_share |= bit;
    }
  return p;
}

provider with_sectors(provider p, const sector_counts& counts) {
  p.sectors_live = counts.live;
  p.sectors_active = counts.active;
  p.sectors_faulty = counts.faulty;
  return p;
}

provider with_ask(provider p, const storage_ask& ask, epoch now) {
  p.reachable = true;
  p.price = ask.price;
  p.verified_price = ask.verified_price;
  p.min_piece = ask.min_piece;
  p.max_piece = ask.max_piece;
  p.ask_expiry = ask.expiry;
  p.asked_at = now;
  if (p.avoid_until <= now)
    p.problem = {};
  return p;
}

provider without_answer(provider p, const error& why) {
  p.reachable = false;
  p.problem = {why.code, why.message.empty() ? "It does not answer." : why.message};
  return p;
}

provider learned_of(const provider& before, provider p, epoch now) {
  p.deals_made = before.deals_made;
  p.deals_failed = before.deals_failed;
  p.retrievals_ok = before.retrievals_ok;
  p.retrievals_failed = before.retrievals_failed;
  p.avoid_until = before.avoid_until;
  p.country = before.country;
  if (p.reachable && before.avoid_until > now)
    p.problem = before.problem;
  return p;
}

bool offers_the_same(const provider& a, const provider& b) {
  return a.reachable == b.reachable && a.price == b.price && a.verified_price == b.verified_price
         && a.min_piece == b.min_piece && a.max_piece == b.max_piece && a.multiaddrs == b.multiaddrs;
}

} // namespace weir
