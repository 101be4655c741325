// Deal records, independent of jobs; what instances hold, and what nobody asked for.
#include "node/cli/units.hpp"
#include "node/ffs/desk.hpp"

#include <algorithm>

namespace weir::ffs {

namespace {

/// When anything of it changed last.
unix_ms updated(const deal& d) {
  unix_ms last = d.created;
  for (auto& m : d.life)
    last = std::max(last, m.time);
  return last;
}

bool wants(const deal_filter& f, const deal& d, const content& of) {
  bool is_failed = !is_good(d.state);
  bool is_final = is_failed || d.state == deal_state::active;
  if (is_failed ? !f.failed : is_final ? !f.active : !f.pending)
    return false;
  return among(f.cids, of.cid) && among(f.wallets, d.client) && updated(d) > f.since;
}

/// Where a record stands in the list: its last change, and its UUID among those of one moment.
using deal_place = std::pair<std::int64_t, std::string>;

deal_place place_of(const deal_record& d) {
  return {d.updated.value, d.what.uuid.value};
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
status put_in_order(std::vector<deal_record>& found, bool newest_first, const std::string& after) {
  auto before = [newest_first](const deal_place& a, const deal_place& b) { return newest_first ? b < a : a < b; };
  std::sort(found.begin(), found.end(),
            [&](const deal_record& a, const deal_record& b) { return before(place_of(a), place_of(b)); });
  if (after.empty())
    return {};
  WEIR_TRY(auto last, place_from(after));
  std::erase_if(found, [&](const deal_record& x) { return !before(last, place_of(x)); });
  return {};
}

/// Staged before that time, and no job needs it.
result<bool> is_stale(const records::reader& r, const content& x, unix_ms before) {
  auto of = instance_of(x.owner);
  if (x.use != content_use::stage || x.state != content_state::stored || x.created >= before || of.value.empty())
    return false;
  WEIR_TRY(auto e, r.find<cid_entry>({of, x.cid}));
  return !e || (e->value.queued.value.empty() && e->value.running.value.empty());
}

} // namespace

result<page_of<deal_record>> desk::deals(const reader& r, const instance_id& of, const deal_filter& f) const {
  page_of<deal_record> out;
  out.at = r.at();
  auto& found = out.items;
  status failed;
  WEIR_CHECK(r.each<deal>([&](stored<deal> d) {
    if (d.value.content.value.empty())
      return true;
    auto c = r.find<content>(d.value.content);
    if (!c) {
      failed = c.error();
      return false;
    }
    bool theirs = *c && (of.value.empty() || (*c)->value.owner == owner_of(of));
    if (theirs && wants(f, d.value, (*c)->value)) {
      auto last = updated(d.value);
      found.push_back({std::move(d.value), instance_of((*c)->value.owner), (*c)->value.cid, last});
    }
    return true;
  }));
  WEIR_CHECK(failed);
  WEIR_CHECK(put_in_order(found, !f.ascending && f.since.value == 0, f.page.after));
  if (found.size() > f.page.limit) {
    found.resize(f.page.limit);
    auto last = place_of(found.back());
    out.next = std::to_string(last.first) + "." + last.second;
  }
  return out;
}

result<std::vector<retrieval>> desk::retrievals(const reader& r, const instance_id& of) const {
  std::vector<retrieval> out;
  WEIR_CHECK(r.each<retrieval>([&](stored<retrieval> found) { out.push_back(std::move(found.value)); },
                               {records::encode_prefix(of), {}}));
  return out;
}

result<std::vector<pinned>> desk::pins(const reader& r) const {
  std::vector<pinned> out;
  WEIR_CHECK(r.each<cid_entry>([&](const stored<cid_entry>& e) {
    if (e.value.hot.enabled)
      out.push_back({e.value.cid, e.value.instance, false, e.value.hot.since});
  }));
  WEIR_CHECK(r.each<content>([&](const stored<content>& x) {
    if (x.value.use == content_use::stage && x.value.state == content_state::stored)
      out.push_back({x.value.cid, instance_of(x.value.owner), true, x.value.created});
  }));
  return out;
}

void desk::collect_staged(asker who, unix_ms before, answer<std::vector<cid>> done) {
  auto r = look();
  auto left = std::make_shared<std::vector<content>>();
  status failed;
  auto seen = r->each<content>([&](stored<content> x) {
    auto old = is_stale(*r, x.value, before);
    if (!old)
      failed = old.error();
    else if (*old)
      left->push_back(std::move(x.value));
    return old.ok();
  });
  if (!seen || !failed)
    return done(seen ? failed.error() : seen.error());
  auto gone = std::make_shared<std::vector<cid>>();
  auto next = std::make_shared<std::function<void()>>();
  *next = [this, who, left, gone, done, weak = std::weak_ptr{next}] {
    if (left->empty())
      return done(std::move(*gone));
    remove_content last{left->back().owner, left->back().id, true};
    left->pop_back();
    ask<content>(who, p_.contents, std::move(last), [gone, done, again = weak.lock()](result<content> removed) {
      if (!removed)
        return done(std::move(removed).error());
      gone->push_back(removed->cid);
      (*again)();
    });
  };
  (*next)();
}

} // namespace weir::ffs
