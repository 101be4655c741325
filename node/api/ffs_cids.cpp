// What an FFS instance wants of its CIDs, and what is: CidConfig and CidInfo.
#include "actors/ffs/powergate.hpp"
#include "node/api/bytes.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/join.hpp"
#include "node/api/lists.hpp"
#include "node/json/ffs.hpp"

namespace weir::api {

namespace {

/// The deals of its content: a view, never a copy.
status write_proposals(json::writer& w, const records::reader& r, const content_id& of) {
  w.key("proposals").begin_array();
  auto content_found = r.find<content>(of);
  bool own = content_found && *content_found && (*content_found)->value.terms.own;
  status failed;
  WEIR_CHECK(r.each<placement>(
      [&](const stored<placement>& p) {
        auto keys = r.keys<records::piece_deals>(p.value.piece);
        for (std::size_t i = 0; keys && i < keys->size(); ++i) {
          auto d = r.find<deal>(std::get<1>((*keys)[i]));
          if (d && *d && (*d)->value.content == (own ? of : content_id{}))
            json::write(w, (*d)->value);
        }
        if (!keys)
          failed = keys.error();
        return keys.ok();
      },
      {records::encode_prefix(of), {}}));
  w.end_array();
  return failed;
}

result<std::string> info_text(const records::reader& r, const ffs::cid_entry& e) {
  json::writer w;
  w.begin_object();
  json::members(w, e);
  WEIR_CHECK(write_proposals(w, r, e.cold.content));
  w.key("selections").begin_array();
  WEIR_TRY(auto chosen, r.find<content_selection>(e.cold.content));
  if (chosen)
    for (auto& s : chosen->value.made)
      json::write(w, s);
  w.end_array().end_object();
  return w.take();
}

void show_cid(call c) {
  auto of = instance_of(c);
  auto id = cid_of_path(c);
  if (!good(c, of) || !good(c, id))
    return;
  auto r = c.node->newest();
  auto e = r->find<ffs::cid_entry>({of->id, *id});
  if (!good(c, e))
    return;
  if (!*e)
    return c.fail(fail(errc::not_found, "The instance does not keep this CID.", id->text()));
  auto text = info_text(*r, (*e)->value);
  if (good(c, text))
    c.json(200, *std::move(text));
}

void list_cids(call c) {
  auto of = instance_of(c);
  auto p = page_of(c);
  if (!good(c, of) || !good(c, p))
    return;
  auto r = c.node->newest();
  auto q = c.param("q");
  std::string after;
  if (!p->after.empty()) {
    auto id = cid::parse(p->after);
    if (!good(c, id))
      return;
    after = records::encode_key(records::ffs_cid_key{of->id, *id});
  }
  json::writer w;
  begin_list(w);
  std::string next, last;
  std::size_t taken = 0, looked = 0;
  joiner deals{*r};
  status joined;
  auto read = r->each<ffs::cid_entry>(
      [&](const stored<ffs::cid_entry>& e) {
        if (taken == p->limit || looked == max_looked_at) {
          next = last;
          return false;
        }
        ++looked;
        last = e.value.cid.text();
        if (!last.starts_with(q))
          return true;
        ++taken;
        w.begin_object();
        json::members(w, e.value);
        joined = deals.write_deals_of(w, e.value.cold.content);
        w.end_object();
        return joined.ok();
      },
      {records::encode_prefix(of->id), after});
  if (!good(c, read) || !good(c, joined))
    return;
  end_list(w, next, r->at());
  c.json(200, w);
}

void answer_push(const call& c, const ffs::push_answer& a) {
  json::writer w;
  w.begin_object().key("job");
  a.job.value.empty() ? w.null() : w.value(a.job.value);
  w.end_object();
  c.json(202, w);
}

void push(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    auto id = cid_of_path(ready);
    if (!good(ready, of) || !good(ready, id))
      return;
    ffs::push_config wish{of->id, *id, std::nullopt, body["override"].boolean(), body["noExec"].boolean()};
    if (body.has("config")) {
      auto config = json::config_from(body["config"], of->defaults);
      if (!good(ready, config))
        return;
      wish.config = *std::move(config);
    }
    ask_powergate(ready, of->id, std::move(wish), [ready](const ffs::push_answer& a) { answer_push(ready, a); });
  });
}

void replace(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    auto from = cid_of_path(ready);
    auto to = cid::parse(body["by"].string());
    if (good(ready, of) && good(ready, from) && good(ready, to))
      ask_powergate(ready, of->id, ffs::replace_cid{of->id, *from, *to},
                    [ready](const ffs::push_answer& a) { answer_push(ready, a); });
  });
}

void remove(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    auto id = cid_of_path(ready);
    if (good(ready, of) && good(ready, id))
      ask_powergate(ready, of->id, ffs::remove_cid{of->id, *id},
                    [ready](nothing) { ready.reply(http::response::empty(204)); });
  });
}

