#include "adapters/devnet/rpc/json_values.hpp"

#include "messages/types/base64.hpp"
#include "storage/filecoin/address_text.hpp"

#include <nlohmann/json.hpp>

namespace weir::devnet::rpc {

namespace {

constexpr int cbor_codec = 0x51;

/// CID of an empty list: what fields point to that the devnet has nothing for.
json empty_list() {
  return {{"/", "bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a"}};
}

template <class T>
T need(result<T> r, const char* what) {
  if (!r)
    throw rpc_failure{parse_error, std::string{what} + ": " + r.error().message};
  return *std::move(r);
}

const json& member(const json& j, const char* name) {
  auto found = j.find(name);
  if (found == j.end())
    throw rpc_failure{parse_error, std::string{"field '"} + name + "' is missing"};
  return *found;
}

std::string text_of(const json& j) {
  if (!j.is_string())
    throw rpc_failure{parse_error, "a string was expected, got " + j.dump()};
  return j.get<std::string>();
}

} // namespace

bytes read_base64(const json& j) {
  if (j.is_null())
    return {};
  return need(base64_decode(text_of(j)), "illegal base64 data");
}

json show(const cid& c) {
  return c.empty() ? json{} : json{{"/", c.text()}};
}

std::string show(const address& a) {
  return filecoin::to_text(a);
}

json show_key(const tipset_data& t) {
  return json::array({show(t.block_cid)});
}

json show_block(const tipset_data& t) {
  auto& b = t.block;
  auto parents = json::array();
  for (auto& p : b.parents)
    parents.push_back(show(p));
  return {{"Miner", show(b.miner)},
          {"Ticket", {{"VRFProof", base64_encode(b.ticket)}}},
          {"ElectionProof", {{"WinCount", 1}, {"VRFProof", base64_encode(b.ticket)}}},
          {"BeaconEntries", nullptr},
          {"WinPoStProof", nullptr},
          {"Parents", std::move(parents)},
          {"ParentWeight", b.weight.decimal()},
          {"Height", b.height.value},
          {"ParentStateRoot", show(b.state_root)},
          {"ParentMessageReceipts", show(b.receipts)},
          {"Messages", show(b.messages)},
          {"BLSAggregate", nullptr},
          {"Timestamp", b.timestamp},
          {"BlockSig", nullptr},
          {"ForkSignaling", 0},
          {"ParentBaseFee", "100"}};
}

json show(const tipset_data& t) {
  return {{"Cids", show_key(t)}, {"Blocks", json::array({show_block(t)})}, {"Height", t.height().value}};
}

json show(const filecoin::message& m, const cid& id) {
  return {{"Version", m.version},
          {"To", show(m.to)},
          {"From", show(m.from)},
          {"Nonce", m.nonce},
          {"Value", m.value.decimal()},
          {"GasLimit", m.gas_limit},
          {"GasFeeCap", m.gas_fee_cap.decimal()},
          {"GasPremium", m.gas_premium.decimal()},
          {"Method", m.method},
          {"Params", m.params.empty() ? json{} : json(base64_encode(m.params))},
          {"CID", show(id)}};
}

json show(const filecoin::signature& s) {
  return {{"Type", static_cast<int>(s.kind)}, {"Data", base64_encode(s.data)}};
}

json show(const filecoin::signed_message& m) {
  return {{"Message", show(m.msg, filecoin::message_cid(m.msg))},
          {"Signature", show(m.sig)},
          {"CID", show(filecoin::signed_message_cid(m))}};
}

json show(const receipt& r) {
  return {{"ExitCode", r.exit_code},
          {"Return", r.returned.empty() ? json{} : json(base64_encode(r.returned))},
          {"GasUsed", r.gas_used},
          {"EventsRoot", nullptr}};
}

json show(const market_deal& d) {
  auto& p = d.proposal;
  return {{"Proposal",
           {{"PieceCID", show(p.piece)},
            {"PieceSize", p.padded_size},
            {"VerifiedDeal", p.verified},
            {"Client", show(p.client)},
            {"Provider", show(p.provider)},
            {"Label", p.label.is_text ? p.label.data : ""},
            {"StartEpoch", p.start.value},
            {"EndEpoch", p.end.value},
            {"StoragePricePerEpoch", p.price_per_epoch.decimal()},
            {"ProviderCollateral", p.provider_collateral.decimal()},
            {"ClientCollateral", p.client_collateral.decimal()}}},
          {"State",
           {{"SectorNumber", d.sector},
            {"SectorStartEpoch", d.sector_start.value},
            {"LastUpdatedEpoch", d.last_updated.value},
            {"SlashEpoch", -1}}}};
}

json show(const actor_event& e, const tipset_data& at, bool reverted) {
  auto entries = json::array();
  for (auto& entry : e.entries)
    entries.push_back({{"Flags", 3}, {"Key", entry.key}, {"Codec", cbor_codec}, {"Value", base64_encode(entry.value)}});
  return {{"entries", std::move(entries)}, {"emitter", show(address::from_id(e.emitter))},
          {"reverted", reverted},          {"height", at.height().value},
          {"tipsetKey", show_key(at)},     {"msgCid", e.message.empty() ? empty_list() : show(e.message)}};
}

cid read_cid(const json& j) {
  if (!j.is_object() || j.size() != 1)
    throw rpc_failure{parse_error, "a CID object {\"/\": …} was expected, got " + j.dump()};
  return need(cid::parse(text_of(member(j, "/"))), "invalid cid");
}

address read_address(const json& j) {
  return need(filecoin::parse_address(text_of(j)), "invalid address");
}

epoch read_epoch(const json& j) {
  if (!j.is_number_integer())
    throw rpc_failure{parse_error, "an epoch was expected, got " + j.dump()};
  return epoch{j.get<std::int64_t>()};
}

std::uint64_t read_number(const json& j) {
  if (!j.is_number_unsigned())
    throw rpc_failure{parse_error, "a number was expected, got " + j.dump()};
  return j.get<std::uint64_t>();
}

token_amount read_amount(const json& j) {
  return need(token_amount::parse(text_of(j)), "failed to parse bigint string");
}

filecoin::message read_message(const json& j) {
  if (!j.is_object())
    throw rpc_failure{parse_error, "a message was expected"};
  filecoin::message m;
  m.version = j.value("Version", std::uint64_t{0});
  m.to = read_address(member(j, "To"));
  m.from = read_address(member(j, "From"));
  m.nonce = j.value("Nonce", std::uint64_t{0});
  m.value = read_amount(member(j, "Value"));
  m.gas_limit = j.value("GasLimit", std::int64_t{0});
  m.gas_fee_cap = read_amount(member(j, "GasFeeCap"));
  m.gas_premium = read_amount(member(j, "GasPremium"));
  m.method = j.value("Method", std::uint64_t{0});
  m.params = read_base64(j.value("Params", json{}));
  return m;
}

filecoin::signature read_signature(const json& j) {
  auto kind = read_number(member(j, "Type"));
  if (kind < 1 || kind > 3)
    throw rpc_failure{parse_error, "unknown signature type " + std::to_string(kind)};
  return {static_cast<filecoin::signature::type>(kind), read_base64(member(j, "Data"))};
}

filecoin::signed_message read_signed_message(const json& j) {
  return {read_message(member(j, "Message")), read_signature(member(j, "Signature"))};
}

} // namespace weir::devnet::rpc
