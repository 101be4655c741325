#pragma once
// Every request of `chain_actor` as a Lotus call, and its answer as our type
// (filecoin.md 4.3 to 4.6). Pure: no I/O. `chain::get_info` takes several
// calls and is put together by its user.
#include "adapters/chain/rpc_envelope.hpp"
#include "messages/actors/chain.hpp"
#include "messages/actors/wallets.hpp"

namespace weir::lotus {

rpc_call network_name_call();
rpc_call network_version_call();
rpc_call version_call(); ///< of the node; has the block delay

rpc_call call_of(const chain::get_head& r);
rpc_call call_of(const chain::get_finalized& r);
rpc_call call_of(const chain::list_miners& r);
rpc_call call_of(const chain::get_miner& r);
rpc_call call_of(const chain::get_power& r);
rpc_call call_of(const chain::get_sectors& r);
rpc_call call_of(const chain::get_balance& r);
rpc_call call_of(const chain::get_market_balance& r);
rpc_call call_of(const chain::lookup_id& r);
rpc_call call_of(const chain::get_deal& r);
rpc_call call_of(const chain::get_collateral& r);
rpc_call call_of(const chain::get_datacap& r);
rpc_call call_of(const chain::get_nonce& r);
rpc_call call_of(const chain::estimate_gas& r);
rpc_call call_of(const chain::search_message& r);
rpc_call call_of(const chain::get_market_events& r);
/// errc::malformed when the bytes are no signed message.
result<rpc_call> call_of(const chain::push_message& r);

// Each throws `bad_json`; use inside `decoding`.
std::string read_network_name(const json& j);
std::uint32_t read_network_version(const json& j);
std::int64_t read_block_delay(const json& j);
tipset read_tipset(const json& j);
std::vector<head_change> read_head_changes(const json& j);
std::vector<address> read_addresses(const json& j);
miner_info read_miner_info(const json& j, const address& miner);
miner_power read_miner_power(const json& j);
sector_counts read_sector_counts(const json& j);
market_balance read_market_balance(const json& j);
chain_deal read_deal(const json& j, deal_id id);
collateral_bounds read_collateral(const json& j);
token_amount read_datacap(const json& j);
chain_call read_estimate(const json& j, chain_call asked);
std::optional<message_receipt> read_receipt(const json& j);
std::vector<market_event> read_market_events(const json& j);

} // namespace weir::lotus
