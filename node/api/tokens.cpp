// Access tokens: shown once when they are made, kept as a hash.
#include "node/api/tokens.hpp"

#include "node/api/endpoints.hpp"
#include "node/api/lists.hpp"
#include "node/api/token_uses.hpp"
#include "node/cli/units.hpp"

namespace weir::api {

namespace {

constexpr std::size_t max_name = 100;

struct wanted_token {
  std::string text;
  access_token record;
};

result<wanted_token> wish_of(const call& c, const json::value& body) {
  wanted_token t{make_token(), {}};
  auto now = c.node->clock();
  t.record = {token_hash(t.text),
              body["name"].string(),
              owner_id{body["owner"].string()},
              body["admin"].boolean(),
              now,
              unix_ms{0},
              false,
              {},
              0};
  if (t.record.name.empty() || t.record.name.size() > max_name)
    return fail(errc::invalid_argument, "A token needs a name.", t.record.name, "100 characters");
  if (t.record.owner.value.empty())
    t.record.owner = t.record.admin ? operator_owner : owner_id{t.record.name};
  if (body.has("expires")) {
    WEIR_TRY(auto epochs, cli::parse_duration(body["expires"].string()));
    t.record.expires = unix_ms{now.value + epochs * epoch_seconds * 1000};
  }
  return t;
}

result<std::optional<stored<access_token>>> find_by_name(const records::reader& r, const std::string& name) {
  std::optional<stored<access_token>> found;
  WEIR_CHECK(r.each<access_token>([&](stored<access_token> t) {
    if (t.value.name == name && t.value.instance.value.empty() && !t.value.revoked)
      found = std::move(t);
    return !found;
  }));
  return found;
}

void token_object(const call& c, json::writer& w, const access_token& t) {
  w.begin_object();
  json::members(w, t);
  w.member("lastUse", c.node->uses->last(t.hash).value).end_object();
}

void list_tokens(call c) {
  json::writer w;
  begin_list(w);
  auto all = c.node->newest();
  auto read = all->each<access_token>([&](const stored<access_token>& t) {
    if (!t.value.revoked && t.value.instance.value.empty())
      token_object(c, w, t.value);
  });
  if (!good(c, read))
    return;
  end_list(w, {}, all->at());
  c.json(200, w);
}

void create(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto wish = wish_of(ready, body);
    if (!good(ready, wish))
      return;
    if (ready.once)
      ready.once->secret = true;
    ready.node->commits.commit(ready.node->self, add_token(wish->record),
                               [ready, made = *wish](const status& done) {
                                 if (!good(ready, done))
                                   return;
                                 json::writer w;
                                 w.begin_object();
                                 json::members(w, made.record);
                                 w.member("token", made.text).end_object();
                                 ready.json(201, w);
                               },
                               {.patient = false});
  });
}

void revoke(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto name = ready.capture("name");
    auto found = find_by_name(*ready.node->newest(), name);
    if (!good(ready, found))
      return;
    if (!*found)
      return ready.fail(fail(errc::not_found, "There is no such token.", name));
    auto build = [name](const records::reader& newest) -> result<transaction_builder> {
      WEIR_TRY(auto current, find_by_name(newest, name));
      transaction_builder t;
      if (current) {
        t.remove(*current);
        t.say(event_kind::token_revoked, name);
      }
      return t;
    };
    ready.node->commits.commit(ready.node->self, build,
                               [ready](const status& done) {
                                 if (good(ready, done))
                                   ready.reply(http::response::empty(204));
                               },
                               {.patient = false});
  });
}

} // namespace

build_transaction add_token(access_token made) {
  return [made](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto itself, newest.find<access_token>(made.hash));
    if (itself)
      return t;
    WEIR_TRY(auto taken, find_by_name(newest, made.name));
    if (taken)
      return fail(errc::already_exists, "There is a token of this name; revoke it first.", made.name);
    t.create(made);
    t.say(event_kind::token_created, made.name, {}, {records::fact("admin", made.admin)});
    return t;
  };
}

endpoints token_endpoints() {
  return {
      {"GET", "/tokens", access::admin, "The access tokens, without their text.", "", "", 200, list_tokens},
      {"POST", "/tokens", access::admin, "Makes one; its text is in this answer and nowhere else.", "",
       "name owner admin expires", 201, create},
      {"DELETE", "/tokens/{name}", access::admin, "Revokes it at once.", "", "", 204, revoke},
  };
}

} // namespace weir::api
