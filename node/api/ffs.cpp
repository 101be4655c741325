// FFS instances and their tokens (seed 000: Manager and Auth). With a token of
// an instance the rest of this API is the instance's own: its uploads,
// contents, events and nothing else, as far as the token's scopes go.
#include "node/json/ffs.hpp"
#include "actors/ffs/instances.hpp"
#include "actors/ffs/powergate.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/lists.hpp"
#include "node/cli/units.hpp"
#include "node/json/record.hpp"

#include <algorithm>
#include <map>

namespace weir::api {

result<ffs::instance> instance_of(const call& c) {
  instance_id id{c.capture("instance")};
  if (id.value == "me" && !c.who.instance.value.empty())
    id = c.who.instance;
  if (!c.who.admin && id != c.who.instance)
    return fail(errc::not_found, "There is no such instance.", id.value);
  return ffs::find(*c.node->newest(), id);
}

namespace {

void instance_members(json::writer& w, const ffs::instance& i) {
  w.member("id", i.id.value).member("name", i.name).member("owner", ffs::owner_of(i.id).value);
  w.member("scheduler", i.scheduler).member("created", i.created.value).key("wallet");
  json::write(w, i.wallet);
  w.key("limits").begin_object();
  json::members(w, i.limits);
  w.end_object();
}

void token_members(json::writer& w, const access_token& t) {
  w.member("name", t.name).member("instance", t.instance.value).key("scopes").begin_array();
  for (auto bit : {ffs::scope::read, ffs::scope::store, ffs::scope::wallet, ffs::scope::admin})
    if ((t.scopes & bit) != 0)
      w.value(ffs::scopes_text(bit));
  w.end_array().member("created", t.created.value).member("expires", t.expires.value);
}

struct new_token {
  std::string text = make_token();
  access_token record;
};

new_token token_for(const call& c, const instance_id& of, std::string name) {
  new_token t;
  t.record.hash = token_hash(t.text);
  t.record.name = std::move(name);
  t.record.owner = ffs::owner_of(of);
  t.record.created = c.node->clock();
  t.record.instance = of;
  t.record.scopes = ffs::scope::all;
  return t;
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

/// A token gives no more than its maker has.
result<new_token> wished_token(const call& c, const instance_id& of, const json::value& body) {
  auto t = token_for(c, of, body["name"].string());
  WEIR_CHECK(ffs::check_name(t.record.name));
  if (body.has("scopes")) {
    WEIR_TRY(t.record.scopes, scopes_of(body["scopes"]));
  }
  t.record.scopes &= c.who.scopes;
  if (body.has("expires")) {
    WEIR_TRY(auto epochs, cli::parse_duration(body["expires"].string()));
    t.record.expires = unix_ms{t.record.created.value + epochs * epoch_seconds * 1000};
  }
  return t;
}

void create(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    ffs::instance made;
    made.id.value = ready.node->uuid();
    made.name = body.has("name") ? body["name"].string() : made.id.value;
    made.created = ready.node->clock();
    auto preset = ffs::node_default(*ready.node->newest());
    if (!good(ready, preset))
      return;
    made.defaults = *std::move(preset);
    if (auto named = ffs::check_name(made.name); !named)
      return ready.fail(named.error());
    auto first = token_for(ready, made.id, "first");
    if (ready.once)
      ready.once->secret = true;
    auto build = [made, record = first.record](const auto& newest) { return ffs::create(newest, made, record); };
    ready.node->commits.commit(ready.node->self, build, [ready, made, first](const status& done) {
      if (!good(ready, done))
        return;
      json::writer w;
      w.begin_object();
      instance_members(w, made);
      w.member("token", first.text).end_object();
      ready.json(201, w);
    });
  });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char ch) { return ch < 0x80 ? static_cast<char>(std::tolower(ch)) : ch; });
  return text;
}

/// Jobs that have not ended, by instance.
result<std::map<std::string, std::uint64_t>> open_jobs(const records::reader& r) {
  std::map<std::string, std::uint64_t> open;
  WEIR_CHECK(r.scan_raw(records::ffs_open_jobs::id, {}, [&](std::string_view key, std::string_view, revision) {
    if (auto k = records::decode_key<records::ffs_open_jobs::key_type>(key))
      ++open[std::get<2>(*k).value];
    return true;
  }));
  return open;
}

/// With `q` those whose name has it, or whose id begins so.
void list(call c) {
  auto r = c.node->newest();
  auto p = page_of(c);
  auto open = open_jobs(*r);
  if (!good(c, p) || !good(c, open))
    return;
  auto after = p->after.empty() ? std::nullopt : std::optional{instance_id{p->after}};
  auto text = list_page<ffs::instance>(
      *r, *p, after,
      [q = lower(c.param("q"))](const ffs::instance& i) {
        return !i.deleting && (lower(i.name).find(q) != std::string::npos || i.id.value.starts_with(q));
      },
      [&](json::writer& w, const ffs::instance& i) {
        w.begin_object();
        instance_members(w, i);
        w.member("openJobs", (*open)[i.id.value]).end_object();
      },
      [](const ffs::instance& i) { return i.id.value; });
  if (good(c, text))
    c.json(200, *std::move(text));
}

void show(call c) {
  auto found = instance_of(c);
  if (!good(c, found))
    return;
  json::writer w;
  w.begin_object();
  instance_members(w, *found);
  w.end_object();
  c.json(200, w);
}

