// Wallet*, Mpool*, gas, and where messages have landed.
#include "adapters/devnet/rpc/methods.hpp"

#include "storage/filecoin/market.hpp"

#include <nlohmann/json.hpp>

namespace weir::devnet::rpc {

namespace {

constexpr std::uint64_t premium = 100'000;

cid push(context& c, filecoin::signed_message m) {
  auto id = c.node.push(std::move(m));
  if (!id)
    throw rpc_failure{1, id.error().message};
  return *id;
}

filecoin::message with_gas(context& c, filecoin::message m) {
  auto& state = c.node.state();
  if (!state.lookup(m.from))
    throw rpc_failure{actor_not_found, "estimating gas used: resolve address " + show(m.from) + ": actor not found"};
  if (m.gas_limit == 0)
    m.gas_limit = gas_limit(m);
  if (m.gas_premium.zero())
    m.gas_premium = token_amount{premium};
  if (m.gas_fee_cap.zero())
    m.gas_fee_cap = token_amount{2 * c.node.chain().params().base_fee} + m.gas_premium;
  return m;
}

/// Signs with the node's own wallet, which holds the master's key only.
filecoin::signed_message sign_and_push(context& c, filecoin::message m) {
  auto key = c.wallet.address();
  if (c.node.state().lookup(m.from) != c.node.state().lookup(key))
    throw rpc_failure{1, "mpool push: failed to sign message: key not found in the node's wallet: " + show(m.from)};
  m.from = key;
  m = with_gas(c, std::move(m));
  m.nonce = c.node.chain().pool().next_nonce(c.node.chain().state(), key);
  auto signed_message = filecoin::sign(c.wallet, std::move(m));
  push(c, signed_message);
  return signed_message;
}

json push_message(context& c, const json& p) {
  auto m = read_message(p[0]);
  if (m.nonce != 0)
    throw rpc_failure{1, "MpoolPushMessage expects message nonce to be 0, was " + std::to_string(m.nonce)};
  return show(sign_and_push(c, std::move(m)));
}

json market_message(context& c, const json& p, bool add) {
  filecoin::message m;
  m.from = read_address(p[0]);
  m.to = address::from_id(actor::market);
  auto amount = read_amount(p[2]);
  m.method = add ? filecoin::market::add_balance : filecoin::market::withdraw_balance;
  if (add)
    m.value = amount;
  m.params = add ? filecoin::market::encode_add_balance(read_address(p[1]))
                 : filecoin::market::encode(filecoin::market::withdrawal{read_address(p[1]), amount});
  return show(filecoin::signed_message_cid(sign_and_push(c, std::move(m))));
}

json search(context& c, const json& p) {
  tipset_of(c, p[0]);
  read_epoch(p[2]);
  return message_lookup(c, read_cid(p[1]));
}

json pending(context& c, const json&) {
  auto list = json::array();
  for (auto& m : c.node.chain().pool().all())
    list.push_back(show(m));
  return list;
}

json wallet_balance(context& c, const json& p) {
  auto* a = c.node.state().find_account(read_address(p[0]));
  return a ? a->balance.decimal() : "0";
}

json wallet_sign(context& c, const json& p) {
  if (c.node.state().lookup(read_address(p[0])) != c.node.state().lookup(c.wallet.address()))
    throw rpc_failure{1, "failed to sign: key not found in the node's wallet"};
  return show(c.wallet.sign(read_base64(p[1])));
}

} // namespace

json message_lookup(context& c, const cid& message) {
  auto found = c.node.chain().find(message);
  if (!found || found->at->height() > c.node.head()->height())
    return nullptr;
  return {{"Message", show(found->message->id)},
          {"Receipt", show(found->message->outcome)},
          {"ReturnDec", nullptr},
          {"TipSet", show_key(*found->at)},
          {"Height", found->at->height().value}};
}

void add_message_methods(method_table& table) {
  table["MpoolGetNonce"] = {1, [](context& c, const json& p) {
                              auto from = read_address(p[0]);
                              need_actor(c.node.state(), from);
                              return json(c.node.chain().pool().next_nonce(c.node.chain().state(), from));
                            }};
  table["MpoolPush"] = {1, [](context& c, const json& p) { return show(push(c, read_signed_message(p[0]))); }};
  table["MpoolPushMessage"] = {2, push_message};
  table["MpoolPending"] = {1, pending};
  table["GasEstimateMessageGas"] = {3, [](context& c, const json& p) {
                                      auto m = with_gas(c, read_message(p[0]));
                                      return show(m, filecoin::message_cid(m));
                                    }};
  table["MarketAddBalance"] = {3, [](context& c, const json& p) { return market_message(c, p, true); }};
  table["MarketWithdraw"] = {3, [](context& c, const json& p) { return market_message(c, p, false); }};
  table["MarketGetReserved"] = {1, [](context&, const json& p) {
                                  read_address(p[0]);
                                  return json("0");
                                }};
  table["MarketReserveFunds"] = {3, [](context& c, const json& p) { return market_message(c, p, true); }};
  table["StateSearchMsg"] = {4, search};
  table["WalletBalance"] = {1, wallet_balance};
  table["WalletList"] = {0, [](context& c, const json&) { return json::array({show(c.wallet.address())}); }};
  table["WalletDefaultAddress"] = {0, [](context& c, const json&) { return json(show(c.wallet.address())); }};
  table["WalletHas"] = {1, [](context& c, const json& p) { return json(read_address(p[0]) == c.wallet.address()); }};
  table["WalletSign"] = {2, wallet_sign};
  table["WalletVerify"] = {3, [](context&, const json& p) {
                             return json(
                                 filecoin::verify(read_signature(p[2]), read_address(p[0]), read_base64(p[1])).ok());
                           }};
}

} // namespace weir::devnet::rpc
