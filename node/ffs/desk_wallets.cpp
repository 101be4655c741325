// Addresses of an instance: balances, new ones, sending, signing. Nobody can
// use the address of another instance, or the node's.
#include "node/ffs/desk.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/filecoin/keys.hpp"

#include <caf/actor_cast.hpp>

namespace weir::ffs {

namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_message = 64 << 10;

status check_message(const bytes& message) {
  if (!message.empty() && message.size() <= longest_message)
    return {};
  return fail(errc::invalid_argument, "The message has no bytes, or too many.", std::to_string(message.size()),
              std::to_string(longest_message) + " bytes");
}

} // namespace

result<address> desk::own_address(const instance_id& of, const std::string& text) const {
  WEIR_TRY(auto addr, filecoin::parse_address(text));
  WEIR_TRY(auto held, look()->find<wallet_address>(addr));
  if (!held || held->value.instance != of)
    return fail(errc::not_found, "The instance has no such address.", text);
  return addr;
}

void desk::wallets(asker who, const instance_id& of, answer<std::vector<wallet_balance>> done) {
  if (!p_.wallet)
    return done(fail(errc::unsupported, "This node's role does not do that; ask a node with the role core or both."));
  who->request(p_.wallet, std::chrono::seconds{60}, atom::list_v)
      .then(
          [of, done](const std::vector<wallet_balance>& all) {
            std::vector<wallet_balance> own;
            for (auto& b : all)
              if (b.wallet.instance == of)
                own.push_back(b);
            done(std::move(own));
          },
          [done](const caf::error& e) { done(from_caf(e)); });
}

void desk::make_wallet(asker who, const instance_id& of, const std::string& name, bool preferred,
                       answer<wallet_address> done) {
  auto owner = find(*look(), of);
  if (!owner)
    return done(owner.error());
  if (name.empty() || name.size() > longest_name)
    return done(fail(errc::invalid_argument, "An address needs a name.", name, "100 bytes"));
  preferred = preferred || owner->wallet.empty();
  ask<wallet_address>(who, caf::actor_cast<tenant_wallet_actor>(p_.wallet), create_address{of, name},
                      [this, who, of, preferred, done](result<wallet_address> made) {
                        made&& preferred ? make_default(who, of, *made, done) : done(std::move(made));
                      });
}

/// Its deals are paid from here unless a config names another of its addresses.
void desk::make_default(asker who, const instance_id& of, const wallet_address& made,
                        answer<wallet_address> done) const {
  auto build = [of, made](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto before, newest.get<instance>(of));
    auto after = before.value;
    after.wallet = made.addr;
    if (after.wallet == before.value.wallet)
      return t;
    t.update(before, after);
    t.say(event_kind::instance_changed, of.value, owner_of(of),
          {records::fact("wallet", filecoin::to_text(made.addr))});
    return t;
  };
  commit(who, build, std::make_shared<wallet_address>(made), std::move(done));
}

void desk::choose_wallet(asker who, const instance_id& of, const std::string& chosen, answer<wallet_address> done) {
  auto addr = own_address(of, chosen);
  if (!addr)
    return done(addr.error());
  auto held = look()->get<wallet_address>(*addr);
  held ? make_default(who, of, held->value, std::move(done)) : done(held.error());
}

void desk::send_from(asker who, send_fil wish, answer<cid> done) const {
  if (wish.amount.zero() || wish.amount.negative())
    return done(fail(errc::invalid_argument, "The amount has to be more than nothing.", wish.amount.fil()));
  ask<cid>(who, caf::actor_cast<tenant_wallet_actor>(p_.wallet), std::move(wish), std::move(done));
}

void desk::send(asker who, const instance_id& of, const std::string& from, const std::string& to,
                const token_amount& amount, answer<cid> done) {
  auto source = own_address(of, from);
  auto target = source ? filecoin::parse_address(to) : source;
  target ? send_from(who, {"send", *source, *target, amount}, std::move(done)) : done(target.error());
}

/// From the node's default address to one of the instance.
void desk::fund(asker who, const instance_id& of, const std::string& to, const token_amount& amount, answer<cid> done) {
  auto target = own_address(of, to);
  target ? send_from(who, {"fund", {}, *target, amount}, std::move(done)) : done(target.error());
}

void desk::sign(asker who, const instance_id& of, const std::string& signer, bytes message, answer<bytes> done) {
  auto own = own_address(of, signer);
  if (!own)
    return done(own.error());
  if (auto good = check_message(message); !good)
    return done(good.error());
  ask<bytes>(who, p_.wallet, signature_request{*own, std::move(message)}, std::move(done));
}

/// Of any address, by anybody.
result<bool> desk::verify(const std::string& signer, const bytes& message, const bytes& signature) const {
  WEIR_TRY(auto addr, filecoin::parse_address(signer));
  WEIR_CHECK(check_message(message));
  WEIR_TRY(auto parsed, filecoin::signature_from_bytes(signature));
  return filecoin::verify(parsed, addr, message).ok();
}

} // namespace weir::ffs
