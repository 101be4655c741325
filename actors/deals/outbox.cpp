#include "actors/deals/outbox.hpp"

#include "actors/support/quota.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/market.hpp"
#include "storage/records/belongings.hpp"

namespace weir {

using records::fact;

namespace {

template <class Change>
result<transaction_builder> change_open(const records::reader& state, const std::string& id, event_kind kind,
                                        Change change) {
  transaction_builder made;
  WEIR_TRY(auto found, state.get<chain_message>(id));
  auto after = found.value;
  if (after.state == message_state::landed || after.state == message_state::failed || !change(after))
    return made;
  made.update(found, after);
  WEIR_TRY(auto owner, records::owner_of(state, after.from));
  made.say(kind, id, std::move(owner),
           {fact("purpose", after.purpose), fact("from", filecoin::to_text(after.from)), fact("value", after.value),
            fact("cid", after.cid), fact("exitCode", after.exit_code), fact("message", after.problem.message)});
  return made;
}

} // namespace

chain_message sign_order(const message_order& order, const chain_call& call, const filecoin::secret_key& key,
                         std::string id, epoch now) {
  filecoin::message m;
  m.to = call.to;
  m.from = call.from;
  m.nonce = call.nonce;
  m.value = call.value;
  m.gas_limit = call.gas_limit;
  m.gas_fee_cap = call.gas_fee_cap;
  m.gas_premium = call.gas_premium;
  m.method = call.method;
  m.params = call.params;
  auto signed_one = filecoin::sign(key, std::move(m));
  chain_message record;
  record.id = std::move(id);
  record.purpose = order.purpose;
  record.from = order.from;
  record.to = order.to;
  record.value = order.value;
  record.method = order.method;
  record.params = order.params;
  record.nonce = call.nonce;
  record.signed_message = filecoin::encode(signed_one);
  record.cid = filecoin::signed_message_cid(signed_one);
  record.created_at = now;
  return record;
}

result<transaction_builder> intend(const records::reader& state, const chain_message& m) {
  transaction_builder made;
  WEIR_TRY(auto found, state.find<chain_message>(m.id));
  if (found)
    return made;
  WEIR_CHECK(quotas::take_spend(state, m, made));
  made.create(m);
  WEIR_TRY(auto owner, records::owner_of(state, m.from));
  made.say(event_kind::message_intended, m.id, std::move(owner),
           {fact("purpose", m.purpose), fact("from", filecoin::to_text(m.from)), fact("value", m.value),
            fact("nonce", m.nonce), fact("cid", m.cid)});
  return made;
}

result<transaction_builder> mark_sent(const records::reader& state, const std::string& id) {
  return change_open(state, id, event_kind::message_sent, [](chain_message& m) {
    return std::exchange(m.state, message_state::sent) == message_state::intended;
  });
}

result<transaction_builder> mark_landed(const records::reader& state, const std::string& id,
                                        const message_receipt& receipt) {
  bool good = receipt.exit_code == 0;
  auto kind = good ? event_kind::message_landed : event_kind::message_failed;
  return change_open(state, id, kind, [&](chain_message& m) {
    m.state = good ? message_state::landed : message_state::failed;
    m.exit_code = receipt.exit_code;
    m.landed_at = receipt.height;
    if (!good)
      m.problem = {errc::chain_error, "The chain refused it with exit code " + std::to_string(receipt.exit_code) + "."};
    return true;
  });
}

result<transaction_builder> mark_lost(const records::reader& state, const std::string& id, const std::string& why) {
  return change_open(state, id, event_kind::message_failed, [&](chain_message& m) {
    m.state = message_state::failed;
    m.problem = {errc::chain_error, why};
    return true;
  });
}

result<std::vector<chain_message>> open_messages(const records::reader& state) {
  std::vector<chain_message> open;
  WEIR_CHECK(state.each<chain_message>([&](const stored<chain_message>& m) {
    if (m.value.state == message_state::intended || m.value.state == message_state::sent)
      open.push_back(m.value);
  }));
  return open;
}

message_order escrow_order(const address& wallet, const token_amount& amount) {
  return {"add-escrow",
          wallet,
          address::from_id(filecoin::market::actor_id),
          amount,
          filecoin::market::add_balance,
          filecoin::market::encode_add_balance(wallet)};
}

} // namespace weir
