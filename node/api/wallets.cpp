// Addresses whose keys the node holds. Only the operator's.
#include "node/api/endpoints.hpp"
#include "node/json/record.hpp"
#include "storage/filecoin/address_text.hpp"

namespace weir::api {

namespace {

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

} // namespace

endpoints wallet_endpoints() {
  return {
      {"GET", "/wallets", access::admin, "The node's addresses with balance and market escrow, in attoFIL.", "", "",
       200, list_wallets},
      {"POST", "/wallets", access::admin, "Makes a new key.", "", "name", 201, create},
      {"POST", "/wallets/import", access::admin, "Takes a key over.", "", "name secret", 201, import},
      {"GET", "/wallets/{addr}", access::admin, "One address with its balances.", "", "", 200, show_wallet},
      {"POST", "/wallets/{addr}/escrow", access::admin, "Moves FIL into the market escrow by a chain message.", "",
       "amount", 202, add_escrow},
  };
}

} // namespace weir::api
