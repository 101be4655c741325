// What an FFS instance wants of its CIDs, and what is: CidConfig and CidInfo.
#include "actors/ffs/options.hpp"
#include "node/api/bytes.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/join.hpp"
#include "node/cli/units.hpp"
#include "node/json/ffs.hpp"

namespace weir::api {

namespace {

void show_cid(call c) {
  auto of = instance_of(c);
  auto id = cid_of_path(c);
  if (!good(c, of) || !good(c, id))
    return;
  auto found = c.node->desk->cid_info(*c.node->newest(), of->id, *id);
  if (!good(c, found))
    return;
  json::writer w;
  w.begin_object();
  json::members(w, found->entry);
  w.key("proposals").begin_array();
  for (auto& d : found->proposals)
    json::write(w, d);
  w.end_array().key("selections").begin_array();
  for (auto& s : found->selections)
    json::write(w, s);
  w.end_array().member("unverified", found->unverified).end_object();
  c.json(200, w);
}

void list_cids(call c) {
  auto of = instance_of(c);
  auto p = page_of(c);
  if (!good(c, of) || !good(c, p))
    return;
  auto r = c.node->newest();
  auto found = c.node->desk->cids(*r, of->id, {p->limit, p->after, c.param("q")});
  if (!good(c, found))
    return;
  joiner deals{*r};
  status joined;
  json::writer w;
  begin_list(w);
  for (auto& e : found->items) {
    w.begin_object();
    json::members(w, e);
    if (joined)
      joined = deals.write_deals_of(w, e.cold.content);
    w.end_object();
  }
  end_list(w, found->next, found->at);
  if (good(c, joined))
    c.json(200, w);
}

void answer_push(const call& c, const ffs::push_answer& a) {
  json::writer w;
  w.begin_object().key("job");
  a.job.value.empty() ? w.null() : w.value(a.job.value);
  w.end_object();
  c.json(202, w);
}

result<std::vector<deal_id>> imports_of(const json::value& list) {
  std::vector<deal_id> ids;
  for (const auto& item : list.items) {
    auto id = item.is_string() ? cli::parse_number(item.string()).value_or(0) : item.u64().value_or(0);
    if (id == 0)
      return fail(errc::invalid_argument, "importDeals is a list of the numbers of deals on the chain.", item.string());
    ids.push_back(deal_id{id});
  }
  return ids;
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
    auto imports = imports_of(body["importDeals"]);
    if (!good(ready, imports))
      return;
    wish.imports = *std::move(imports);
    ready.node->desk->push(
        ready.node->self, std::move(wish),
        answer<ffs::push_answer>(ready, [ready](const ffs::push_answer& a) { answer_push(ready, a); }));
  });
}

void replace(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    auto from = cid_of_path(ready);
    auto to = cid::parse(body["by"].string());
    if (good(ready, of) && good(ready, from) && good(ready, to))
      ready.node->desk->replace(
          ready.node->self, {of->id, *from, *to},
          answer<ffs::push_answer>(ready, [ready](const ffs::push_answer& a) { answer_push(ready, a); }));
  });
}

void remove(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto of = instance_of(ready);
    auto id = cid_of_path(ready);
    if (good(ready, of) && good(ready, id))
      ready.node->desk->remove(ready.node->self, {of->id, *id},
                               answer<nothing>(ready, [ready](nothing) { ready.reply(http::response::empty(204)); }));
  });
}

/// The blocks that a hot layer finds where it finds blocks become a staged content.
void stage(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    auto id = cid::parse(body["cid"].string());
    if (!good(ready, of) || !good(ready, id))
      return;
    ffs::stage_cid wish{of->id, *id, 0};
    if (body.has("timeout")) {
      auto seconds = body["timeout"].u64();
      if (!seconds)
        return ready.fail(fail(errc::invalid_argument, "timeout is a number of seconds.", body["timeout"].string()));
      wish.timeout = *seconds;
    }
    ready.node->desk->stage(ready.node->self, wish, answer<content>(ready, [ready](const content& made) {
                              ready.json(201, json::to_json(made));
                            }));
  });
}

