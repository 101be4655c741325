#pragma once
// What the node knows of a storage provider, after each thing that it asked:
// the chain (address, sectors, power, faults), the provider itself (its ask).
// Pure functions of the miner selector; amounts in attoFIL, sizes in bytes.
#include "messages/actors/chain.hpp"
#include "messages/actors/deals.hpp"

namespace weir {

provider with_chain_entry(provider p, const miner_info& info);
/// Its share of the network's power is rounded down to a billionth.
provider with_power(provider p, const miner_power& power);
provider with_sectors(provider p, const sector_counts& counts);
provider with_ask(provider p, const storage_ask& ask, epoch now);
provider without_answer(provider p, const error& why);

/// The record after it was asked: our own results and what the operator said of it stay as they are.
provider learned_of(const provider& before, provider now_known, epoch now);
/// Nothing that a selection looks at is different; power and sectors move all the time and are no news.
bool offers_the_same(const provider& a, const provider& b);

} // namespace weir
