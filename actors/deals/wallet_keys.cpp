// Keys and signatures of the wallet.
#include "actors/deals/secret_text.hpp"
#include "actors/deals/wallet_state.hpp"
#include "storage/filecoin/address_text.hpp"

namespace weir {

using records::fact;

result<wallet_address> wallet_state::find_default() const {
  WEIR_TRY(auto all, d.look()->list<wallet_address>());
  for (auto& w : all)
    if (w.value.is_default)
      return w.value;
  return fail(errc::not_found, "The node holds no address yet.");
}

caf::typed_response_promise<address> wallet_state::default_address() {
  auto promise = self->make_response_promise<address>();
  if (auto found = find_default()) {
    promise.deliver(found->addr);
    return promise;
  }
  auto key = keys->make(d.world.random);
  if (!key) {
    promise.deliver(to_caf(key.error()));
    return promise;
  }
  record_key(key->address(), "default", [promise](const result<wallet_address>& r) mutable {
    r ? promise.deliver(r->addr) : promise.deliver(to_caf(r.error()));
  });
  return promise;
}

/// The record of a key that is in the keystore.
caf::typed_response_promise<wallet_address> wallet_state::keep(const result<filecoin::secret_key>& key,
                                                               const std::string& label) {
  auto promise = self->make_response_promise<wallet_address>();
  if (!key) {
    promise.deliver(to_caf(key.error()));
    return promise;
  }
  record_key(key->address(), label, [promise](const result<wallet_address>& r) mutable {
    r ? promise.deliver(*r) : promise.deliver(to_caf(r.error()));
  });
  return promise;
}

caf::typed_response_promise<wallet_address> wallet_state::create(const std::string& label) {
  return keep(keys->make(d.world.random), label);
}

caf::typed_response_promise<wallet_address> wallet_state::import(const import_key& key) {
  auto secret = parse_secret(key.secret);
  // One that was derived here stays derived.
  if (secret && !keys->load(secret->address()))
    if (auto kept = keys->add(*secret); !kept)
      secret = kept.error();
  return keep(secret, key.name);
}

/// The first address is the default one. Called again for a key without a record.
void wallet_state::record_key(const address& addr, const std::string& label,
                              std::function<void(const result<wallet_address>&)> done) {
  auto made = std::make_shared<wallet_address>();
  auto build = [this, addr, label, made](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto found, newest.find<wallet_address>(addr));
    if (found) {
      *made = found->value;
      return t;
    }
    WEIR_TRY(auto others, newest.list<wallet_address>());
    bool first = std::none_of(others.begin(), others.end(), [](auto& w) { return w.value.is_default; });
    *made = {addr, label, first, d.world.wall(), {}};
    t.create(*made);
    t.say(event_kind::wallet_created, filecoin::to_text(addr), {}, {fact("name", label)});
    return t;
  };
  d.commits.commit(self, build,
                   [made, done = std::move(done)](const status& s) {
                     done(s ? result<wallet_address>{*made} : result<wallet_address>{s.error()});
                   },
                   {.patient = false});
}

result<bytes> wallet_state::sign(const signature_request& r) const {
  WEIR_TRY(auto key, keys->load(r.signer));
  return filecoin::signature_bytes(key.sign(r.message));
}

caf::typed_response_promise<std::vector<wallet_balance>> wallet_state::balances() {
  auto promise = self->make_response_promise<std::vector<wallet_balance>>();
  auto all = d.look()->list<wallet_address>();
  if (!all) {
    promise.deliver(to_caf(all.error()));
    return promise;
  }
  struct gathering {
    std::vector<wallet_balance> found;
    std::size_t left = 0;
  };
  auto g = std::make_shared<gathering>();
  for (auto& w : *all)
    g->found.push_back({w.value, {}, {}});
  g->left = chain ? 2 * g->found.size() : 0;
  if (g->left == 0) {
    promise.deliver(std::move(g->found));
    return promise;
  }
  auto one_done = [g, promise]() mutable {
    if (--g->left == 0)
      promise.deliver(std::move(g->found));
  };
  // A balance that the chain does not tell (an address that it never saw) is zero.
  for (std::size_t i = 0; i < g->found.size(); ++i) {
    auto of = g->found[i].wallet.addr;
    auto skip = [one_done](const caf::error&) mutable { one_done(); };
    self->request(chain, std::chrono::seconds{30}, chain::get_balance{of})
        .then([g, i, one_done](const token_amount& b) mutable { g->found[i].balance = b, one_done(); }, skip);
    self->request(chain, std::chrono::seconds{30}, chain::get_market_balance{of})
        .then([g, i, one_done](const market_balance& b) mutable { g->found[i].market = b, one_done(); }, skip);
  }
  return promise;
}

} // namespace weir
