// Deal records of an FFS instance, independent of jobs; and what it holds hot.
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/cli/units.hpp"
#include "storage/filecoin/address_text.hpp"

namespace weir::api {

namespace {

result<ffs::deal_filter> filter_of(const call& c) {
  ffs::deal_filter f;
  for (auto& text : c.x->request().params.all("cid")) {
    WEIR_TRY(auto id, cid::parse(text));
    f.cids.push_back(std::move(id));
  }
  for (auto& text : c.x->request().params.all("address")) {
    WEIR_TRY(auto addr, filecoin::parse_address(text));
    f.wallets.push_back(std::move(addr));
  }
  WEIR_CHECK(f.only(c.param("state")));
  if (auto since = c.param("since"); !since.empty()) {
    WEIR_TRY(auto number, cli::parse_number(since));
    f.since = unix_ms{static_cast<std::int64_t>(number)};
  }
  f.ascending = c.param("ascending") == "1";
  return f;
}

void answer_deals(const call& c, const instance_id& of) {
  auto f = filter_of(c);
  auto p = page_of(c);
  if (!good(c, f) || !good(c, p))
    return;
  f->page = {p->limit, p->after, {}};
  auto r = c.node->newest();
  auto found = c.node->desk->deals(*r, of, *f);
  if (!good(c, found))
    return;
  answer_page(c, *found, [](json::writer& w, const ffs::deal_record& x) {
    w.begin_object();
    json::members(w, x.what);
    w.member("instance", x.instance.value).key("cid");
    json::write(w, x.cid);
    w.member("updated", x.updated.value).end_object();
  });
}

void list_deals(call c) {
  auto of = instance_of(c);
  if (good(c, of))
    answer_deals(c, of->id);
}

void list_all_deals(call c) {
  answer_deals(c, {});
}

/// What instances hold: staged, or pinned hot by a config.
void list_pinned(call c) {
  auto r = c.node->newest();
  auto found = c.node->desk->pins(*r);
  if (good(c, found))
    answer_page(c, ffs::page_of<ffs::pinned>{*std::move(found), {}, r->at()},
                [](json::writer& w, const ffs::pinned& x) {
                  w.begin_object().key("cid");
                  json::write(w, x.cid);
                  w.member("instance", x.instance.value).member("staged", x.staged);
                  w.member("since", x.since.value).end_object();
                });
}

void collect_staged(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    std::int64_t grace = 120; // an hour, in epochs
    if (body["olderThan"].string() == "0") {
      grace = 0;
    } else if (body.has("olderThan")) {
      auto wanted = cli::parse_duration(body["olderThan"].string());
      if (!good(ready, wanted))
        return;
      grace = *wanted;
    }
    auto before = unix_ms{ready.node->clock().value - grace * epoch_seconds * 1000 + (grace == 0 ? 1 : 0)};
    ready.node->desk->collect_staged(
        ready.node->self, before, answer<std::vector<cid>>(ready, [ready](std::vector<cid> gone) {
          answer_page(ready, ffs::page_of<cid>{std::move(gone), {}, ready.node->newest()->at()},
                      [](json::writer& w, const cid& id) { json::write(w, id); });
        }));
  });
}

} // namespace

endpoints ffs_record_endpoints() {
  return {
      {"GET", "/ffs/instances/{instance}/deals", access::user,
       "Deal records, the newest change first; state is all, pending, active or failed; with `since` (ms) the oldest "
       "change first.",
       "cid address state since ascending limit after", "", 200, list_deals},
      {"GET", "/ffs/deals", access::admin, "The same of all instances: with `since` a feed of what changed.",
       "cid address state since ascending limit after", "", 200, list_all_deals},
      {"GET", "/ffs/pinned", access::admin, "What instances hold: staged, or pinned hot.", "", "", 200, list_pinned},
      {"POST", "/ffs/gc", access::admin,
       "Removes what was staged and is older than a grace time (an hour), but not what a job needs.", "", "olderThan",
       200, collect_staged},
  };
}

} // namespace weir::api
