// The seed that keys come from: shown, and brought back from its words.
#include "actors/deals/secret_text.hpp"
#include "actors/deals/wallet_state.hpp"
#include "storage/filecoin/address_text.hpp"

namespace weir {

using records::fact;

namespace {

constexpr std::chrono::seconds chain_time{30};
constexpr std::uint32_t most_addresses = 1000; ///< that come back at once: each is a file and a record

/// The chain's word that it never saw the address, as against no word from the chain.
bool says_unknown(const error& e) {
  return e.code == errc::not_found || e.code == errc::chain_error;
}

} // namespace

result<seed_answer> wallet_state::seed(bool words) const {
  WEIR_TRY(auto info, keys->seed());
  seed_answer out{info.id, info.next, {}, {}};
  WEIR_TRY(auto all, keys->list());
  for (auto& addr : all) {
    auto from = keys->origin(addr);
    if (!from || !*from || (*from)->seed != info.id)
      out.strange.push_back(addr);
  }
  if (words) {
    WEIR_TRY(out.words, keys->seed_words());
  }
  return out;
}

result<exported_key> wallet_state::export_secret(const address& of) const {
  WEIR_TRY(auto key, keys->load(of));
  return exported_key{secret_text(key)};
}

status wallet_state::may_restore(const restore_seed& wish, const filecoin::seed_info& what) const {
  auto now = keys->seed();
  if (!now && now.error().code != errc::not_found)
    return now.error();
  if (now && now->id != what.id && !wish.replace)
    return fail(errc::already_exists,
                "The node has another seed. With 'replace' new keys come from this one; the keys that are here stay, "
                "and so does the other seed, in the keystore.",
                now->id);
  auto most = std::max(wish.addresses.value_or(0), wish.gap);
  if (most > most_addresses)
    return fail(errc::too_large, "So many addresses cannot be brought back at once.", std::to_string(most),
                std::to_string(most_addresses));
  if (!wish.addresses && !chain)
    return fail(errc::no_network, "No chain can say which addresses were used: say how many there were.");
  return {};
}

caf::typed_response_promise<restored_seed> wallet_state::restore(const restore_seed& wish) {
  auto answer = self->make_response_promise<restored_seed>();
  auto what = keys->look_at(wish.words);
  auto may = what ? may_restore(wish, *what) : status{what.error()};
  auto line = may ? filecoin::key_line::of(wish.words) : result<filecoin::key_line>{may.error()};
  if (!line) {
    answer.deliver(to_caf(line.error()));
    return answer;
  }
  auto r = std::make_shared<restoring>(wish.words, *line, wish.gap, what->next, 0u, answer);
  if (wish.addresses)
    take_seed(r, std::max(*wish.addresses, what->next));
  else
    look_for_next(r);
  return answer;
}

/// Used is what has, or had, FIL: in the wallet, in the market, or in a message.
void wallet_state::look_for_next(restoring_ptr r) {
  auto key = r->line.at(r->at);
  if (!key) {
    r->answer.deliver(to_caf(key.error()));
    return;
  }
  if (r->at >= r->found + r->gap)
    return take_seed(r, r->found);
  auto who = key->address();
  auto fails = [r](const caf::error& e) mutable { r->answer.deliver(e); };
  auto by_nonce = [this, r, who, fails] {
    self->request(chain, chain_time, chain::get_nonce{who})
        .then(
            [this, r](std::uint64_t nonce) { looked(r, nonce > 0); },
            [this, r, fails](const caf::error& e) mutable { says_unknown(from_caf(e)) ? looked(r, false) : fails(e); });
  };
  auto by_market = [this, r, who, fails, by_nonce] {
    self->request(chain, chain_time, chain::get_market_balance{who})
        .then([this, r, by_nonce](const market_balance& m) { m.escrow.zero() ? by_nonce() : looked(r, true); },
              [by_nonce, fails](const caf::error& e) mutable { says_unknown(from_caf(e)) ? by_nonce() : fails(e); });
  };
  self->request(chain, chain_time, chain::get_balance{who})
      .then([this, r, by_market](const token_amount& b) { b.zero() ? by_market() : looked(r, true); },
            [by_market, fails](const caf::error& e) mutable { says_unknown(from_caf(e)) ? by_market() : fails(e); });
}

void wallet_state::looked(restoring_ptr r, bool used) {
  ++r->at;
  if (used)
    r->found = r->at;
  if (r->found <= most_addresses)
    return look_for_next(r);
  r->answer.deliver(to_caf(fail(errc::too_large, "So many addresses cannot be brought back at once.",
                                std::to_string(r->found), std::to_string(most_addresses))));
}

/// The seed first: after a crash its keys come back with the same command.
void wallet_state::take_seed(restoring_ptr r, std::uint32_t count) {
  auto taken = keys->take_over(r->words, count);
  auto out = std::make_shared<restored_seed>();
  status kept = taken ? status{} : taken.error();
  for (std::uint32_t i = 0; kept && i < count; ++i) {
    auto key = r->line.at(i);
    kept = key ? keys->add(*key, filecoin::key_origin{taken->id, i}) : status{key.error()};
    if (kept)
      out->addresses.push_back(key->address());
  }
  if (!kept) {
    r->answer.deliver(to_caf(kept.error()));
    return;
  }
  out->id = taken->id;
  out->next = taken->next;
  auto build = [this, out](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto others, newest.list<wallet_address>());
    bool first = std::none_of(others.begin(), others.end(), [](auto& w) { return w.value.is_default; });
    for (std::size_t i = 0; i < out->addresses.size(); ++i) {
      auto& addr = out->addresses[i];
      if (std::any_of(others.begin(), others.end(), [&](auto& w) { return w.value.addr == addr; }))
        continue;
      auto label = "restored " + std::to_string(i);
      t.create(wallet_address{addr, label, std::exchange(first, false), d.world.wall(), {}});
      t.say(event_kind::wallet_created, filecoin::to_text(addr), {}, {fact("name", label)});
    }
    return t;
  };
  d.commits.commit(
      self, build,
      [r, out](const status& s) { s ? r->answer.deliver(std::move(*out)) : r->answer.deliver(to_caf(s.error())); },
      {.patient = false});
}

} // namespace weir