/// From the hot copy, and only while the config wants one.
void get_from_hot(call c) {
  auto of = instance_of(c);
  auto id = cid_of_path(c);
  if (!good(c, of) || !good(c, id))
    return;
  auto e = c.node->newest()->find<ffs::cid_entry>({of->id, *id});
  if (!good(c, e))
    return;
  if (!*e)
    return c.fail(fail(errc::not_found, "The instance does not keep this CID.", id->text()));
  if (!(*e)->value.hot.enabled)
    return c.fail(fail(errc::precondition, "It is not in hot storage; push a config that enables it.", id->text()));
  open_read wanted{
      of->id.value.empty() ? owner_id{} : ffs::owner_of(of->id), {}, c.capture("path"), read_from::local, *id};
  ask(
      c, c.node->retriever, std::move(wanted),
      [c, id = *id](const read_ticket& t) {
        if (t.entry.type == directory_entry::kind::directory) {
          open_ticket closes{*c.node, t};
          return c.fail(fail(errc::invalid_path, "This is a folder; name a file inside it.", c.capture("path")));
        }
        send_bytes(c, t, t.entry.name.empty() ? id.text() : t.entry.name, true);
      },
      slow_ask_time);
}

void answer_config(const call& c, const ffs::cid_config& config) {
  json::writer w;
  w.begin_object();
  json::members(w, config);
  w.end_object();
  c.json(200, w);
}

void show_default(call c) {
  auto of = instance_of(c);
  if (good(c, of))
    answer_config(c, of->defaults);
}

/// `change` of the newest record; its result is answered.
template <class Change>
void change_default(const call& c, Change change) {
  auto out = std::make_shared<ffs::cid_config>();
  auto build = [change, out](const records::reader& newest) { return change(newest, *out); };
  c.node->commits.commit(c.node->self, build, [c, out](const status& done) {
    if (good(c, done))
      answer_config(c, *out);
  });
}

ffs::config_limits limits_of(const call& c) {
  return c.node->ffs ? c.node->ffs->limits : ffs::config_limits{};
}

void set_default(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (!good(ready, of))
      return;
    change_default(ready,
                   [body, id = of->id, limits = limits_of(ready)](const records::reader& newest,
                                                                  ffs::cid_config& out) -> result<transaction_builder> {
                     transaction_builder t;
                     WEIR_TRY(auto before, newest.get<ffs::instance>(id));
                     auto after = before.value;
                     WEIR_TRY(after.defaults, json::config_from(body, after.defaults));
                     WEIR_CHECK(ffs::check(after.defaults, limits));
                     out = after.defaults;
                     if (after.defaults == before.value.defaults)
                       return t;
                     t.update(before, after);
                     t.say(event_kind::instance_changed, id.value, ffs::owner_of(id));
                     return t;
                   });
  });
}

void show_node_default(call c) {
  auto config = ffs::node_default(*c.node->newest());
  if (good(c, config))
    answer_config(c, *config);
}

void set_node_default(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    change_default(ready,
                   [body, limits = limits_of(ready)](const records::reader& newest,
                                                     ffs::cid_config& out) -> result<transaction_builder> {
                     transaction_builder t;
                     WEIR_TRY(auto before, ffs::node_default(newest));
                     WEIR_TRY(out, json::config_from(body, before));
                     WEIR_CHECK(ffs::check(out, limits));
                     if (out == before)
                       return t;
                     t.put(ffs::node_defaults{out});
                     t.say(event_kind::instance_changed, "default");
                     return t;
                   });
  });
}

} // namespace

result<cid> cid_of_path(const call& c) {
  return cid::parse(c.capture("cid"));
}

endpoints ffs_cid_endpoints() {
  return {
      {"GET", "/ffs/config", access::admin, "The CidConfig that new instances begin with.", "", "", 200,
       show_node_default},
      {"PUT", "/ffs/config", access::admin, "Changes it; what is not named stays.", "", "hot cold repairable", 200,
       set_node_default},
      {"GET", "/ffs/instances/{instance}/config", access::user, "The default CidConfig of the instance.", "", "", 200,
       show_default},
      {"PUT", "/ffs/instances/{instance}/config", access::user, "Changes it; what is not named stays.", "",
       "hot cold repairable", 200, set_default, ffs::scope::admin},
      {"GET", "/ffs/instances/{instance}/cids", access::user,
       "What it wants of its CIDs, and what is, with their deals in brief; `q` is how the CID begins.", "limit after q",
       "", 200, list_cids},
      {"GET", "/ffs/instances/{instance}/cids/{cid}", access::user,
       "CidConfig and CidInfo of one: wanted, hot, cold with its proposals, jobs, why providers were not chosen.", "",
       "", 200, show_cid},
      {"PUT", "/ffs/instances/{instance}/cids/{cid}", access::user,
       "Pushes a config (members that are not named: the instance's default) and answers with the job; `override` "
       "when it has another one, `noExec` only stores it.",
       "", "config override noExec", 202, push},
      {"DELETE", "/ffs/instances/{instance}/cids/{cid}", access::user,
       "Lets go of a CID for which hot and cold are disabled.", "", "", 204, remove},
      {"POST", "/ffs/instances/{instance}/cids/{cid}/replace", access::user,
       "Another CID takes its config and place; it stays until that job succeeds.", "", "by", 202, replace},
      {"GET", "/ffs/instances/{instance}/cids/{cid}/data/{path*}", access::user,
       "The bytes of a file from hot storage; ranges, ETag.", "", "", 200, get_from_hot},
  };
}

} // namespace weir::api
