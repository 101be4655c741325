// The bootstrap capability, and sessions.
#include "adapters/rpc/instance.hpp"

namespace weir::rpc {

namespace {

constexpr std::uint32_t newest_protocol = wire::PROTOCOL;

error no_scope(std::string_view name) {
  return fail(errc::forbidden, "This token does not have the scope for that.", std::string{name});
}

class entrance final : public wire::Weir::Server {
public:
  explicit entrance(books_ptr books) : books_{std::move(books)} {}

protected:
  kj::Promise<void> ping(PingContext) override { return kj::READY_NOW; }
  kj::Promise<void> about(AboutContext c) override;
  kj::Promise<void> authenticate(AuthenticateContext c) override;

private:
  books_ptr books_;
};

kj::Promise<void> entrance::about(AboutContext c) {
  const auto& node = books_->node.node;
  auto now = node.node();
  auto to = c.getResults().initAbout();
  to.setVersion(now.version.c_str());
  to.setNetwork(now.network.c_str());
  to.setProtocol(newest_protocol);
  to.setEpoch(now.now.value);
  to.setRevision(node.records->head().value);
  to.setOldestRevision(node.records->oldest().value);
  return kj::READY_NOW;
}

kj::Promise<void> entrance::authenticate(AuthenticateContext c) {
  auto token = text(c.getParams().getToken());
  caller who{owner_id{"local"}, 0xf, {}, {}};
  if (!token.empty() || !books_->operator_without_token) {
    auto known = books_->node.node.identify(token);
    if (!known)
      return to_exception(known.error());
    who = *known;
  }
  books_->authenticated = true;
  auto given = static_cast<std::size_t>(who.has(scope::read)) + who.has(scope::store) + who.admin();
  if (auto room = books_->room_for(given); !room)
    return to_exception(room.error());
  auto s = std::make_shared<session>(books_, std::move(token), who);
  auto to = c.getResults().initSession();
  to.setOwner(who.owner.value.c_str());
  auto scopes = to.initScopes(static_cast<unsigned>(__builtin_popcount(who.scopes)));
  for (unsigned i = 0, at = 0; i < scope_count; ++i)
    if (who.has(static_cast<scope>(i)))
      scopes.set(at++, static_cast<wire::Scope>(i));
  to.setReading(who.has(scope::read) ? make_reading(s) : wire::Reading::Client{to_exception(no_scope("read"))});
  to.setStoring(who.has(scope::store) ? make_storing(s) : wire::Storing::Client{to_exception(no_scope("store"))});
  to.setManager(who.admin() ? make_manager(s)
                            : wire::Manager::Client{to_exception(
                                fail(errc::forbidden, "Only the operator may do this: it needs an admin token."))});
  return answered(fill_instance(to.initInstance(), s, who.instance, who.scopes));
}

} // namespace

/// Its last use is noted by whoever identifies it: hence once a second at least.
status known_tokens::check(const services& node, const std::string& token) {
  constexpr std::size_t most = 1024;
  constexpr std::int64_t longest = 1000; // ms
  auto at = node.records->head();        // before the token is looked at
  auto now = node.clock();
  if (auto known = newest_.find(token); known != newest_.end()) {
    auto& k = known->second;
    bool expired = k.expires.value != 0 && k.expires < now;
    if (k.at == at && !expired && now.value - k.looked.value < longest && now >= k.looked)
      return {};
  }
  auto found = node.identify(token);
  if (!found) {
    newest_.erase(token);
    return found.error();
  }
  if (newest_.size() >= most)
    newest_.clear();
  newest_.insert_or_assign(token, entry{at, now, found->expires});
  return {};
}

status session::valid() {
  return token_.empty() ? status{} : node().tokens.check(world(), token_);
}

kj::Promise<void> session::expiry() const {
  auto left = std::max<std::int64_t>(0, who_.expires.value - world().clock().value);
  return node().timer->afterDelay((left + 1) * kj::MILLISECONDS);
}

wire::Weir::Client make_entrance(books_ptr books) {
  return kj::heap<entrance>(std::move(books));
}

result<std::shared_ptr<const records::reader>> look(const session& s, std::uint64_t at) {
  if (at == 0)
    return s.world().records->snapshot();
  return s.world().records->view_at(revision{at});
}

result<content> find_content(const session& s, const std::string& id, revision at) {
  WEIR_TRY(auto r, look(s, at.value));
  WEIR_TRY(auto found, r->find<content>(content_id{id}));
  if (!found || !s.who().sees(found->value.owner))
    return fail(errc::not_found, "There is no such content.", id);
  return std::move(found->value);
}

} // namespace weir::rpc
