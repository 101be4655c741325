#include "adapters/chain/lotus_calls.hpp"

#include "messages/types/base64.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/market.hpp"
#include "storage/filecoin/message.hpp"

#include <nlohmann/json.hpp>

namespace weir::lotus {

namespace {

using filecoin::to_text;

const json at_head = json::array(); ///< the tipset key of "now"
constexpr int cbor_codec = 0x51;

struct event_name {
  const char* name;
  market_event::kind what;
};
constexpr event_name event_names[] = {{"deal-published", market_event::kind::published},
                                      {"deal-activated", market_event::kind::activated},
                                      {"deal-terminated", market_event::kind::terminated},
                                      {"deal-completed", market_event::kind::completed}};

rpc_call made(const char* method, const json& params, call_kind kind = call_kind::read) {
  return {method, params.dump(), kind};
}

json link(const cid& c) {
  return {{"/", c.text()}};
}

json message_json(const filecoin::message& m) {
  return {{"Version", m.version},
          {"To", to_text(m.to)},
          {"From", to_text(m.from)},
          {"Nonce", m.nonce},
          {"Value", m.value.decimal()},
          {"GasLimit", m.gas_limit},
          {"GasFeeCap", m.gas_fee_cap.decimal()},
          {"GasPremium", m.gas_premium.decimal()},
          {"Method", m.method},
          {"Params", m.params.empty() ? json{} : json(base64_encode(m.params))}};
}

std::string cbor_text(std::string_view text) {
  filecoin::cbor_writer out;
  out.text(text);
  return base64_encode(out.take());
}

json market_event_filter(epoch from, epoch to) {
  auto types = json::array();
  for (auto& e : event_names)
    types.push_back({{"codec", cbor_codec}, {"value", cbor_text(e.name)}});
  return {{"addresses", json::array({to_text(address::from_id(filecoin::market::actor_id))})},
          {"fields", {{"$type", types}}},
          {"fromHeight", from.value},
          {"toHeight", to.value}};
}

} // namespace

rpc_call network_name_call() {
  return made("StateNetworkName", json::array());
}

rpc_call network_version_call() {
  return made("StateNetworkVersion", json::array({at_head}));
}

rpc_call version_call() {
  return made("Version", json::array());
}

rpc_call call_of(const chain::get_head&) {
  return made("ChainHead", json::array());
}

rpc_call call_of(const chain::get_finalized&) {
  return made("ChainGetFinalizedTipSet", json::array());
}

rpc_call call_of(const chain::list_miners&) {
  return made("StateListMiners", json::array({at_head}), call_kind::slow_read);
}

rpc_call call_of(const chain::get_miner& r) {
  return made("StateMinerInfo", json::array({to_text(r.miner), at_head}));
}

rpc_call call_of(const chain::get_power& r) {
  return made("StateMinerPower", json::array({to_text(r.miner), at_head}));
}

rpc_call call_of(const chain::get_sectors& r) {
  return made("StateMinerSectorCount", json::array({to_text(r.miner), at_head}));
}

rpc_call call_of(const chain::get_balance& r) {
  return made("WalletBalance", json::array({to_text(r.of)}));
}

rpc_call call_of(const chain::get_market_balance& r) {
  return made("StateMarketBalance", json::array({to_text(r.of), at_head}));
}

rpc_call call_of(const chain::lookup_id& r) {
  return made("StateLookupID", json::array({to_text(r.of), at_head}));
}

rpc_call call_of(const chain::get_deal& r) {
  return made("StateMarketStorageDeal", json::array({r.id.value, at_head}));
}

rpc_call call_of(const chain::get_collateral& r) {
  return made("StateDealProviderCollateralBounds", json::array({r.padded_size, r.verified, at_head}));
}

rpc_call call_of(const chain::get_datacap& r) {
  return made("StateVerifiedClientStatus", json::array({to_text(r.of), at_head}));
}

rpc_call call_of(const chain::get_nonce& r) {
  return made("MpoolGetNonce", json::array({to_text(r.of)}));
}

rpc_call call_of(const chain::estimate_gas& r) {
  auto& c = r.call;
  filecoin::message m{0, c.to, c.from, c.nonce, c.value, c.gas_limit, c.gas_fee_cap, c.gas_premium, c.method, c.params};
  return made("GasEstimateMessageGas", json::array({message_json(m), {{"MaxFee", "0"}}, at_head}));
}

rpc_call call_of(const chain::search_message& r) {
  constexpr int no_limit = -1;
  return made("StateSearchMsg", json::array({at_head, link(r.message), no_limit, true}), call_kind::slow_read);
}

rpc_call call_of(const chain::get_market_events& r) {
  return made("GetActorEventsRaw", json::array({market_event_filter(r.from, r.to)}), call_kind::slow_read);
}

result<rpc_call> call_of(const chain::push_message& r) {
  WEIR_TRY(auto m, filecoin::decode_signed_message(r.signed_message));
  json signature{{"Type", static_cast<int>(m.sig.kind)}, {"Data", base64_encode(m.sig.data)}};
  return made("MpoolPush", json::array({{{"Message", message_json(m.msg)}, {"Signature", signature}}}),
              call_kind::push);
}

std::string read_network_name(const json& j) {
  auto name = read_text(j);
  if (name.empty() || printable(name, 64) != name)
    throw bad_json{"the network's name is not a name"};
  return name;
}

std::uint32_t read_network_version(const json& j) {
  return static_cast<std::uint32_t>(read_uint(j));
}

std::int64_t read_block_delay(const json& j) {
  auto delay = read_int(member(j, "BlockDelay"));
  if (delay < 1 || delay > 3600)
    throw bad_json{"a block delay of " + std::to_string(delay) + " seconds"};
  return delay;
}

tipset read_tipset(const json& j) {
  tipset out;
  out.height = read_epoch(member(j, "Height"));
  for_each(member(j, "Cids"), [&](const json& c) { out.cids.push_back(read_cid(c)); });
  auto& blocks = member(j, "Blocks");
  if (out.cids.empty() || out.height.value < 0 || !blocks.is_array() || blocks.empty())
    throw bad_json{"a tipset without blocks"};
  out.timestamp = read_int(member(blocks[0], "Timestamp"));
  return out;
}

std::vector<head_change> read_head_changes(const json& j) {
  std::vector<head_change> out;
  for_each(j, [&](const json& change) {
    auto type = read_text(member(change, "Type"));
    auto at = read_tipset(member(change, "Val"));
    using kind = head_change::kind;
    if (type != "current" && type != "apply" && type != "revert")
      throw bad_json{"a head change of the type " + printable(type, 20)};
    out.push_back({type == "current" ? kind::current : type == "apply" ? kind::apply : kind::revert, std::move(at)});
  });
  return out;
}

token_amount read_datacap(const json& j) {
  return j.is_null() ? token_amount{} : read_amount(j);
}

std::vector<address> read_addresses(const json& j) {
  std::vector<address> out;
  for_each(j, [&](const json& a) { out.push_back(read_address(a)); });
  return out;
}

miner_info read_miner_info(const json& j, const address& miner) {
  miner_info out;
  out.miner = miner;
  out.worker = read_address(member(j, "Worker"));
  out.owner = read_address(member(j, "Owner"));
  if (auto peer = optional_member(j, "PeerId"))
    out.peer_id = read_text(*peer);
  if (auto list = optional_member(j, "Multiaddrs"))
    for_each(*list, [&](const json& a) { out.multiaddrs.push_back(read_base64(a)); });
  out.sector_size = read_uint(member(j, "SectorSize"));
  return out;
}

miner_power read_miner_power(const json& j) {
  auto of = [&](const char* whose) { return read_amount(member(member(j, whose), "QualityAdjPower")); };
  return {of("MinerPower"), of("TotalPower")};
}

sector_counts read_sector_counts(const json& j) {
  return {read_uint(member(j, "Live")), read_uint(member(j, "Active")), read_uint(member(j, "Faulty"))};
}

market_balance read_market_balance(const json& j) {
  return {read_amount(member(j, "Escrow")), read_amount(member(j, "Locked"))};
}

chain_deal read_deal(const json& j, deal_id id) {
  auto& p = member(j, "Proposal");
  auto& s = member(j, "State");
  chain_deal out;
  out.id = id;
  out.piece = read_cid(member(p, "PieceCID"));
  out.padded_size = read_uint(member(p, "PieceSize"));
  out.verified = read_bool(member(p, "VerifiedDeal"));
  out.client = read_address(member(p, "Client"));
  out.provider = read_address(member(p, "Provider"));
  if (auto label = optional_member(p, "Label"); label && label->is_string())
    out.label = read_text(*label);
  out.start = read_epoch(member(p, "StartEpoch"));
  out.end = read_epoch(member(p, "EndEpoch"));
  out.price_per_epoch = read_amount(member(p, "StoragePricePerEpoch"));
  out.provider_collateral = read_amount(member(p, "ProviderCollateral"));
  out.client_collateral = read_amount(member(p, "ClientCollateral"));
  if (auto sector = optional_member(s, "SectorNumber"))
    out.sector = read_uint(*sector);
  out.sector_start = read_epoch(member(s, "SectorStartEpoch"));
  out.last_updated = read_epoch(member(s, "LastUpdatedEpoch"));
  out.slashed = read_epoch(member(s, "SlashEpoch"));
  return out;
}

collateral_bounds read_collateral(const json& j) {
  return {read_amount(member(j, "Min")), read_amount(member(j, "Max"))};
}

chain_call read_estimate(const json& j, chain_call asked) {
  asked.gas_limit = read_int(member(j, "GasLimit"));
  asked.gas_fee_cap = read_amount(member(j, "GasFeeCap"));
  asked.gas_premium = read_amount(member(j, "GasPremium"));
  if (asked.gas_limit <= 0 || asked.gas_fee_cap.negative() || asked.gas_premium.negative())
    throw bad_json{"a gas estimate that is not positive"};
  return asked;
}

std::optional<message_receipt> read_receipt(const json& j) {
  if (j.is_null())
    return std::nullopt;
  auto& receipt = member(j, "Receipt");
  message_receipt out;
  out.message = read_cid(member(j, "Message"));
  out.exit_code = read_int(member(receipt, "ExitCode"));
  if (auto returned = optional_member(receipt, "Return"))
    out.returned = read_base64(*returned);
  out.height = read_epoch(member(j, "Height"));
  return out;
}

namespace {

/// Entries of an event have CBOR values.
struct event_entries {
  std::string type;
  std::optional<std::uint64_t> id, client, provider;
};

event_entries read_entries(const json& list) {
  event_entries out;
  for_each(list, [&](const json& entry) {
    auto key = read_text(member(entry, "Key"));
    auto data = read_base64(member(entry, "Value"));
    filecoin::cbor_reader in{data};
    if (key == "$type")
      out.type = in.text();
    else if (key == "id" || key == "client" || key == "provider")
      (key == "id" ? out.id : key == "client" ? out.client : out.provider) = in.uint();
    else
      return;
    if (!in.finish())
      throw bad_json{"an event's entry is not CBOR"};
  });
  return out;
}

} // namespace

std::vector<market_event> read_market_events(const json& j) {
  std::vector<market_event> out;
  for_each(j, [&](const json& e) {
    auto entries = read_entries(member(e, "entries"));
    auto reverted = optional_member(e, "reverted");
    if ((reverted && read_bool(*reverted)) || !entries.id)
      return;
    for (auto& known : event_names)
      if (entries.type == known.name)
        out.push_back({known.what, deal_id{*entries.id}, entries.client.value_or(0), entries.provider.value_or(0),
                       read_epoch(member(e, "height")), read_cid(member(e, "msgCid"))});
  });
  return out;
}

} // namespace weir::lotus
