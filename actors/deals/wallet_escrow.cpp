// The market escrow: enough for every deal that is promised and not yet
// locked by the chain, filled by message when it runs low.
#include "actors/deals/plan.hpp"
#include "actors/deals/wallet_state.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/records/belongings.hpp"

namespace weir {

using records::fact;

namespace {

constexpr std::chrono::seconds chain_time{30};

error no_chain() {
  return fail(errc::no_network, "Neither devnet nor chain is configured: start the node with --devnet or --chain URL.");
}

} // namespace

void wallet_state::hear(const event& e) {
  look_at_deal(deal_uuid{e.subject});
}

void wallet_state::look_at_deal(const deal_uuid& id) {
  auto found = d.look()->find<deal>(id);
  if (!found || !*found)
    return;
  look_at((*found)->value);
}

void wallet_state::look_at(const deal& deal_now) {
  if (deal_now.state == deal_state::intended || deal_now.state == deal_state::proposed)
    unpublished[deal_now.uuid] = {deal_now.client, funds_of(deal_now), deal_now.verified ? deal_now.padded_size : 0};
  else
    unpublished.erase(deal_now.uuid);
}

token_amount wallet_state::reserved(const address& wallet) const {
  token_amount sum;
  for (auto& [uuid, lock] : unpublished)
    if (lock.client == wallet)
      sum = sum + lock.funds;
  return sum;
}

caf::typed_response_promise<nothing> wallet_state::want_escrow(const escrow_need& n) {
  auto promise = self->make_response_promise<nothing>();
  if (!chain) {
    promise.deliver(to_caf(no_chain()));
    return promise;
  }
  needs.push_back(std::make_shared<need>(need{n.wallet, n.amount, n.deals, promise}));
  look_at_needs();
  return promise;
}

/// One at a time, in their order: each sees what the ones before made of the escrow.
void wallet_state::look_at_needs() {
  if (checking || needs.empty())
    return;
  checking = true;
  auto n = needs.front();
  needs.pop_front();
  check(n);
}

void wallet_state::check(std::shared_ptr<need> n) {
  auto fails = [this, n](const caf::error& e) { refuse(*n, from_caf(e)); };
  self->request(chain, chain_time, chain::get_market_balance{n->wallet})
      .then(
          [this, n, fails](const market_balance& market) {
            for (auto& id : std::exchange(promised, {}))
              look_at_deal(id);
            auto wanted = n->amount + reserved(n->wallet);
            if (market.available() >= wanted) {
              low.erase(n->wallet);
              promised = n->deals;
              n->answer.deliver(nothing{});
              checking = false;
              look_at_needs();
              return;
            }
            auto missing = wanted - market.available();
            self->request(chain, chain_time, chain::get_balance{n->wallet})
                .then([this, n, missing](const token_amount& b) { refill(n, missing, b); }, fails);
          },
          fails);
}

void wallet_state::refill(std::shared_ptr<need> n, const token_amount& missing, const token_amount& balance) {
  auto spendable = balance > options.gas_reserve ? balance - options.gas_reserve : token_amount{};
  if (spendable < missing) {
    auto words = "The wallet " + filecoin::to_text(n->wallet) + " lacks " + (missing - spendable).fil()
                 + ": the escrow needs " + missing.fil() + " more.";
    say_low(n->wallet, words);
    refuse(*n, fail(errc::insufficient_funds, words, balance.fil(), (missing + options.gas_reserve).fil()));
    return;
  }
  auto amount = missing < options.least_refill ? std::min(options.least_refill, spendable) : missing;
  // `check` runs again when the message has landed (closed()).
  send({escrow_order(n->wallet, amount), [this, n](const result<chain_message>& sent) {
          if (!sent)
            refuse(*n, sent.error());
          else
            needs.push_front(n);
        }});
}

void wallet_state::refuse(const need& n, const error& e) {
  auto answer = n.answer;
  answer.deliver(to_caf(e));
  checking = false;
  look_at_needs();
}

void wallet_state::say_low(const address& wallet, const std::string& words) {
  if (!low.insert(wallet).second)
    return;
  auto said = std::make_shared<bool>(false);
  auto build = [wallet, words, said](const records::reader& state) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto owner, records::owner_of(state, wallet));
    if (!std::exchange(*said, true))
      t.say(event_kind::wallet_low, filecoin::to_text(wallet), std::move(owner), {fact("message", words)});
    return t;
  };
  d.commits.commit(self, build, [](const status&) {});
}

caf::typed_response_promise<cid> wallet_state::add_escrow(const escrow_request& r) {
  auto promise = self->make_response_promise<cid>();
  if (!chain) {
    promise.deliver(to_caf(no_chain()));
    return promise;
  }
  if (r.amount.zero() || r.amount.negative()) {
    promise.deliver(to_caf(fail(errc::invalid_argument, "The amount must be more than nothing.", r.amount.decimal())));
    return promise;
  }
  send({escrow_order(r.wallet, r.amount), [promise](const result<chain_message>& sent) mutable {
          sent ? promise.deliver(sent->cid) : promise.deliver(to_caf(sent.error()));
        }});
  return promise;
}

} // namespace weir
