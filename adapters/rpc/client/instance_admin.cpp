// Scope admin of an instance: tokens and webhooks.
#include "adapters/rpc/client/calls.hpp"
#include "adapters/rpc/client/fields.hpp"

#include <algorithm>
#include <array>

namespace weir::client {

result<std::string> instance::make_token(const std::string& name, const std::vector<std::string>& scopes,
                                         std::int64_t expires) {
  constexpr std::array names{"read", "store", "wallet", "admin"};
  return call<std::string>(*of_, id_, [&](auto i) -> result<std::string> {
    auto c = i.getAdmin().createTokenRequest();
    c.setName(name.c_str());
    c.setExpires(expires);
    auto to = c.initScopes(static_cast<unsigned>(scopes.size()));
    for (unsigned n = 0; n < scopes.size(); ++n) {
      auto at = std::find(names.begin(), names.end(), scopes[n]);
      if (at == names.end())
        return fail(errc::invalid_argument, "There is no such scope.", scopes[n]);
      to.set(n, static_cast<wire::Scope>(at - names.begin()));
    }
    return text_of(of_->wait(kj::mv(c)).getText());
  });
}

status instance::revoke_token(const std::string& name) {
  return act(*of_, id_, [&](auto i) {
    auto c = i.getAdmin().revokeTokenRequest();
    c.setName(name.c_str());
    of_->wait(kj::mv(c));
  });
}

result<std::vector<token>> instance::tokens() {
  return call<std::vector<token>>(*of_, id_, [&](auto i) -> result<std::vector<token>> {
    std::vector<token> out;
    auto got = of_->wait(i.getAdmin().listTokensRequest());
    for (auto t : got.getItems())
      out.push_back(read_token(t));
    return out;
  });
}

result<std::vector<webhook>> instance::webhooks() {
  return call<std::vector<webhook>>(*of_, id_, [&](auto i) -> result<std::vector<webhook>> {
    std::vector<webhook> out;
    auto got = of_->wait(i.getAdmin().listWebhooksRequest());
    for (auto hook : got.getItems())
      out.push_back(read_webhook(hook));
    return out;
  });
}

result<made_webhook> instance::make_webhook(const std::string& url, const std::vector<std::string>& events) {
  return call<made_webhook>(*of_, id_, [&](auto i) -> result<made_webhook> {
    auto c = i.getAdmin().createWebhookRequest();
    c.setUrl(url.c_str());
    fill_texts(c.initEvents(static_cast<unsigned>(events.size())), events);
    auto got = of_->wait(kj::mv(c));
    return made_webhook{read_webhook(got.getWebhook()), text_of(got.getSigningSecret())};
  });
}

result<webhook> instance::change_webhook(const std::string& id, const std::string& url,
                                         const std::optional<std::vector<std::string>>& events) {
  return call<webhook>(*of_, id_, [&](auto i) -> result<webhook> {
    auto c = i.getAdmin().changeWebhookRequest();
    c.setId(id.c_str());
    c.setUrl(url.c_str());
    if (events)
      fill_texts(c.initEvents(static_cast<unsigned>(events->size())), *events);
    return read_webhook(of_->wait(kj::mv(c)).getWebhook());
  });
}

status instance::remove_webhook(const std::string& id) {
  return act(*of_, id_, [&](auto i) {
    auto c = i.getAdmin().removeWebhookRequest();
    c.setId(id.c_str());
    of_->wait(kj::mv(c));
  });
}

status instance::test_webhook(const std::string& id) {
  auto said = call<bool>(*of_, id_, [&](auto i) -> result<bool> {
    auto c = i.getAdmin().testWebhookRequest();
    c.setId(id.c_str());
    auto got = of_->wait(kj::mv(c));
    if (got.getDelivered())
      return true;
    return fail(errc_from_name(got.getErr().getCode().cStr()), text_of(got.getErr().getMessage()));
  });
  return said ? status{} : status{said.error()};
}

} // namespace weir::client
