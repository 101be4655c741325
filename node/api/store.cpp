// The block store: figures, the check, garbage, pins.
#include "messages/actors/store.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/lists.hpp"
#include "node/json/store.hpp"

namespace weir::api {

namespace {

void show_store(call c) {
  ask(
      c, c.node->keeper, atom::status_v, [c](const store_stat_ptr& s) { c.json(200, json::to_json(*s)); },
      slow_ask_time);
}

void check(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    bool repair = body["repair"].boolean();
    ask(
        ready, ready.node->keeper, check_store{repair},
        [ready](const store_report_ptr& r) { ready.json(200, json::to_json(*r)); }, slow_ask_time);
  });
}

void collect(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    ask(
        ready, ready.node->keeper, collect_garbage{},
        [ready](const garbage& g) {
          json::writer w;
          w.begin_object().member("blocks", g.blocks).member("bytes", g.bytes);
          w.member("packs", g.packs).member("packBytes", g.pack_bytes).end_object();
          ready.json(200, w);
        },
        slow_ask_time);
  });
}

void write_pin(json::writer& w, const pin& p) {
  w.begin_object().member("cid", p.cid.text()).member("mode", p.recursive ? "recursive" : "direct");
  w.member("name", p.name).member("owner", p.owner.value).member("created", p.created);
  w.member("blocks", p.blocks).member("bytes", p.bytes).end_object();
}

/// `after` is CID@OWNER of the last one.
result<list_pins> wanted_pins(const call& c) {
  WEIR_TRY(auto p, page_of(c));
  list_pins wanted;
  if (!c.who.admin)
    wanted.owner = c.who.owner;
  wanted.limit = static_cast<std::uint32_t>(p.limit);
  if (p.after.empty())
    return wanted;
  auto at = std::min(p.after.find('@'), p.after.size());
  WEIR_TRY(wanted.after, cid::parse(p.after.substr(0, at)));
  wanted.after_owner = owner_id{at < p.after.size() ? p.after.substr(at + 1) : c.who.owner.value};
  return wanted;
}

void show_pins(call c) {
  auto wanted = wanted_pins(c);
  if (!good(c, wanted))
    return;
  ask(c, c.node->keeper, *wanted, [c, limit = wanted->limit](const pin_list& pins) {
    json::writer w;
    begin_list(w);
    for (const auto& p : pins)
      write_pin(w, p);
    bool more = pins.size() == limit;
    end_list(w, more ? pins.back().cid.text() + "@" + pins.back().owner.value : "", c.node->commits.records->head());
    c.json(200, w);
  });
}

result<add_pin> wish_of(const call& c, const json::value& body) {
  constexpr std::size_t longest_name = 1024;
  add_pin wish;
  wish.owner = c.who.owner;
  WEIR_TRY(wish.cid, cid::parse(body["cid"].string()));
  wish.name = body["name"].string();
  if (wish.name.size() > longest_name)
    return fail(errc::too_large, "The name is too long.", {}, std::to_string(longest_name));
  auto mode = body["mode"].string();
  if (!mode.empty() && mode != "recursive" && mode != "direct")
    return fail(errc::invalid_argument, "The mode of a pin is recursive or direct.", mode);
  wish.recursive = mode != "direct";
  return wish;
}

void add(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto wish = wish_of(ready, body);
    if (!good(ready, wish))
      return;
    ask(
        ready, ready.node->keeper, *wish,
        [ready](const pin& p) {
          json::writer w;
          write_pin(w, p);
          ready.json(201, w);
        },
        slow_ask_time);
  });
}

void remove(call c) {
  with_body(c, [](const call& ready, const json::value&) {
    auto id = cid::parse(ready.capture("cid"));
    if (!good(ready, id))
      return;
    auto owner = ready.who.admin && !ready.param("owner").empty() ? owner_id{ready.param("owner")} : ready.who.owner;
    ask(
        ready, ready.node->keeper, remove_pin{owner, *id},
        [ready](nothing) { ready.reply(http::response::empty(204)); }, slow_ask_time);
  });
}

} // namespace

endpoints store_endpoints() {
  return {
      {"GET", "/store", access::admin, "Figures of the block store; lists it.", "", "", 200, show_store},
      {"POST", "/store/check", access::admin, "Reads every block; with repair mends what another copy can mend.", "",
       "repair", 200, check},
      {"POST", "/store/gc", access::admin, "Removes blocks that nothing needs.", "", "", 200, collect},
      {"GET", "/pins", access::user, "The caller's pins.", "limit after", "", 200, show_pins},
      {"POST", "/pins", access::user, "Keeps a block, or the whole DAG below it, that is here.", "", "cid mode name",
       201, add},
      {"DELETE", "/pins/{cid}", access::user, "Takes the pin away.", "owner", "", 204, remove},
  };
}

} // namespace weir::api
