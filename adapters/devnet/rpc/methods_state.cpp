// State* of actors and miners.
#include "adapters/devnet/rpc/methods.hpp"

#include "messages/types/base64.hpp"
#include "storage/filecoin/chain_hash.hpp"
#include "storage/filecoin/multiaddr.hpp"

#include <nlohmann/json.hpp>

namespace weir::devnet::rpc {

namespace {

constexpr std::uint64_t power_per_miner = std::uint64_t{10} << 40;

std::uint64_t need_miner(const ledger& state, const address& a) {
  auto id = need_actor(state, a);
  if (!state.miners.find(id))
    throw rpc_failure{1, "failed to load miner actor: unexpected address: " + show(a) + " is not a miner"};
  return id;
}

json get_actor(context& c, const json& p) {
  auto& state = state_of(c, p[1]);
  auto id = need_actor(state, read_address(p[0]));
  auto* a = state.accounts.find(id);
  auto kind = id < actor::first_account ? "builtin" : state.miners.find(id) ? "storageminer" : "account";
  bool f4 = !a->key.empty() && a->key.kind() == address::protocol::delegated;
  return {{"Code", show(cid::v1(codec::raw, hash_code::blake2b_256,
                                filecoin::blake2b_256(as_bytes(std::string{"fil/16/"} + kind))))},
          {"Head", show(c.node.head()->block.state_root)},
          {"Nonce", a->nonce},
          {"Balance", a->balance.decimal()},
          {"DelegatedAddress", f4 ? json(show(a->key)) : json{}}};
}

json account_key(context& c, const json& p) {
  auto& state = state_of(c, p[1]);
  auto id = need_actor(state, read_address(p[0]));
  auto* a = state.accounts.find(id);
  if (a->key.empty())
    throw rpc_failure{1, "failed to get account actor state for " + show(address::from_id(id)) + ": not an account"};
  return show(a->key);
}

json robust_address(context& c, const json& p) {
  auto& state = state_of(c, p[1]);
  auto id = need_actor(state, read_address(p[0]));
  if (auto* m = state.miners.find(id))
    return show(m->robust);
  auto& key = state.accounts.find(id)->key;
  if (key.empty())
    throw rpc_failure{1, "no robust address for actor " + show(address::from_id(id))};
  return show(key);
}

json miner_info(context& c, const json& p) {
  auto& state = state_of(c, p[1]);
  auto& m = *state.miners.find(need_miner(state, read_address(p[0])));
  json addrs;
  for (auto& a : m.multiaddrs)
    addrs.push_back(base64_encode(a));
  auto owner = show(address::from_id(m.owner));
  return {{"Owner", owner},
          {"Worker", show(address::from_id(m.worker))},
          {"NewWorker", "<empty>"},
          {"ControlAddresses", json::array()},
          {"WorkerChangeEpoch", -1},
          {"PeerId", m.peer_id.empty() ? json{} : json(filecoin::peer_id_text(m.peer_id))},
          {"Multiaddrs", std::move(addrs)},
          {"WindowPoStProofType", 8},
          {"SectorSize", m.sector_size},
          {"WindowPoStPartitionSectors", 2349},
          {"ConsensusFaultElapsed", -1},
          {"PendingOwnerAddress", nullptr},
          {"Beneficiary", owner},
          {"BeneficiaryTerm", {{"Quota", "0"}, {"UsedQuota", "0"}, {"Expiration", 0}}},
          {"PendingBeneficiaryTerm", nullptr}};
}

json miner_power(context& c, const json& p) {
  auto& state = state_of(c, p[1]);
  need_miner(state, read_address(p[0]));
  auto total = token_amount{power_per_miner} * token_amount{state.miners.rows().size()};
  auto show_power = [](const token_amount& n) {
    return json{{"RawBytePower", n.decimal()}, {"QualityAdjPower", n.decimal()}};
  };
  return {{"MinerPower", show_power(token_amount{power_per_miner})},
          {"TotalPower", show_power(total)},
          {"HasMinPower", true}};
}

json sector_count(context& c, const json& p) {
  auto& state = state_of(c, p[1]);
  auto n = state.miners.find(need_miner(state, read_address(p[0])))->sectors.size();
  return {{"Live", n}, {"Active", n}, {"Faulty", 0}};
}

json sector_info(context& c, const json& p) {
  auto& state = state_of(c, p[2]);
  auto& m = *state.miners.find(need_miner(state, read_address(p[0])));
  auto found = m.sectors.find(read_number(p[1]));
  if (found == m.sectors.end())
    return nullptr;
  epoch activation = no_epoch, expiration = no_epoch;
  for (auto id : found->second)
    if (auto* d = state.deals.find(id)) {
      activation = d->sector_start;
      expiration = std::max(expiration, d->proposal.end);
    }
  auto sealed = filecoin::blake2b_256(as_bytes("sector " + std::to_string(found->first)));
  return {{"SectorNumber", found->first},
          {"SealProof", 8},
          {"SealedCID", show(cid::v1(codec::fil_commitment_sealed, hash_code::sha2_256, sealed))},
          {"DeprecatedDealIDs", found->second},
          {"Activation", activation.value},
          {"Expiration", expiration.value},
          {"DealWeight", "0"},
          {"VerifiedDealWeight", "0"},
          {"InitialPledge", "0"},
          {"ExpectedDayReward", "0"},
          {"ExpectedStoragePledge", "0"},
          {"PowerBaseEpoch", activation.value},
          {"ReplacedDayReward", "0"},
          {"SectorKeyCID", nullptr},
          {"Flags", 0},
          {"DailyFee", "0"}};
}

json list_miners(context& c, const json& p) {
  auto list = json::array();
  for (auto& [id, m] : state_of(c, p[0]).miners.rows())
    list.push_back(show(address::from_id(id)));
  return list;
}

} // namespace

const ledger& state_of(context& c, const json& key) {
  auto t = tipset_of(c, key);
  if (t == c.node.head())
    return c.node.state();
  auto& state = c.node.chain().state_at(t->height());
  if (state.height != t->height())
    throw rpc_failure{1, "failed to load state tree: ipld: could not find the state of that tipset"};
  return state;
}

std::uint64_t need_actor(const ledger& state, const address& a) {
  auto id = state.lookup(a);
  if (!id)
    throw rpc_failure{actor_not_found, "resolve address " + show(a) + ": actor not found"};
  return *id;
}

void add_state_methods(method_table& table) {
  table["StateGetActor"] = {2, get_actor};
  table["StateLookupID"] = {2, [](context& c, const json& p) {
                              return json(show(address::from_id(need_actor(state_of(c, p[1]), read_address(p[0])))));
                            }};
  table["StateAccountKey"] = {2, account_key};
  table["StateLookupRobustAddress"] = {2, robust_address};
  table["StateMinerInfo"] = {2, miner_info};
  table["StateMinerPower"] = {2, miner_power};
  table["StateMinerSectorCount"] = {2, sector_count};
  table["StateSectorGetInfo"] = {3, sector_info};
  table["StateListMiners"] = {1, list_miners};
}

} // namespace weir::devnet::rpc