void give_file(const call& c, open_read wanted, const cid& id) {
  ask(
      c, c.node->retriever, std::move(wanted),
      [c, id](const read_ticket& t) {
        if (t.entry.type == directory_entry::kind::directory) {
          open_ticket closes{*c.node, t};
          return c.fail(fail(errc::invalid_path, "This is a folder; name a file inside it.", c.capture("path")));
        }
        send_bytes(c, t, t.entry.name.empty() ? id.text() : t.entry.name, true);
      },
      slow_ask_time);
}

/// Out of the pieces at providers, only what is asked for; nothing of it stays here.
void get_from_cold(call c) {
  auto of = instance_of(c);
  auto id = cid_of_path(c);
  if (!good(c, of) || !good(c, id))
    return;
  auto e = c.node->newest()->find<ffs::cid_entry>({of->id, *id});
  if (!good(c, e))
    return;
  if (!*e || (*e)->value.cold.content.value.empty())
    return c.fail(fail(errc::not_found, "The instance does not keep this CID cold.", id->text()));
  if (!(*e)->value.config.hot.allow_unfreeze)
    return c.fail(
        fail(errc::precondition, "hot.allowUnfreeze is off; push a config that allows retrieving.", id->text()));
  give_file(c, {ffs::owner_of(of->id), (*e)->value.cold.content, c.capture("path"), read_from::provider, {}}, *id);
}

/// From the hot copy, and only while the config wants one.
void get_from_hot(call c) {
  auto of = instance_of(c);
  auto id = cid_of_path(c);
  if (!good(c, of) || !good(c, id))
    return;
  auto wanted = c.node->desk->from_hot(*c.node->newest(), of->id, *id, c.capture("path"));
  if (!good(c, wanted))
    return;
  auto e = c.node->newest()->find<ffs::cid_entry>({of->id, *id});
  if (!good(c, e))
    return;
  if (!*e || (*e)->value.hot.layer == ffs::own_layer)
    return give_file(c, *std::move(wanted), *id);
  c.node->desk->bring(c.node->self, {of->id, *id},
                      answer<nothing>(c, [c, wanted = *wanted, id = *id](nothing) { give_file(c, wanted, id); }));
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

/// What the body does not name stays.
rpc::ffs_services::config_change merged(const json::value& body) {
  return [body](const ffs::cid_config& before) { return json::config_from(body, before); };
}

void set_default(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto of = instance_of(ready);
    if (good(ready, of))
      ready.node->desk->set_default(
          ready.node->self, of->id, merged(body),
          answer<ffs::cid_config>(ready, [ready](const ffs::cid_config& now) { answer_config(ready, now); }));
  });
}

void show_node_default(call c) {
  auto config = c.node->desk->node_default(*c.node->newest());
  if (good(c, config))
    answer_config(c, *config);
}

void set_node_default(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    ready.node->desk->set_node_default(
        ready.node->self, merged(body),
        answer<ffs::cid_config>(ready, [ready](const ffs::cid_config& now) { answer_config(ready, now); }));
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
       "when it has another one, `noExec` only stores it. `importDeals`: numbers of active deals on the chain that "
       "hold "
       "the CID, whoever made them; they are adopted first.",
       "", "config override noExec importDeals", 202, push},
      {"POST", "/ffs/instances/{instance}/stage", access::user,
       "Stages a CID: its blocks come from where the instance's hot layer finds blocks (the node's own store finds "
       "none "
       "elsewhere). `timeout`: seconds until the first bytes.",
       "", "cid timeout", 201, stage},
      {"DELETE", "/ffs/instances/{instance}/cids/{cid}", access::user,
       "Lets go of a CID for which hot and cold are disabled.", "", "", 204, remove},
      {"POST", "/ffs/instances/{instance}/cids/{cid}/replace", access::user,
       "Another CID takes its config and place; it stays until that job succeeds.", "", "by", 202, replace},
      {"GET", "/ffs/instances/{instance}/cids/{cid}/data/{path*}", access::user,
       "The bytes of a file from hot storage; ranges, ETag.", "", "", 200, get_from_hot},
      {"GET", "/ffs/instances/{instance}/cids/{cid}/cold/{path*}", access::user,
       "The bytes of a file from a provider: only what is asked for is retrieved (ranges), and nothing of it stays "
       "here. For configs with hot.allowUnfreeze.",
       "", "", 200, get_from_cold},
  };
}

} // namespace weir::api
