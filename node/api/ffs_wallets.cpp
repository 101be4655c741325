// Addresses of an FFS instance: balances, new ones, sending, signing. Nobody
// can use the address of another instance, or the node's.
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/json/record.hpp"

namespace weir::api {

namespace {

void list_addresses(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  c.node->desk->wallets(c.node->self, of->id, answer<std::vector<wallet_balance>>(c, [c, of = *of](const auto& all) {
                          json::writer w;
                          w.begin_object().key("items").begin_array();
                          for (const wallet_balance& b : all) {
                            w.begin_object();
                            json::members(w, b.wallet);
                            w.member("default", b.wallet.addr == of.wallet).member("balance", b.balance.decimal());
                            w.member("escrow", b.market.escrow.decimal()).member("locked", b.market.locked.decimal());
                            w.member("available", b.market.available().decimal()).end_object();
                          }
                          w.end_array().key("next").null().end_object();
                          c.json(200, w);
                        }));
}

auto answer_address(const call& c) {
  return answer<wallet_address>(c, [c](const wallet_address& made) { c.json(201, json::to_json(made)); });
}

auto answer_message(const call& c) {
  return answer<cid>(c, [c](const cid& message) {
    json::writer w;
    w.begin_object().key("message");
    json::write(w, message);
    w.end_object();
    c.json(202, w);
  });
}

void create_address_of(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (good(ready, of))
      ready.node->desk->make_wallet(ready.node->self, of->id, body["name"].string(), body["default"].boolean(),
                                    answer_address(ready));
  });
}

void choose_default(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (good(ready, of))
      ready.node->desk->choose_wallet(ready.node->self, of->id, ready.capture("addr"), answer_address(ready));
  });
}

void send(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    auto amount = token_amount::parse_fil(body["amount"].string());
    if (good(ready, of) && good(ready, amount))
      ready.node->desk->send(ready.node->self, of->id, ready.capture("addr"), body["to"].string(), *amount,
                             answer_message(ready));
  });
}

/// From the node's default address to one of the instance.
void fund(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    auto amount = token_amount::parse_fil(body["amount"].string());
    if (good(ready, of) && good(ready, amount))
      ready.node->desk->fund(ready.node->self, of->id, ready.capture("addr"), *amount, answer_message(ready));
  });
}

result<bytes> bytes_of(const json::value& body, std::string_view member) {
  auto raw = from_hex(body[member].string());
  if (!raw)
    return fail(errc::invalid_argument, std::string{member} + " is bytes in hex.",
                body[member].string().substr(0, 100));
  return *raw;
}

void sign(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    auto message = bytes_of(body, "message");
    if (!good(ready, of) || !good(ready, message))
      return;
    ready.node->desk->sign(ready.node->self, of->id, ready.capture("addr"), *message,
                           answer<bytes>(ready, [ready](const bytes& signature) {
                             json::writer w;
                             w.begin_object().member("signature", to_hex(signature)).end_object();
                             ready.json(200, w);
                           }));
  });
}

/// Of any address, by anybody.
void verify(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto message = bytes_of(body, "message");
    auto signature = bytes_of(body, "signature");
    if (!good(ready, message) || !good(ready, signature))
      return;
    auto valid = ready.node->desk->verify(body["address"].string(), *message, *signature);
    if (!good(ready, valid))
      return;
    json::writer w;
    w.begin_object().member("valid", *valid).end_object();
    ready.json(200, w);
  });
}

} // namespace

endpoints ffs_wallet_endpoints() {
  using ffs::scope::wallet;
  return {
      {"GET", "/ffs/instances/{instance}/wallets", access::user,
       "Its addresses with balance and escrow; the default one pays for its deals. Without any the node's pays.", "",
       "", 200, list_addresses, wallet},
      {"POST", "/ffs/instances/{instance}/wallets", access::user, "Makes a new address; the first one is its default.",
       "", "name default", 201, create_address_of, wallet},
      {"POST", "/ffs/instances/{instance}/wallets/{addr}/default", access::user, "Makes this one its default.", "", "",
       201, choose_default, wallet},
      {"POST", "/ffs/instances/{instance}/wallets/{addr}/send", access::user,
       "Sends FIL from an address of the instance; the CID of the chain message.", "", "to amount", 202, send, wallet},
      {"POST", "/ffs/instances/{instance}/wallets/{addr}/fund", access::admin,
       "Sends FIL from the node's default address to one of the instance.", "", "amount", 202, fund},
      {"POST", "/ffs/instances/{instance}/wallets/{addr}/sign", access::user, "Signs bytes (hex).", "", "message", 200,
       sign, wallet},
      {"POST", "/ffs/verify", access::user, "Whether a signature (hex) of any address is one of these bytes (hex).", "",
       "address message signature", 200, verify, ffs::scope::read},
  };
}

} // namespace weir::api
