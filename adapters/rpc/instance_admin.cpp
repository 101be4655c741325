// Scopes wallet and admin of an FFS instance: addresses; tokens and its default config.
#include "adapters/rpc/instance.hpp"
#include "adapters/rpc/records.hpp"
#include "storage/filecoin/address_text.hpp"

namespace weir::rpc {

namespace {

void fill_address(wire::Wallet::Builder to, const wallet_address& a, const address& preferred) {
  to.setAddress(filecoin::to_text(a.addr).c_str());
  to.setName(a.name.c_str());
  to.setIsDefault(a.addr == preferred);
  to.setCreated(a.created.value);
}

void fill_balance(wire::Wallet::Builder to, const wallet_balance& b) {
  to.setBalance(b.balance.decimal().c_str());
  to.setEscrow(b.market.escrow.decimal().c_str());
  to.setLocked(b.market.locked.decimal().c_str());
  to.setAvailable(b.market.available().decimal().c_str());
}

bytes bytes_of(capnp::Data::Reader d) {
  return {d.begin(), d.end()};
}

class instance_wallets final : public tenant<wire::InstanceWallets> {
public:
  using tenant::tenant;

protected:
  kj::Promise<void> list(ListContext c) override {
    return at_desk<std::vector<wallet_balance>>(session_->node(),
                                                [&](auto done) { desk().wallets(asker(), of_, done); })
        .then([this, c](std::vector<wallet_balance> all) mutable {
          auto i = find();
          auto preferred = i ? i->wallet : address{};
          auto to = c.getResults().initItems(static_cast<unsigned>(all.size()));
          for (unsigned n = 0; n < all.size(); ++n) {
            fill_address(to[n], all[n].wallet, preferred);
            fill_balance(to[n], all[n]);
          }
        });
  }
  kj::Promise<void> create(CreateContext c) override {
    auto name = text(c.getParams().getName());
    bool preferred = c.getParams().getMakeDefault();
    return at_desk<wallet_address>(session_->node(),
                                   [&](auto done) { desk().make_wallet(asker(), of_, name, preferred, done); })
        .then([this, c](wallet_address made) mutable {
          auto i = find();
          fill_address(c.getResults().initWallet(), made, i ? i->wallet : address{});
        });
  }
  kj::Promise<void> chooseDefault(ChooseDefaultContext c) override {
    auto chosen = text(c.getParams().getAddress());
    return at_desk<wallet_address>(session_->node(),
                                   [&](auto done) { desk().choose_wallet(asker(), of_, chosen, done); })
        .ignoreResult();
  }
  kj::Promise<void> send(SendContext c) override {
    auto p = c.getParams();
    auto amount = token_amount::parse(text(p.getAmount()));
    if (!amount)
      return to_exception(amount.error());
    return at_desk<cid>(
               session_->node(),
               [&](auto done) { desk().send(asker(), of_, text(p.getFrom()), text(p.getTo()), *amount, done); })
        .then([c](cid message) mutable { c.getResults().setMessage(message.text().c_str()); });
  }
  kj::Promise<void> sign(SignContext c) override {
    auto p = c.getParams();
    return at_desk<bytes>(
               session_->node(),
               [&](auto done) { desk().sign(asker(), of_, text(p.getAddress()), bytes_of(p.getMessage()), done); })
        .then([c](bytes signature) mutable {
          c.getResults().setSignature(kj::arrayPtr(signature.data(), signature.size()));
        });
  }
};

class instance_admin final : public tenant<wire::InstanceAdmin> {
public:
  using tenant::tenant;

protected:
  kj::Promise<void> setDefaultConfig(SetDefaultConfigContext c) override {
    auto config = config_from(c.getParams().getConfig());
    if (!config)
      return to_exception(config.error());
    auto change = [wanted = *config](const ffs::cid_config&) { return result<ffs::cid_config>{wanted}; };
    return at_desk<ffs::cid_config>(session_->node(),
                                    [&](auto done) { desk().set_default(asker(), of_, change, done); })
        .then([c](ffs::cid_config now) mutable { fill(c.getResults().initConfig(), now); });
  }
  kj::Promise<void> listTokens(ListTokensContext c) override {
    auto all = desk().tokens(*look(), of_);
    if (!all)
      return to_exception(all.error());
    auto to = c.getResults().initItems(static_cast<unsigned>(all->size()));
    for (unsigned i = 0; i < all->size(); ++i) {
      fill(to[i], (*all)[i]);
      to[i].setLastUse(desk().last_use((*all)[i]).value);
    }
    return kj::READY_NOW;
  }
  kj::Promise<void> createToken(CreateTokenContext c) override {
    auto p = c.getParams();
    auto scopes = scopes_of(p.getScopes());
    if (!scopes)
      return to_exception(scopes.error());
    ffs::token_wish wish{text(p.getName()), *scopes, unix_ms{p.getExpires()}};
    return at_desk<ffs::made_token>(
               session_->node(),
               [&](auto done) { desk().make_token(asker(), of_, std::move(wish), session_->who().scopes, done); })
        .then([c](ffs::made_token made) mutable {
          fill(c.getResults().initToken(), made.record);
          c.getResults().setText(made.text.c_str());
        });
  }
  kj::Promise<void> revokeToken(RevokeTokenContext c) override {
    auto name = text(c.getParams().getName());
    return at_desk<nothing>(session_->node(), [&](auto done) { desk().revoke_token(asker(), of_, name, done); })
        .ignoreResult();
  }
  kj::Promise<void> listWebhooks(ListWebhooksContext c) override {
    auto r = look();
    auto all = desk().webhooks(*r, of_);
    if (!all)
      return to_exception(all.error());
    fill_list(c.getResults().initItems(static_cast<unsigned>(all->size())), *all);
    c.getResults().setRevision(r->at().value);
    return kj::READY_NOW;
  }
  kj::Promise<void> createWebhook(CreateWebhookContext c) override {
    auto p = c.getParams();
    ffs::webhook_change wish{text(p.getUrl()), texts(p.getEvents())};
    return at_desk<ffs::webhook>(session_->node(), [&](auto done) { desk().make_webhook(asker(), of_, wish, done); })
        .then([c](ffs::webhook made) mutable {
          fill(c.getResults().initWebhook(), made);
          c.getResults().setSigningSecret(made.secret.c_str());
        });
  }
  kj::Promise<void> changeWebhook(ChangeWebhookContext c) override {
    auto p = c.getParams();
    ffs::webhook_change wish;
    if (p.getUrl().size() > 0)
      wish.url = text(p.getUrl());
    if (p.hasEvents())
      wish.events = texts(p.getEvents());
    return at_desk<ffs::webhook>(session_->node(),
                                 [&](auto done) { desk().change_webhook(asker(), of_, text(p.getId()), wish, done); })
        .then([c](ffs::webhook now) mutable { fill(c.getResults().initWebhook(), now); });
  }
  kj::Promise<void> removeWebhook(RemoveWebhookContext c) override {
    auto id = text(c.getParams().getId());
    return at_desk<nothing>(session_->node(), [&](auto done) { desk().remove_webhook(asker(), of_, id, done); })
        .ignoreResult();
  }
  /// What the receiver said is the answer, not an error of ours.
  kj::Promise<void> testWebhook(TestWebhookContext c) override {
    auto id = text(c.getParams().getId());
    return at_desk<tried>(session_->node(),
                          [&](auto done) {
                            desk().test_webhook(asker(), of_, id, [done](result<nothing> said) {
                              if (said)
                                return done(tried{});
                              auto why = said.error();
                              bool ours = why.code == errc::not_found || why.code == errc::unsupported;
                              done(ours ? result<tried>{why} : result<tried>{tried{ffs::cause_of(why)}});
                            });
                          })
        .then([c](tried what) mutable {
          c.getResults().setDelivered(!what.err.any());
          fill(c.getResults().initErr(), what.err);
        });
  }

private:
  struct tried {
    ffs::err_cause err;
  };
};

template <class Client, class Make>
Client with_scope(const session_ptr& s, const instance_id& of, std::uint8_t scopes, scope needed, const char* name,
                  Make make) {
  if (of.value.empty())
    return to_exception(fail(errc::not_found, "This token is not of an FFS instance."));
  if ((scopes >> static_cast<unsigned>(needed) & 1) == 0)
    return to_exception(fail(errc::forbidden, "This token does not have the scope for that.", name));
  return make(s, of);
}

} // namespace

std::vector<std::string> texts(capnp::List<capnp::Text>::Reader from) {
  std::vector<std::string> out;
  for (auto t : from)
    out.push_back(text(t));
  return out;
}

result<std::uint32_t> scopes_of(capnp::List<wire::Scope>::Reader named) {
  std::uint32_t scopes = 0;
  for (auto s : named) {
    if (static_cast<std::size_t>(s) >= scope_count)
      return fail(errc::invalid_argument, "There is no such scope.", std::to_string(static_cast<unsigned>(s)),
                  ffs::scopes_text(ffs::scope::all));
    scopes |= 1u << static_cast<unsigned>(s);
  }
  return named.size() == 0 ? ffs::scope::all : scopes;
}

status fill_instance(wire::Instance::Builder to, const session_ptr& s, const instance_id& of, std::uint8_t scopes) {
  if (!of.value.empty())
    WEIR_CHECK(s->books()->room_for(scope_count));
  to.setId(of.value.c_str());
  to.setReading(with_scope<wire::InstanceReading::Client>(s, of, scopes, scope::read, "read", make_instance_reading));
  to.setStoring(with_scope<wire::InstanceStoring::Client>(s, of, scopes, scope::store, "store", make_instance_storing));
  to.setWallets(
      with_scope<wire::InstanceWallets::Client>(s, of, scopes, scope::wallet, "wallet", make_instance_wallets));
  to.setAdmin(with_scope<wire::InstanceAdmin::Client>(s, of, scopes, scope::admin, "admin", make_instance_admin));
  return {};
}

wire::InstanceWallets::Client make_instance_wallets(session_ptr s, const instance_id& of) {
  return kj::heap<instance_wallets>(std::move(s), of);
}
wire::InstanceAdmin::Client make_instance_admin(session_ptr s, const instance_id& of) {
  return kj::heap<instance_admin>(std::move(s), of);
}

} // namespace weir::rpc
