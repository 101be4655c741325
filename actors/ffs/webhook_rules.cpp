#include "actors/ffs/webhook_rules.hpp"

#include "storage/filecoin/address_text.hpp"
#include "storage/records/key.hpp"

#include <algorithm>

namespace weir::ffs {

namespace {

using records::fact;

/// What somebody should look at.
constexpr event_kind alert_kinds[] = {event_kind::wallet_low,       event_kind::deal_failed, event_kind::deal_slashed,
                                      event_kind::content_degraded, event_kind::job_failed,  event_kind::job_stuck};

/// Events of these things can concern an instance.
constexpr std::string_view groups[] = {"content", "deal", "wallet", "config", "job", "retrieval", "token", "instance"};

std::string_view group_of(event_kind kind) {
  auto name = to_string(kind);
  return name.substr(0, name.find('.'));
}

bool can_concern(event_kind kind) {
  return std::find(std::begin(groups), std::end(groups), group_of(kind)) != std::end(groups);
}

error no_such_webhook(const std::string& id) {
  return fail(errc::not_found, "The instance has no such webhook.", id);
}

void say(transaction_builder& t, const webhook& w, std::string what) {
  t.say(event_kind::webhook_changed, w.id, owner_of(w.instance), {fact("what", std::move(what)), fact("url", w.url)});
}

result<records::stored<webhook>> find_webhook(const records::reader& state, const instance_id& of,
                                              const std::string& id) {
  WEIR_TRY(auto found, state.find<webhook>({of, id}));
  if (!found)
    return no_such_webhook(id);
  return *std::move(found);
}

} // namespace

result<std::vector<event_kind>> webhook_kinds(const std::vector<std::string>& names) {
  std::vector<event_kind> kinds;
  for (const auto& info : event_catalogue())
    if (names.empty() && can_concern(info.kind))
      kinds.push_back(info.kind);
  for (const auto& name : names) {
    auto before = kinds.size();
    if (name == alerts)
      kinds.insert(kinds.end(), std::begin(alert_kinds), std::end(alert_kinds));
    for (const auto& info : event_catalogue())
      if (can_concern(info.kind) && (name == to_string(info.kind) || name == group_of(info.kind)))
        kinds.push_back(info.kind);
    if (kinds.size() == before)
      return fail(errc::invalid_argument, "There is no such event of an instance.", name.substr(0, 100),
                  "names as in job.done, kinds as in job, or alerts");
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

result<bool> concerns(const records::reader& state, const instance_id& of, const event& e) {
  if (!e.owner.value.empty())
    return e.owner == owner_of(of);
  if (group_of(e.kind) == "deal") {
    WEIR_TRY(auto d, state.find<deal>(deal_uuid{e.subject}));
    if (!d || d->value.content.value.empty())
      return false;
    WEIR_TRY(auto c, state.find<content>(d->value.content));
    return c && c->value.owner == owner_of(of);
  }
  auto addr =
      group_of(e.kind) == "wallet" ? filecoin::parse_address(e.subject) : result<address>{fail(errc::malformed)};
  if (!addr)
    return false;
  WEIR_TRY(auto held, state.find<wallet_address>(*addr));
  return held && held->value.instance == of;
}

result<transaction_builder> create_webhook(const records::reader& state, const webhook& made) {
  transaction_builder t;
  WEIR_TRY(auto before, state.find<webhook>({made.instance, made.id}));
  if (before)
    return t; // tried again: found done
  std::size_t count = 0;
  WEIR_CHECK(state.each<webhook>([&](const auto&) { ++count; }, {records::encode_prefix(made.instance), {}}));
  if (count >= max_webhooks)
    return fail(errc::overloaded, "The instance has as many webhooks as one may have.", std::to_string(count),
                std::to_string(max_webhooks));
  t.create(made);
  say(t, made, "created");
  return t;
}

result<transaction_builder> change_webhook(const records::reader& state, const instance_id& of, const std::string& id,
                                           const webhook_change& wish, webhook& out) {
  transaction_builder t;
  WEIR_TRY(auto before, find_webhook(state, of, id));
  out = before.value;
  out.url = wish.url.value_or(out.url);
  out.events = wish.events.value_or(out.events);
  if (out.url == before.value.url && out.events == before.value.events)
    return t;
  t.update(before, out);
  say(t, out, "changed");
  return t;
}

result<transaction_builder> remove_webhook(const records::reader& state, const instance_id& of, const std::string& id) {
  transaction_builder t;
  WEIR_TRY(auto before, find_webhook(state, of, id));
  t.remove(before);
  say(t, before.value, "removed");
  return t;
}

result<transaction_builder> note_webhook(const records::reader& state, const instance_id& of, const std::string& id,
                                         const webhook_progress& now) {
  transaction_builder t;
  WEIR_TRY(auto before, state.find<webhook>({of, id}));
  if (!before)
    return t;
  auto after = before->value;
  after.told = std::max(after.told, now.told);
  after.failures = now.failures;
  after.err = now.err;
  after.last_try = std::max(after.last_try, now.tried);
  after.last_success = std::max(after.last_success, now.succeeded);
  after.next_try = now.next;
  if (after.failures == 0)
    after.failing_since = {};
  else if (after.failing_since.value == 0)
    after.failing_since = now.tried;
  t.update(*before, after);
  if ((before->value.failures == 0) != (after.failures == 0))
    say(t, after, after.failures == 0 ? "delivers" : "fails");
  return t;
}

} // namespace weir::ffs
