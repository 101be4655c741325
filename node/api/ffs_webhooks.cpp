// Webhooks of an FFS instance: where its events are delivered to over HTTP.
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/lists.hpp"
#include "node/ffs/desk.hpp"
#include "node/json/ffs.hpp"

namespace weir::api {

namespace {

void webhook_members(json::writer& w, const ffs::webhook& hook) {
  json::members(w, hook);
  w.member("state", hook.failures > 0 ? "failing" : hook.last_success.value == 0 ? "new" : "delivering");
}

std::string webhook_text(const ffs::webhook& hook, const std::string& secret = {}) {
  json::writer w;
  w.begin_object();
  webhook_members(w, hook);
  if (!secret.empty())
    w.member("signingSecret", secret);
  w.end_object();
  return w.take();
}

result<std::vector<std::string>> wished_events(const json::value& wish) {
  std::vector<std::string> names;
  if (!wish.is_array())
    return fail(errc::invalid_argument, "events is a list of names.", wish.string().substr(0, 100));
  for (const auto& name : wish.items)
    names.push_back(name.string());
  return names;
}

void list_webhooks(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  auto r = c.node->newest();
  auto all = c.node->desk->webhooks(*r, of->id);
  if (!good(c, all))
    return;
  json::writer w;
  begin_list(w);
  for (const auto& hook : *all) {
    w.begin_object();
    webhook_members(w, hook);
    w.end_object();
  }
  end_list(w, {}, r->at());
  c.json(200, w);
}

void show_webhook(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  if (auto found = c.node->desk->find_webhook(*c.node->newest(), of->id, c.capture("hook")); good(c, found))
    c.json(200, webhook_text(*found));
}

result<ffs::webhook_change> wished_change(const json::value& body) {
  ffs::webhook_change wish;
  if (body.has("url"))
    wish.url = body["url"].string();
  if (body.has("events")) {
    WEIR_TRY(wish.events, wished_events(body["events"]));
  }
  return wish;
}

void create_webhook(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    auto wish = wished_change(body);
    if (!good(ready, wish))
      return;
    if (ready.once)
      ready.once->secret = true;
    ready.node->desk->make_webhook(ready.node->self, of->id, *wish,
                                   answer<ffs::webhook>(ready, [ready](const ffs::webhook& made) {
                                     ready.json(201, webhook_text(made, made.secret));
                                   }));
  });
}

void change_webhook(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    auto wish = wished_change(body);
    if (good(ready, wish))
      ready.node->desk->change_webhook(ready.node->self, of->id, ready.capture("hook"), *wish,
                                       answer<ffs::webhook>(ready, [ready](const ffs::webhook& changed) {
                                         ready.json(200, webhook_text(changed));
                                       }));
  });
}

void remove_webhook(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (good(ready, of))
      ready.node->desk->remove_webhook(
          ready.node->self, of->id, ready.capture("hook"),
          answer<nothing>(ready, [ready](nothing) { ready.reply(http::response::empty(204)); }));
  });
}

/// What the receiver said is the answer, not an error of ours.
void answer_test(const call& c, const error& why) {
  if (why.code == errc::not_found || why.code == errc::unsupported)
    return c.fail(why);
  json::writer w;
  w.begin_object().member("delivered", why.code == errc::none).key("err").begin_object();
  w.member("code", to_string(why.code)).member("message", why.message).end_object().end_object();
  c.json(200, w);
}

void test_webhook(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    ready.node->desk->test_webhook(ready.node->self, of->id, ready.capture("hook"), [ready](result<nothing> said) {
      answer_test(ready, said ? error{errc::none, {}, {}, {}} : said.error());
    });
  });
}

} // namespace

endpoints ffs_webhook_endpoints() {
  using ffs::scope::admin;
  constexpr auto user = access::user;
  constexpr std::string_view all = "/ffs/instances/{instance}/webhooks",
                             one = "/ffs/instances/{instance}/webhooks/{hook}",
                             test = "/ffs/instances/{instance}/webhooks/{hook}/test";
  return {
      {"GET", all, user, "Its webhooks, and how they stand: state is new, delivering or failing.", "", "", 200,
       list_webhooks, admin},
      {"POST", all, user,
       "Has its events delivered by POST, signed as Standard Webhooks has it; `signingSecret` is in this answer and "
       "nowhere else. `events`: names (job.done), kinds (job), or alerts; none: all.",
       "", "url events", 201, create_webhook, admin},
      {"GET", one, user, "One webhook.", "", "", 200, show_webhook, admin},
      {"PATCH", one, user, "Changes where it delivers to, or what.", "", "url events", 200, change_webhook, admin},
      {"DELETE", one, user, "Removes it; what was not delivered is not any more.", "", "", 204, remove_webhook, admin},
      {"POST", test, user, "Delivers a `webhook.test` at once, and says what the receiver said.", "", "", 200,
       test_webhook, admin},
  };
}

} // namespace weir::api
