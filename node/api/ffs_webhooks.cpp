// Webhooks of an FFS instance: where its events are delivered to over HTTP.
#include "actors/ffs/webhook_rules.hpp"
#include "adapters/http/url.hpp"
#include "adapters/webhooks/poster.hpp"
#include "node/api/access.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/lists.hpp"
#include "node/json/ffs.hpp"
#include "storage/hash/digest.hpp"

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

result<std::string> wished_url(const json::value& wish) {
  const auto text = wish.string();
  auto bad = fail(errc::invalid_argument, "A webhook's url is http://… or https://…, of at most 2000 bytes.",
                  text.substr(0, 100), std::to_string(ffs::max_webhook_url));
  auto parsed = http::parse_url(text);
  if (!parsed || (parsed->scheme != "http" && parsed->scheme != "https") || text.size() > ffs::max_webhook_url)
    return bad;
  return text;
}

result<std::vector<std::string>> wished_events(const json::value& wish) {
  std::vector<std::string> names;
  if (!wish.is_array())
    return fail(errc::invalid_argument, "events is a list of names.", wish.string().substr(0, 100));
  for (const auto& name : wish.items)
    names.push_back(name.string());
  WEIR_TRY([[maybe_unused]] auto kinds, ffs::webhook_kinds(names));
  return names;
}

void list_webhooks(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  auto r = c.node->newest();
  json::writer w;
  begin_list(w);
  auto seen = r->each<ffs::webhook>(
      [&](const records::stored<ffs::webhook>& hook) {
        w.begin_object();
        webhook_members(w, hook.value);
        w.end_object();
      },
      {records::encode_prefix(of->id), {}});
  end_list(w, {}, r->at());
  if (good(c, seen))
    c.json(200, w);
}

void show_webhook(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  auto found = c.node->newest()->find<ffs::webhook>({of->id, c.capture("hook")});
  if (!good(c, found))
    return;
  if (!*found)
    return c.fail(fail(errc::not_found, "The instance has no such webhook.", c.capture("hook")));
  c.json(200, webhook_text((*found)->value));
}

/// From now on: what was before is in the lists.
result<ffs::webhook> wished_webhook(const call& c, const instance_id& of, const json::value& body) {
  ffs::webhook made;
  made.instance = of;
  made.id = c.node->uuid();
  made.created = c.node->clock();
  made.told = c.node->newest()->at();
  made.secret = webhooks::secret_text(sha2_256(as_bytes(make_token())));
  WEIR_TRY(made.url, wished_url(body["url"]));
  if (body.has("events")) {
    WEIR_TRY(made.events, wished_events(body["events"]));
  }
  return made;
}

void create_webhook(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    auto made = wished_webhook(ready, of->id, body);
    if (!good(ready, made))
      return;
    if (ready.once)
      ready.once->secret = true;
    auto build = [record = *made](const records::reader& newest) { return ffs::create_webhook(newest, record); };
    ready.node->commits.commit(ready.node->self, build, [ready, made = *made](const status& done) {
      if (good(ready, done))
        ready.json(201, webhook_text(made, made.secret));
    });
  });
}

result<ffs::webhook_change> wished_change(const json::value& body) {
  ffs::webhook_change wish;
  if (body.has("url")) {
    WEIR_TRY(wish.url, wished_url(body["url"]));
  }
  if (body.has("events")) {
    WEIR_TRY(wish.events, wished_events(body["events"]));
  }
  return wish;
}

void change_webhook(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    auto wish = wished_change(body);
    if (!good(ready, wish))
      return;
    auto changed = std::make_shared<ffs::webhook>();
    auto build = [id = of->id, hook = ready.capture("hook"), wish = *wish, changed](const records::reader& newest) {
      return ffs::change_webhook(newest, id, hook, wish, *changed);
    };
    ready.node->commits.commit(ready.node->self, build, [ready, changed](const status& done) {
      if (good(ready, done))
        ready.json(200, webhook_text(*changed));
    });
  });
}

void remove_webhook(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    auto build = [id = of->id, hook = ready.capture("hook")](const records::reader& newest) {
      return ffs::remove_webhook(newest, id, hook);
    };
    ready.node->commits.commit(ready.node->self, build, [ready](const status& done) {
      if (good(ready, done))
        ready.reply(http::response::empty(204));
    });
  });
}

/// What the receiver said is the answer, not an error of ours.
void answer_test(const call& c, const error& why) {
  if (why.code == errc::not_found)
    return c.fail(why);
  json::writer w;
  w.begin_object().member("delivered", why.code == errc::none).key("err").begin_object();
  w.member("code", to_string(why.code)).member("message", why.message).end_object().end_object();
  c.json(200, w);
}

void test_webhook(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (!good(ready, of) || !runs(ready, ready.node->webhooks))
      return;
    ready.node->self
        ->request(ready.node->webhooks, ask_time + std::chrono::seconds{5},
                  ffs::test_webhook{of->id, ready.capture("hook")})
        .then(
            [ready](nothing) {
              answer_test(ready, error{errc::none, {}, {}, {}});
            },
            [ready](const caf::error& e) { answer_test(ready, from_caf(e)); });
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
