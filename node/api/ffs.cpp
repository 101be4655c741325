// FFS instances and their tokens (seed 000: Manager and Auth). With a token of
// an instance the rest of this API is the instance's own: its uploads,
// contents, events and nothing else, as far as the token's scopes go.
#include "node/json/ffs.hpp"
#include "actors/support/quota.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/lists.hpp"
#include "node/cli/units.hpp"
#include "node/json/record.hpp"

namespace weir::api {

result<ffs::instance> instance_of(const call& c) {
  instance_id id{c.capture("instance")};
  if (id.value == "me" && !c.who.instance.value.empty())
    id = c.who.instance;
  if (!c.who.admin && id != c.who.instance)
    return fail(errc::not_found, "There is no such instance.", id.value);
  return c.node->desk->find(*c.node->newest(), id);
}

namespace {

void instance_members(json::writer& w, const ffs::instance& i) {
  w.member("id", i.id.value).member("name", i.name).member("owner", ffs::owner_of(i.id).value);
  w.member("scheduler", i.scheduler).member("movedFrom", i.moved_from);
  w.member("created", i.created.value).key("wallet");
  json::write(w, i.wallet);
  w.key("limits").begin_object();
  json::members(w, i.limits);
  w.end_object();
}

void token_members(const call& c, json::writer& w, const access_token& t) {
  w.member("name", t.name).member("instance", t.instance.value).key("scopes").begin_array();
  for (auto bit : {ffs::scope::read, ffs::scope::store, ffs::scope::wallet, ffs::scope::admin})
    if ((t.scopes & bit) != 0)
      w.value(ffs::scopes_text(bit));
  w.end_array().member("created", t.created.value).member("expires", t.expires.value);
  w.member("lastUse", c.node->desk->last_use(t).value);
}

result<std::uint32_t> scopes_of(const json::value& wish) {
  std::uint32_t scopes = 0;
  auto names = wish.is_array() ? wish.items : std::vector<json::value>{wish};
  for (const auto& name : names) {
    auto one = ffs::scopes_from_text(name.string());
    if (!one)
      return fail(errc::invalid_argument, "There is no such scope.", name.string(), ffs::scopes_text(ffs::scope::all));
    scopes |= *one;
  }
  if (scopes == 0)
    return fail(errc::invalid_argument, "A token needs a scope.", wish.string(), ffs::scopes_text(ffs::scope::all));
  return scopes;
}

result<ffs::token_wish> token_wish_of(const call& c, const json::value& body) {
  ffs::token_wish wish{body["name"].string()};
  if (body.has("scopes")) {
    WEIR_TRY(wish.scopes, scopes_of(body["scopes"]));
  }
  if (body.has("expires")) {
    WEIR_TRY(auto epochs, cli::parse_duration(body["expires"].string()));
    wish.expires = unix_ms{c.node->clock().value + epochs * epoch_seconds * 1000};
  }
  return wish;
}

void answer_instance(const call& c, int status, const ffs::instance& i, const std::string& token = {}) {
  json::writer w;
  w.begin_object();
  instance_members(w, i);
  if (!token.empty())
    w.member("token", token);
  w.end_object();
  c.json(status, w);
}

void create(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    if (ready.once)
      ready.once->secret = true;
    ready.node->desk->make_instance(ready.node->self, body["name"].string(), body["scheduler"].string(),
                                    answer<ffs::made_instance>(ready, [ready](const ffs::made_instance& made) {
                                      answer_instance(ready, 201, made.info, made.token);
                                    }));
  });
}

/// With `q` those whose name has it, or whose id begins so; each with its jobs that have not ended.
void list(call c) {
  auto p = page_of(c);
  if (!good(c, p))
    return;
  auto r = c.node->newest();
  auto found = c.node->desk->instances(*r, {p->limit, p->after, c.param("q")});
  auto open = c.node->desk->open_jobs(*r);
  if (good(c, found) && good(c, open))
    answer_page(c, *found, [&](json::writer& w, const ffs::instance& i) {
      w.begin_object();
      instance_members(w, i);
      w.member("openJobs", (*open)[i.id.value]).end_object();
    });
}

void list_schedulers(call c) {
  auto r = c.node->newest();
  json::writer w;
  begin_list(w);
  auto all = c.node->desk->schedulers(*r);
  if (!good(c, all))
    return;
  for (const auto& s : *all) {
    w.begin_object().member("name", s.name).member("hot", s.hot).member("selector", s.selector);
    w.key("miners").begin_array();
    for (const auto& miner : s.miners)
      json::write(w, miner);
    w.end_array().member("parallel", s.parallel).member("repairEvery", s.repair_every);
    w.member("maxPrice", s.max_price.decimal()).member("leastSize", s.least_size);
    w.member("openJobs", s.open_jobs).end_object();
  }
  end_list(w, {}, r->at());
  c.json(200, w);
}

void use_members(json::writer& w, const quotas::use& u) {
  w.key("usage").begin_object().member("bytes", u.bytes).member("jobs", u.jobs);
  w.member("spend", u.spend.decimal()).end_object();
}

/// What it uses is counted on request: it takes a look at each thing that it keeps.
void show(call c) {
  auto found = instance_of(c);
  if (!good(c, found))
    return;
  if (c.param("usage") != "1")
    return answer_instance(c, 200, *found);
  auto used = quotas::used(*c.node->newest(), {found->id});
  if (!good(c, used))
    return;
  json::writer w;
  w.begin_object();
  instance_members(w, *found);
  use_members(w, (*used)[found->id]);
  w.end_object();
  c.json(200, w);
}

bool limited(const ffs::instance& i) {
  return i.limits.bytes != 0 || i.limits.jobs != 0 || !i.limits.spend.zero();
}

