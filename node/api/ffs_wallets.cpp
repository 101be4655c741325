// Addresses of an FFS instance: balances, new ones, sending, signing. Nobody
// can use the address of another instance, or the node's.
#include "messages/actors/wallets.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/json/record.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/keys.hpp"

#include <caf/actor_cast.hpp>

namespace weir::api {

namespace {

constexpr std::size_t max_name = 100;
constexpr std::size_t max_message = 64 << 10;

tenant_wallet_actor tenant_wallet(const call& c) {
  return caf::actor_cast<tenant_wallet_actor>(c.node->wallet);
}

/// The address of the path; errc::not_found unless it is the instance's.
result<address> own_address(const call& c, const instance_id& of) {
  WEIR_TRY(auto addr, filecoin::parse_address(c.capture("addr")));
  WEIR_TRY(auto held, c.node->newest()->find<wallet_address>(addr));
  if (!held || held->value.instance != of)
    return fail(errc::not_found, "The instance has no such address.", c.capture("addr"));
  return addr;
}

void list_addresses(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  ask(c, c.node->wallet, atom::list_v, [c, of = *of](const std::vector<wallet_balance>& all) {
    json::writer w;
    w.begin_object().key("items").begin_array();
    for (const auto& b : all) {
      if (b.wallet.instance != of.id)
        continue;
      w.begin_object();
      json::members(w, b.wallet);
      w.member("default", b.wallet.addr == of.wallet).member("balance", b.balance.decimal());
      w.member("escrow", b.market.escrow.decimal()).member("locked", b.market.locked.decimal());
      w.member("available", b.market.available().decimal()).end_object();
    }
    w.end_array().key("next").null().end_object();
    c.json(200, w);
  });
}

/// Its deals are paid from here unless a config names another of its addresses.
void make_default(const call& c, const instance_id& of, const wallet_address& made) {
  auto build = [of, made](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto before, newest.get<ffs::instance>(of));
    auto after = before.value;
    after.wallet = made.addr;
    if (after.wallet == before.value.wallet)
      return t;
    t.update(before, after);
    t.say(event_kind::instance_changed, of.value, ffs::owner_of(of),
          {records::fact("wallet", filecoin::to_text(made.addr))});
    return t;
  };
  c.node->commits.commit(c.node->self, build, [c, made](const status& done) {
    if (good(c, done))
      c.json(201, json::to_json(made));
  });
}

void create_address_of(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of) || !runs(ready, ready.node->wallet))
      return;
    auto name = body["name"].string();
    if (name.empty() || name.size() > max_name)
      return ready.fail(fail(errc::invalid_argument, "An address needs a name.", name, "100 bytes"));
    bool preferred = body["default"].boolean() || of->wallet.empty();
    ask(ready, tenant_wallet(ready), create_address{of->id, name},
        [ready, preferred, id = of->id](const wallet_address& made) {
          preferred ? make_default(ready, id, made) : ready.json(201, json::to_json(made));
        });
  });
}

void choose_default(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    auto addr = own_address(ready, of->id);
    if (!good(ready, addr))
      return;
    auto held = ready.node->newest()->get<wallet_address>(*addr);
    if (good(ready, held))
      make_default(ready, of->id, held->value);
  });
}

void answer_message(const call& c, const cid& message) {
  json::writer w;
  w.begin_object().key("message");
  json::write(w, message);
  w.end_object();
  c.json(202, w);
}

struct wished_transfer {
  address to;
  token_amount amount;
};

result<wished_transfer> transfer_of(const json::value& body) {
  wished_transfer wish;
  WEIR_TRY(wish.to, filecoin::parse_address(body["to"].string()));
  WEIR_TRY(wish.amount, token_amount::parse_fil(body["amount"].string()));
  if (wish.amount.zero() || wish.amount.negative())
    return fail(errc::invalid_argument, "The amount has to be more than nothing.", wish.amount.fil());
  return wish;
}

void send(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of) || !runs(ready, ready.node->wallet))
      return;
    auto from = own_address(ready, of->id);
    auto wish = transfer_of(body);
    if (good(ready, from) && good(ready, wish))
      ask(ready, tenant_wallet(ready), send_fil{"send", *from, wish->to, wish->amount},
          [ready](const cid& message) { answer_message(ready, message); });
  });
}

/// From the node's default address to one of the instance.
void fund(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of) || !runs(ready, ready.node->wallet))
      return;
    auto to = own_address(ready, of->id);
    auto amount = token_amount::parse_fil(body["amount"].string());
    if (!good(ready, to) || !good(ready, amount))
      return;
    if (amount->zero() || amount->negative())
      return ready.fail(fail(errc::invalid_argument, "The amount has to be more than nothing.", amount->fil()));
    ask(ready, tenant_wallet(ready), send_fil{"fund", {}, *to, *amount},
        [ready](const cid& message) { answer_message(ready, message); });
  });
}

result<bytes> message_of(const json::value& body) {
  auto message = from_hex(body["message"].string());
  if (!message || message->empty() || message->size() > max_message)
    return fail(errc::invalid_argument, "message is bytes in hex.", body["message"].string().substr(0, 100),
                std::to_string(max_message) + " bytes");
  return *message;
}

void sign(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of) || !runs(ready, ready.node->wallet))
      return;
    auto signer = own_address(ready, of->id);
    auto message = message_of(body);
    if (good(ready, signer) && good(ready, message))
      ask(ready, ready.node->wallet, signature_request{*signer, *message}, [ready](const bytes& signature) {
        json::writer w;
        w.begin_object().member("signature", to_hex(signature)).end_object();
        ready.json(200, w);
      });
  });
}

/// Of any address, by anybody.
void verify(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto signer = filecoin::parse_address(body["address"].string());
    auto message = message_of(body);
    if (!good(ready, signer) || !good(ready, message))
      return;
    auto raw = from_hex(body["signature"].string());
    auto signature =
        raw ? filecoin::signature_from_bytes(*raw)
            : result<filecoin::signature>{fail(errc::malformed, "signature is type byte and data in hex.")};
    if (!good(ready, signature))
      return;
    json::writer w;
    w.begin_object().member("valid", filecoin::verify(*signature, *signer, *message).ok()).end_object();
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
