#include "adapters/devnet/provider/chain_agent.hpp"

#include "messages/types/base64.hpp"
#include "storage/filecoin/address_text.hpp"

#include <future>
#include <nlohmann/json.hpp>

namespace weir::devnet {

namespace {

using json = nlohmann::json;

const json head_key = json::array();

json show(const filecoin::message& m) {
  return {{"Version", m.version},
          {"To", filecoin::to_text(m.to)},
          {"From", filecoin::to_text(m.from)},
          {"Nonce", m.nonce},
          {"Value", m.value.decimal()},
          {"GasLimit", m.gas_limit},
          {"GasFeeCap", m.gas_fee_cap.decimal()},
          {"GasPremium", m.gas_premium.decimal()},
          {"Method", m.method},
          {"Params", m.params.empty() ? json{} : json(base64_encode(m.params))}};
}

error garbage(const std::string& method) {
  return fail(errc::protocol, "the chain node's answer does not parse", method);
}

result<json> parse_reply(const std::string& method, const std::string& text) {
  auto reply = json::parse(text, nullptr, false);
  if (!reply.is_object())
    return garbage(method);
  if (auto e = reply.find("error"); e != reply.end() && e->is_object())
    return fail(errc::chain_error, e->value("message", ""), method);
  return reply.value("result", json{});
}

} // namespace

chain_agent::chain_agent(loop::uv_loop& loop, http::client& client, std::string url, std::string token)
    : loop_{loop}, client_{client}, url_{std::move(url)}, token_{std::move(token)} {}

result<json> chain_agent::call(const std::string& method, json params) {
  http::client_request r;
  r.verb = "POST";
  r.url = url_;
  r.fields.add("Content-Type", "application/json");
  if (!token_.empty())
    r.fields.add("Authorization", "Bearer " + token_);
  json body{{"jsonrpc", "2.0"}, {"method", "Filecoin." + method}, {"params", std::move(params)}, {"id", 1}};
  r.body = body.dump();
  r.timeout = loop::milliseconds{10'000};
  using answer = result<http::client_response>;
  auto promise = std::make_shared<std::promise<answer>>();
  auto future = promise->get_future();
  bool posted = loop_.post([this, r = std::move(r), promise]() mutable {
    client_.fetch(std::move(r), [promise](answer a) { promise->set_value(std::move(a)); });
  });
  promise.reset(); // a loop that stops before the call breaks it
  if (!posted)
    return fail(errc::shutting_down);
  try {
    WEIR_TRY(auto response, future.get());
    return parse_reply(method, response.body);
  } catch (const std::exception&) { // broken promise, or fields of another type
    return garbage(method);
  }
}

result<epoch> chain_agent::head() {
  WEIR_TRY(auto r, call("ChainHead", json::array()));
  if (!r.is_object() || !r.contains("Height") || !r["Height"].is_number_integer())
    return garbage("ChainHead");
  return epoch{r["Height"].get<std::int64_t>()};
}

result<address> chain_agent::account_key(const address& of) {
  WEIR_TRY(auto r, call("StateAccountKey", {filecoin::to_text(of), head_key}));
  return r.is_string() ? filecoin::parse_address(r.get<std::string>()) : garbage("StateAccountKey");
}

result<escrow_entry> chain_agent::market_balance(const address& of) {
  auto r = call("StateMarketBalance", {filecoin::to_text(of), head_key});
  if (!r)
    return r.error();
  if (!r->is_object())
    return garbage("StateMarketBalance");
  WEIR_TRY(auto escrow, token_amount::parse(r->value("Escrow", "")));
  WEIR_TRY(auto locked, token_amount::parse(r->value("Locked", "")));
  return escrow_entry{escrow, locked};
}

result<token_amount> chain_agent::datacap(const address& of) {
  WEIR_TRY(auto r, call("StateVerifiedClientStatus", {filecoin::to_text(of), head_key}));
  if (r.is_null())
    return token_amount{};
  return r.is_string() ? token_amount::parse(r.get<std::string>()) : garbage("StateVerifiedClientStatus");
}

result<token_amount> chain_agent::least_collateral(std::uint64_t padded_size, bool verified) {
  WEIR_TRY(auto r, call("StateDealProviderCollateralBounds", {padded_size, verified, head_key}));
  return r.is_object() ? token_amount::parse(r.value("Min", "")) : garbage("StateDealProviderCollateralBounds");
}

result<std::vector<bytes>> chain_agent::multiaddrs(const address& miner) {
  WEIR_TRY(auto r, call("StateMinerInfo", {filecoin::to_text(miner), head_key}));
  std::vector<bytes> list;
  if (!r.is_object())
    return garbage("StateMinerInfo");
  for (auto& a : r.value("Multiaddrs", json{})) {
    if (!a.is_string())
      return garbage("StateMinerInfo");
    WEIR_TRY(auto data, base64_decode(a.get<std::string>()));
    list.push_back(std::move(data));
  }
  return list;
}

result<std::optional<landed_message>> chain_agent::search(const cid& message) {
  WEIR_TRY(auto r, call("StateSearchMsg", {head_key, {{"/", message.text()}}, -1, true}));
  if (r.is_null())
    return std::optional<landed_message>{};
  if (!r.is_object() || !r.contains("Receipt") || !r["Receipt"].is_object())
    return garbage("StateSearchMsg");
  landed_message m;
  m.height = epoch{r.value("Height", std::int64_t{-1})};
  m.exit_code = r["Receipt"].value("ExitCode", std::int64_t{-1});
  if (auto& returned = r["Receipt"]["Return"]; returned.is_string()) {
    WEIR_TRY(m.returned, base64_decode(returned.get<std::string>()));
  }
  return std::optional{std::move(m)};
}

result<chain_agent::deal_view> chain_agent::deal(std::uint64_t id) {
  auto r = call("StateMarketStorageDeal", {id, head_key});
  if (!r && r.error().code == errc::chain_error && r.error().message.find("not found") != std::string::npos)
    return deal_view{};
  if (!r)
    return r.error();
  if (!r->is_object() || !r->contains("State") || !(*r)["State"].is_object())
    return garbage("StateMarketStorageDeal");
  return deal_view{true, (*r)["State"].value("SectorStartEpoch", -1) >= 0};
}

result<filecoin::signed_message> chain_agent::prepare(const filecoin::secret_key& from, filecoin::message m) {
  m.from = from.address();
  WEIR_TRY(auto nonce, call("MpoolGetNonce", {filecoin::to_text(m.from)}));
  WEIR_TRY(auto gas, call("GasEstimateMessageGas", {show(m), {{"MaxFee", "0"}}, head_key}));
  if (!nonce.is_number_unsigned() || !gas.is_object())
    return garbage("GasEstimateMessageGas");
  m.nonce = nonce.get<std::uint64_t>();
  m.gas_limit = gas.value("GasLimit", std::int64_t{0});
  WEIR_TRY(m.gas_fee_cap, token_amount::parse(gas.value("GasFeeCap", "")));
  WEIR_TRY(m.gas_premium, token_amount::parse(gas.value("GasPremium", "")));
  return filecoin::sign(from, std::move(m));
}

status chain_agent::push(const filecoin::signed_message& m) {
  json signature{{"Type", static_cast<int>(m.sig.kind)}, {"Data", base64_encode(m.sig.data)}};
  auto r = call("MpoolPush", json::array({{{"Message", show(m.msg)}, {"Signature", std::move(signature)}}}));
  if (r || r.error().message.find("already in mpool") != std::string::npos)
    return {};
  return r.error();
}

} // namespace weir::devnet
