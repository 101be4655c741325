// Addresses whose keys the node holds. Only the operator's.
#include "messages/actors/wallets.hpp"
#include "node/api/endpoints.hpp"
#include "node/json/record.hpp"
#include "storage/filecoin/address_text.hpp"

#include <caf/actor_cast.hpp>

namespace weir::api {

namespace {

constexpr std::chrono::minutes restore_time{10}; ///< three questions to the chain for each address

void write(json::writer& w, const wallet_balance& b) {
  w.begin_object();
  json::members(w, b.wallet);
  w.member("balance", b.balance.decimal());
  w.member("escrow", b.market.escrow.decimal());
  w.member("locked", b.market.locked.decimal());
  w.member("available", b.market.available().decimal());
  w.end_object();
}

void list_wallets(call c) {
  ask(c, c.node->wallet, atom::list_v, [c](const std::vector<wallet_balance>& all) {
    json::writer w;
    w.begin_object().key("items").begin_array();
    for (const auto& b : all)
      write(w, b);
    w.end_array().key("next").null().end_object();
    c.json(200, w);
  });
}

void show_wallet(call c) {
  auto wanted = filecoin::parse_address(c.capture("addr"));
  if (!good(c, wanted))
    return;
  ask(c, c.node->wallet, atom::list_v, [c, wanted](const std::vector<wallet_balance>& all) {
    for (const auto& b : all)
      if (b.wallet.addr == *wanted) {
        json::writer w;
        write(w, b);
        return c.json(200, w);
      }
    c.fail(fail(errc::not_found, "The node has no key of this address.", c.capture("addr")));
  });
}

void create(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    if (!runs(ready, ready.node->wallet))
      return;
    ready.node->self->request(ready.node->wallet, ask_time, atom::create_v, body["name"].string())
        .then([ready](const wallet_address& made) { ready.json(201, json::to_json(made)); },
              [ready](const caf::error& e) { ready.fail(from_caf(e)); });
  });
}

void import(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    if (!body.has("secret"))
      return ready.fail(fail(errc::invalid_argument, "secret is the key, in hex or as Lotus exports it."));
    ask(ready, ready.node->wallet, import_key{body["name"].string(), body["secret"].string()},
        [ready](const wallet_address& made) { ready.json(201, json::to_json(made)); });
  });
}

void add_escrow(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto who = filecoin::parse_address(ready.capture("addr"));
    auto amount = token_amount::parse_fil(body["amount"].string());
    if (!good(ready, who) || !good(ready, amount))
      return;
    if (amount->zero() || amount->negative())
      return ready.fail(fail(errc::invalid_argument, "The amount has to be more than nothing.", amount->fil()));
    ask(ready, ready.node->wallet, escrow_request{*who, *amount}, [ready](const cid& message) {
      json::writer w;
      w.begin_object().key("message");
      json::write(w, message);
      w.end_object();
      ready.json(202, w);
    });
  });
}

// ---- the seed that keys come from, and secrets that leave the node

seed_wallet_actor seeds(const call& c) {
  return caf::actor_cast<seed_wallet_actor>(c.node->wallet);
}

/// A secret is shown to whoever says that they want to see it; the answer is not kept.
bool wants_secret(const call& c, const json::value& body) {
  if (c.once)
    c.once->secret = true;
  if (!body["yes"].boolean())
    c.fail(fail(errc::invalid_argument, "Whoever sees it can spend what is there: say \"yes\": true to see it."));
  return body["yes"].boolean();
}

void write_list(json::writer& w, std::string_view name, const std::vector<address>& all) {
  w.key(name).begin_array();
  for (const auto& a : all)
    w.value(filecoin::to_text(a));
  w.end_array();
}

std::string seed_text(const seed_answer& s) {
  json::writer w;
  w.begin_object().member("id", s.id).member("path", "m/44'/461'/0'/0/INDEX").member("next", s.next);
  write_list(w, "notFromSeed", s.strange);
  if (!s.words.empty())
    w.member("words", s.words);
  w.end_object();
  return w.take();
}

void show_seed_of_node(call c) {
  if (runs(c, c.node->wallet))
    ask(c, seeds(c), show_seed{}, [c](const seed_answer& s) { c.json(200, seed_text(s)); });
}

void show_words(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    if (wants_secret(ready, body) && runs(ready, ready.node->wallet))
      ask(ready, seeds(ready), show_seed{true}, [ready](const seed_answer& s) { ready.json(200, seed_text(s)); });
  });
}

result<std::optional<std::uint32_t>> small_number(const json::value& body, std::string_view name) {
  if (!body.has(name))
    return std::optional<std::uint32_t>{};
  auto number = body[name].u64();
  if (!number || *number > std::numeric_limits<std::uint32_t>::max())
    return fail(errc::invalid_argument, std::string{name} + " is a number of addresses.", body[name].string());
  return std::optional{static_cast<std::uint32_t>(*number)};
}

void restore(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto count = small_number(body, "addresses");
    auto gap = small_number(body, "gap");
    if (!good(ready, count) || !good(ready, gap) || !runs(ready, ready.node->wallet))
      return;
    restore_seed wish{body["words"].string(), *count, gap->value_or(20), body["replace"].boolean()};
    ask(
        ready, seeds(ready), std::move(wish),
        [ready](const restored_seed& r) {
          json::writer w;
          w.begin_object().member("id", r.id).member("next", r.next);
          write_list(w, "addresses", r.addresses);
          w.end_object();
          ready.json(201, w);
        },
        restore_time);
  });
}

void export_secret(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto who = filecoin::parse_address(ready.capture("addr"));
    if (!wants_secret(ready, body) || !good(ready, who) || !runs(ready, ready.node->wallet))
      return;
    ask(ready, seeds(ready), export_key{*who}, [ready](const exported_key& key) {
      json::writer w;
      w.begin_object().member("secret", key.secret).end_object();
      ready.json(200, w);
    });
  });
}

} // namespace

endpoints wallet_endpoints() {
  return {
      {"GET", "/wallets", access::admin, "The node's addresses with balance and market escrow, in attoFIL.", "", "",
       200, list_wallets},
      {"POST", "/wallets", access::admin, "Makes a new key: the next one of the seed.", "", "name", 201, create},
      {"POST", "/wallets/import", access::admin, "Takes a key over.", "", "name secret", 201, import},
      {"GET", "/wallets/seed", access::admin,
       "The seed that new keys come from, without its words, and the addresses that they would not bring back.", "", "",
       200, show_seed_of_node},
      {"POST", "/wallets/seed/show", access::admin, "The 24 words of the seed (BIP-39), with `\"yes\": true`.", "",
       "yes", 200, show_words},
      {"POST", "/wallets/restore", access::admin,
       "Brings the addresses of a seed back from its words: so many, or up to a gap of addresses that the chain never "
       "saw.",
       "", "words addresses gap replace", 201, restore},
      {"GET", "/wallets/{addr}", access::admin, "One address with its balances.", "", "", 200, show_wallet},
      {"POST", "/wallets/{addr}/escrow", access::admin, "Moves FIL into the market escrow by a chain message.", "",
       "amount", 202, add_escrow},
      {"POST", "/wallets/{addr}/export", access::admin, "Its key as Lotus exports it, with `\"yes\": true`.", "", "yes",
       200, export_secret},
  };
}

} // namespace weir::api