/// Name and quota.
void change(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto found = instance_of(ready);
    if (!good(ready, found))
      return;
    auto out = std::make_shared<ffs::instance>();
    auto build = [body, id = found->id, out](const records::reader& newest) -> result<transaction_builder> {
      transaction_builder t;
      WEIR_TRY(auto before, newest.get<ffs::instance>(id));
      *out = before.value;
      if (body.has("name")) {
        out->name = body["name"].string();
        WEIR_CHECK(ffs::check_rename(newest, *out));
      }
      if (body.has("limits")) {
        WEIR_TRY(out->limits, json::quota_from(body["limits"], out->limits));
      }
      t.update(before, *out);
      t.say(event_kind::instance_changed, id.value, ffs::owner_of(id), {records::fact("name", out->name)});
      return t;
    };
    ready.node->commits.commit(ready.node->self, build, [ready, out](const status& done) {
      if (!good(ready, done))
        return;
      json::writer w;
      w.begin_object();
      instance_members(w, *out);
      w.end_object();
      ready.json(200, w);
    });
  });
}

/// In slices; one that a crash interrupted goes on when it is asked for again.
void remove_next(const call& c, const instance_id& id) {
  auto more = std::make_shared<bool>(false);
  auto build = [id, more, now = c.node->figures().now, time = c.node->clock()](const auto& newest) {
    return ffs::remove_slice(newest, id, now, time, *more);
  };
  c.node->commits.commit(c.node->self, build, [c, id, more](const status& done) {
    if (good(c, done))
      *more ? remove_next(c, id) : c.reply(http::response::empty(204));
  });
}

/// Nobody sees it any more; its jobs end, then its data goes.
void remove_all(const call& c, const instance_id& id) {
  auto build = [id, now = c.node->figures().now, time = c.node->clock()](const auto& newest) {
    return ffs::close_instance(newest, id, now, time);
  };
  c.node->commits.commit(c.node->self, build, [c, id](const status& done) {
    if (!good(c, done))
      return;
    if (!c.node->ffs)
      return remove_next(c, id);
    ask(
        c, c.node->ffs->manager, ffs::drop_instance{id}, [c, id](nothing) { remove_next(c, id); }, slow_ask_time);
  });
}

void remove(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    instance_id id{ready.capture("instance")};
    auto found = ready.node->newest()->find<ffs::instance>(id);
    if (!good(ready, found))
      return;
    if (!*found)
      return ready.fail(fail(errc::not_found, "There is no such instance.", id.value));
    remove_all(ready, id);
  });
}

void list_tokens(call c) {
  auto of = instance_of(c);
  if (!good(c, of))
    return;
  auto r = c.node->newest();
  auto all = ffs::tokens_of(*r, of->id);
  if (!good(c, all))
    return;
  json::writer w;
  begin_list(w);
  for (const auto& t : *all) {
    w.begin_object();
    token_members(w, t);
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
    auto wish = wished_token(ready, of->id, body);
    if (!good(ready, wish))
      return;
    if (ready.once)
      ready.once->secret = true;
    auto build = [record = wish->record](const auto& newest) { return ffs::add_token(newest, record); };
    ready.node->commits.commit(ready.node->self, build, [ready, made = *wish](const status& done) {
      if (!good(ready, done))
        return;
      json::writer w;
      w.begin_object();
      token_members(w, made.record);
      w.member("token", made.text).end_object();
      ready.json(201, w);
    });
  });
}

void revoke(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    auto done_before = std::make_shared<bool>(false);
    auto build = [id = of->id, name = ready.capture("name"), done_before](const records::reader& newest) {
      auto made = ffs::revoke_token(newest, id, name);
      bool gone = !made && made.error().code == errc::not_found && *done_before;
      *done_before = true; // tried again: what is gone now was taken away by the first try
      return gone ? result<transaction_builder>{transaction_builder{}} : std::move(made);
    };
    ready.node->commits.commit(ready.node->self, build, [ready](const status& done) {
      if (good(ready, done))
        ready.reply(http::response::empty(204));
    });
  });
}

} // namespace

endpoints ffs_endpoints() {
  endpoints all{
      {"GET", "/ffs/instances", access::admin,
       "The FFS instances, each with its jobs that have not ended; `q` is of the name or the id.", "limit after q", "",
       200, list},
      {"POST", "/ffs/instances", access::admin,
       "Makes an instance; its first token is in this answer and nowhere else.", "", "name", 201, create},
      {"GET", "/ffs/instances/{instance}", access::user, "One instance; `me` is that of the token.", "", "", 200, show},
      {"PATCH", "/ffs/instances/{instance}", access::admin,
       "Changes its name or its quota (`limits`: jobs that wait at a time; 0 is no limit).", "", "name limits", 200,
       change},
      {"DELETE", "/ffs/instances/{instance}", access::admin, "Removes it with its tokens and contents.", "", "", 204,
       remove},
      {"GET", "/ffs/instances/{instance}/tokens", access::user, "Its tokens, without their text.", "", "", 200,
       list_tokens, ffs::scope::admin},
      {"POST", "/ffs/instances/{instance}/tokens", access::user,
       "Makes one with scopes (read, store, wallet, admin), at most those of the caller; shown once.", "",
       "name scopes expires", 201, make, ffs::scope::admin},
      {"DELETE", "/ffs/instances/{instance}/tokens/{name}", access::user, "Revokes it at once, on open watches too.",
       "", "", 204, revoke, ffs::scope::admin},
  };
  for (auto part : {ffs_cid_endpoints, ffs_job_endpoints, ffs_record_endpoints, ffs_wallet_endpoints})
    for (auto& e : part())
      all.push_back(e);
  return all;
}

} // namespace weir::api
