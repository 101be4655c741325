// Deal records, independent of jobs; what instances hold, and what nobody asked for.
#include "actors/support/quota.hpp"
#include "node/ffs/desk.hpp"

namespace weir::ffs {

namespace {

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
  return feed_.page(r, of, f);
}

result<quota> desk::used(const reader& r, const instance& of) const {
  WEIR_TRY(auto all, quotas::used(r, {of.id}));
  auto& u = all[of.id];
  return quota{u.bytes, u.jobs, u.spend};
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
