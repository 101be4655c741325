// Webhooks of an instance, and the schedulers that instances are wired to.
#include "actors/ffs/instances.hpp"
#include "actors/ffs/webhook_rules.hpp"
#include "adapters/http/url.hpp"
#include "adapters/webhooks/poster.hpp"
#include "node/api/access.hpp"
#include "node/ffs/desk.hpp"
#include "storage/hash/digest.hpp"
#include "storage/records/tables.hpp"

namespace weir::ffs {

namespace {

/// A post to the receiver may take a minute; ours is the longer one, so that it says why.
constexpr std::chrono::seconds test_time{65};

status check_url(const std::string& text) {
  auto parsed = http::parse_url(text);
  if (parsed && (parsed->scheme == "http" || parsed->scheme == "https") && text.size() <= max_webhook_url)
    return {};
  return fail(errc::invalid_argument, "A webhook's url is http://… or https://…, of at most 2000 bytes.",
              text.substr(0, 100), std::to_string(max_webhook_url));
}

status check_change(const webhook_change& wish) {
  if (wish.url)
    WEIR_CHECK(check_url(*wish.url));
  if (wish.events) {
    WEIR_TRY([[maybe_unused]] auto kinds, webhook_kinds(*wish.events));
  }
  return {};
}

} // namespace

result<std::vector<webhook>> desk::webhooks(const reader& r, const instance_id& of) const {
  std::vector<webhook> all;
  WEIR_CHECK(r.each<webhook>([&](const records::stored<webhook>& hook) { all.push_back(hook.value); },
                             {records::encode_prefix(of), {}}));
  return all;
}

result<webhook> desk::find_webhook(const reader& r, const instance_id& of, const std::string& id) const {
  WEIR_TRY(auto found, r.find<webhook>({of, id}));
  if (!found)
    return fail(errc::not_found, "The instance has no such webhook.", id);
  return std::move(found->value);
}

/// From now on: what was before is in the lists.
void desk::make_webhook(asker who, const instance_id& of, const webhook_change& wish, answer<webhook> done) {
  auto checked = wish.url ? check_change(wish) : check_url({});
  if (!checked)
    return done(checked.error());
  auto made = std::make_shared<webhook>();
  made->instance = of;
  made->id = p_.world.uuid();
  made->created = p_.world.wall();
  made->told = look()->at();
  made->secret = weir::webhooks::secret_text(sha2_256(as_bytes(api::make_token())));
  made->url = *wish.url;
  made->events = wish.events.value_or(std::vector<std::string>{});
  auto build = [record = *made](const records::reader& newest) { return create_webhook(newest, record); };
  commit(who, build, made, std::move(done));
}

void desk::change_webhook(asker who, const instance_id& of, const std::string& id, const webhook_change& wish,
                          answer<webhook> done) {
  if (auto checked = check_change(wish); !checked)
    return done(checked.error());
  auto out = std::make_shared<webhook>();
  auto build = [of, id, wish, out](const records::reader& newest) {
    return ffs::change_webhook(newest, of, id, wish, *out);
  };
  commit(who, build, out, std::move(done));
}

void desk::remove_webhook(asker who, const instance_id& of, const std::string& id, answer<nothing> done) {
  auto build = [of, id](const records::reader& newest) { return ffs::remove_webhook(newest, of, id); };
  commit(who, build, std::make_shared<nothing>(), std::move(done));
}

void desk::test_webhook(asker who, const instance_id& of, const std::string& id, answer<nothing> done) {
  ask<nothing>(who, p_.webhooks, ffs::test_webhook{of, id}, std::move(done), test_time);
}

result<std::vector<scheduler_view>> desk::schedulers(const reader& r) const {
  std::vector<scheduler_view> all;
  for (const auto& s : p_.schedulers) {
    WEIR_TRY(auto open, r.keys<records::ffs_open_jobs>(s.name));
    all.push_back({s.name, s.hot,
                   !s.miners.empty() ? "fixed"
                   : s.by_reputation ? "reputation"
                                     : "cheapest",
                   s.miners, s.parallel, s.repair_every, s.max_price, s.least_size, open.size()});
  }
  return all;
}

status desk::wire(instance& what, const std::string& scheduler) const {
  std::string names;
  for (const auto& s : p_.schedulers) {
    if (s.name == scheduler)
      return ffs::wire(what, scheduler), status{};
    names += (names.empty() ? "" : ", ") + s.name;
  }
  return fail(errc::not_found, "There is no scheduler of this name.", scheduler, names);
}

unix_ms desk::last_use(const access_token& t) const {
  return p_.last_use ? p_.last_use(t.hash) : unix_ms{};
}

} // namespace weir::ffs