/// Who has a limit, and how much of it is used. A page may have fewer than its limit; `next` goes on.
void list_usage(call c) {
  auto p = page_of(c);
  if (!good(c, p))
    return;
  auto r = c.node->newest();
  auto found = c.node->desk->instances(*r, {p->limit, p->after, {}});
  if (!good(c, found))
    return;
  std::erase_if(found->items, [](const ffs::instance& i) { return !limited(i); });
  std::set<instance_id> of;
  for (const auto& i : found->items)
    of.insert(i.id);
  auto used = quotas::used(*r, of);
  if (good(c, used))
    answer_page(c, *found, [&](json::writer& w, const ffs::instance& i) {
      w.begin_object().member("id", i.id.value).member("name", i.name).key("limits").begin_object();
      json::members(w, i.limits);
      w.end_object();
      use_members(w, (*used)[i.id]);
      w.end_object();
    });
}

/// Name and quota; or its scheduler: what waits goes over, what runs ends where it began, what is hot follows.
void change(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto found = instance_of(ready);
    if (!good(ready, found))
      return;
    auto change = [body, desk = ready.node->desk](ffs::instance& what) -> status {
      if (body.has("scheduler"))
        WEIR_CHECK(desk->wire(what, body["scheduler"].string()));
      if (body.has("name"))
        what.name = body["name"].string();
      if (body.has("limits")) {
        WEIR_TRY(what.limits, json::quota_from(body["limits"], what.limits));
      }
      return {};
    };
    ready.node->desk->change_instance(
        ready.node->self, found->id, change,
        answer<ffs::instance>(ready, [ready](const ffs::instance& i) { answer_instance(ready, 200, i); }));
  });
}

void remove(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    ready.node->desk->delete_instance(
        ready.node->self, instance_id{ready.capture("instance")},
        answer<nothing>(ready, [ready](nothing) { ready.reply(http::response::empty(204)); }));
  });
}

void list_tokens(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  auto r = c.node->newest();
  auto all = c.node->desk->tokens(*r, of->id);
  if (!good(c, all))
    return;
  json::writer w;
  begin_list(w);
  for (const auto& t : *all) {
    w.begin_object();
    token_members(c, w, t);
    w.end_object();
  }
  end_list(w, {}, r->at());
  c.json(200, w);
}

void make(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    auto wish = token_wish_of(ready, body);
    if (!good(ready, wish))
      return;
    if (ready.once)
      ready.once->secret = true;
    ready.node->desk->make_token(ready.node->self, of->id, *wish, ready.who.scopes,
                                 answer<ffs::made_token>(ready, [ready](const ffs::made_token& made) {
                                   json::writer w;
                                   w.begin_object();
                                   token_members(ready, w, made.record);
                                   w.member("token", made.text).end_object();
                                   ready.json(201, w);
                                 }));
  });
}

void revoke(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (good(ready, of))
      ready.node->desk->revoke_token(
          ready.node->self, of->id, ready.capture("name"),
          answer<nothing>(ready, [ready](nothing) { ready.reply(http::response::empty(204)); }));
  });
}

} // namespace

endpoints ffs_endpoints() {
  endpoints all{
      {"GET", "/ffs/instances", access::admin,
       "The FFS instances, each with its jobs that have not ended; `q` is of the name or the id.", "limit after q", "",
       200, list},
      {"POST", "/ffs/instances", access::admin,
       "Makes an instance; its first token is in this answer and nowhere else. `scheduler`: a name of "
       "/ffs/schedulers; `default` otherwise.",
       "", "name scheduler", 201, create},
      {"GET", "/ffs/usage", access::admin,
       "What each instance that has a limit uses of it: bytes that it keeps, jobs that wait, attoFIL that it spent or "
       "promised.",
       "limit after", "", 200, list_usage},
      {"GET", "/ffs/schedulers", access::admin,
       "The schedulers that instances can be wired to, with their hot layer, miner selector and jobs that have not "
       "ended.",
       "", "", 200, list_schedulers},
      {"GET", "/ffs/instances/{instance}", access::user,
       "One instance; `me` is that of the token. With `usage=1` also what it uses of its quota: bytes, jobs that wait, "
       "spend.",
       "usage", "", 200, show},
      {"PATCH", "/ffs/instances/{instance}", access::admin,
       "Changes its name or its quota (`limits`: bytes that it keeps, jobs that wait at a time, attoFIL that it spends "
       "in all; 0 is no limit), or moves it to another "
       "`scheduler`: what waits goes over, what runs ends where it began, what is hot follows.",
       "", "name limits scheduler", 200, change},
      {"DELETE", "/ffs/instances/{instance}", access::admin, "Removes it with its tokens and contents.", "", "", 204,
       remove},
      {"GET", "/ffs/instances/{instance}/tokens", access::user,
       "Its tokens, without their text; `lastUse` to the minute.", "", "", 200, list_tokens, ffs::scope::admin},
      {"POST", "/ffs/instances/{instance}/tokens", access::user,
       "Makes one with scopes (read, store, wallet, admin), at most those of the caller; shown once.", "",
       "name scopes expires", 201, make, ffs::scope::admin},
      {"DELETE", "/ffs/instances/{instance}/tokens/{name}", access::user, "Revokes it at once, on open watches too.",
       "", "", 204, revoke, ffs::scope::admin},
  };
  for (auto part :
       {ffs_cid_endpoints, ffs_job_endpoints, ffs_record_endpoints, ffs_wallet_endpoints, ffs_webhook_endpoints})
    for (auto& e : part())
      all.push_back(e);
  return all;
}

} // namespace weir::api
