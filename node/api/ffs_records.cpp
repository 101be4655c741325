// Deal records of an FFS instance, independent of jobs; and what it holds hot.
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/lists.hpp"
#include "node/cli/units.hpp"
#include "storage/filecoin/address_text.hpp"

#include <algorithm>

namespace weir::api {

namespace {

/// When anything of it changed last.
unix_ms updated(const deal& d) {
  unix_ms last = d.created;
  for (auto& m : d.life)
    last = std::max(last, m.time);
  return last;
}

struct deal_filter {
  std::vector<cid> cids;
  std::vector<address> wallets;
  bool pending = true, final_ones = true, failed = true;
  unix_ms since;

  bool wants(const deal& d, const content& of) const {
    bool is_failed = !is_good(d.state);
    bool is_final = is_failed || d.state == deal_state::active;
    if (is_failed ? !failed : is_final ? !final_ones : !pending)
      return false;
    auto among = [](const auto& list, const auto& v) {
      return list.empty() || std::find(list.begin(), list.end(), v) != list.end();
    };
    return among(cids, of.cid) && among(wallets, d.client) && updated(d) > since;
  }
};

result<deal_filter> filter_of(const call& c) {
  deal_filter f;
  for (auto& text : c.x->request().params.all("cid")) {
    WEIR_TRY(auto id, cid::parse(text));
    f.cids.push_back(std::move(id));
  }
  for (auto& text : c.x->request().params.all("address")) {
    WEIR_TRY(auto addr, filecoin::parse_address(text));
    f.wallets.push_back(std::move(addr));
  }
  auto state = c.param("state");
  if (!state.empty() && state != "all") {
    f.pending = state == "pending";
    f.final_ones = state == "active";
    f.failed = state == "failed";
    if (!f.pending && !f.final_ones && !f.failed)
      return fail(errc::invalid_argument, "There is no such state of a deal record.", state,
                  "all pending active failed");
  }
  if (auto since = c.param("since"); !since.empty()) {
    WEIR_TRY(auto number, cli::parse_number(since));
    f.since = unix_ms{static_cast<std::int64_t>(number)};
  }
  return f;
}

struct found_deal {
  deal what;
  content of;
};

/// Those of the instance, or with an empty id of all instances.
result<std::vector<found_deal>> deals_of(const records::reader& r, const instance_id& of, const deal_filter& f) {
  std::vector<found_deal> found;
  status failed;
  WEIR_CHECK(r.each<deal>([&](stored<deal> d) {
    if (d.value.content.value.empty())
      return true;
    auto c = r.find<content>(d.value.content);
    if (!c) {
      failed = c.error();
      return false;
    }
    bool theirs = *c && (of.value.empty() || (*c)->value.owner == ffs::owner_of(of));
    if (theirs && f.wants(d.value, (*c)->value))
      found.push_back({std::move(d.value), std::move((*c)->value)});
    return true;
  }));
  WEIR_CHECK(failed);
  return found;
}

/// Where a record stands in the list: its last change, and its UUID among those of one moment.
using deal_place = std::pair<std::int64_t, std::string>;

deal_place place_of(const deal& d) {
  return {updated(d).value, d.uuid.value};
}

/// `next` of a page: "TIME.UUID".
result<deal_place> place_from(const std::string& text) {
  auto dot = text.find('.');
  auto time = cli::parse_number(text.substr(0, dot));
  if (dot == text.npos || !time)
    return fail(errc::invalid_argument, "after is what `next` said.", text);
  return deal_place{static_cast<std::int64_t>(*time), text.substr(dot + 1)};
}

/// In the order of the list, and only what is behind `after`.
status put_in_order(std::vector<found_deal>& found, bool newest_first, const std::string& after) {
  auto before = [newest_first](const deal_place& a, const deal_place& b) { return newest_first ? b < a : a < b; };
  std::sort(found.begin(), found.end(),
            [&](const found_deal& a, const found_deal& b) { return before(place_of(a.what), place_of(b.what)); });
  if (after.empty())
    return {};
  WEIR_TRY(auto last, place_from(after));
  std::erase_if(found, [&](const found_deal& x) { return !before(last, place_of(x.what)); });
  return {};
}

void answer_deals(const call& c, const instance_id& of) {
  auto f = filter_of(c);
  auto p = page_of(c);
  if (!good(c, f) || !good(c, p))
    return;
  auto r = c.node->newest();
  auto found = deals_of(*r, of, *f);
  if (!good(c, found))
    return;
  auto ordered = put_in_order(*found, c.param("ascending") != "1" && f->since.value == 0, p->after);
  if (!good(c, ordered))
    return;
  json::writer w;
  begin_list(w);
  auto count = std::min(found->size(), p->limit);
  for (std::size_t i = 0; i < count; ++i) {
    auto& x = (*found)[i];
    w.begin_object();
    json::members(w, x.what);
    w.member("instance", ffs::instance_of(x.of.owner).value).key("cid");
    json::write(w, x.of.cid);
    w.member("updated", updated(x.what).value).end_object();
  }
  std::string next;
  if (count < found->size()) {
    auto last = place_of((*found)[count - 1].what);
    next = std::to_string(last.first) + "." + last.second;
  }
  end_list(w, next, r->at());
  c.json(200, w);
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
  json::writer w;
  begin_list(w);
  auto line = [&](const instance_id& of, const cid& id, bool staged, unix_ms since) {
    w.begin_object().key("cid");
    json::write(w, id);
    w.member("instance", of.value).member("staged", staged).member("since", since.value).end_object();
  };
  auto hot = r->each<ffs::cid_entry>([&](const stored<ffs::cid_entry>& e) {
    if (e.value.hot.enabled)
      line(e.value.instance, e.value.cid, false, e.value.hot.since);
  });
  auto staged = r->each<content>([&](const stored<content>& x) {
    if (x.value.use == content_use::stage && x.value.state == content_state::stored)
      line(ffs::instance_of(x.value.owner), x.value.cid, true, x.value.created);
  });
  if (!good(c, hot) || !good(c, staged))
    return;
  end_list(w, {}, r->at());
  c.json(200, w);
}

/// Staged contents that nobody asked anything for in the time, and that no job needs.
result<std::vector<content>> stale(const records::reader& r, unix_ms before) {
  std::vector<content> found;
  status failed;
  WEIR_CHECK(r.each<content>([&](stored<content> x) {
    auto of = ffs::instance_of(x.value.owner);
    bool old = x.value.use == content_use::stage && x.value.state == content_state::stored && x.value.created < before;
    if (!old || of.value.empty())
      return true;
    auto e = r.find<ffs::cid_entry>({of, x.value.cid});
    if (!e) {
      failed = e.error();
      return false;
    }
    if (!*e || ((*e)->value.queued.value.empty() && (*e)->value.running.value.empty()))
      found.push_back(std::move(x.value));
    return true;
  }));
  WEIR_CHECK(failed);
  return found;
}

void collect_next(const call& c, std::shared_ptr<std::vector<content>> left, std::shared_ptr<std::vector<cid>> gone) {
  if (left->empty()) {
    json::writer w;
    begin_list(w);
    for (auto& id : *gone)
      json::write(w, id);
    end_list(w, {}, c.node->newest()->at());
    return c.json(200, w);
  }
  auto next = std::move(left->back());
  left->pop_back();
  ask(c, c.node->contents, remove_content{next.owner, next.id, true}, [c, left, gone](const content& removed) {
    gone->push_back(removed.cid);
    collect_next(c, left, gone);
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
    auto found = stale(*ready.node->newest(), before);
    if (good(ready, found))
      collect_next(ready, std::make_shared<std::vector<content>>(*std::move(found)),
                   std::make_shared<std::vector<cid>>());
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
