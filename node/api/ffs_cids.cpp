// What an FFS instance wants of its CIDs, and what is: CidConfig and CidInfo.
#include "node/api/bytes.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/join.hpp"
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
  w.end_array().end_object();
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

/// From the hot copy, and only while the config wants one.
void get_from_hot(call c) {
  auto of = instance_of(c);
  auto id = cid_of_path(c);
  if (!good(c, of) || !good(c, id))
    return;
  auto wanted = c.node->desk->from_hot(*c.node->newest(), of->id, *id, c.capture("path"));
  if (!good(c, wanted))
    return;
  ask(
      c, c.node->retriever, *std::move(wanted),
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
