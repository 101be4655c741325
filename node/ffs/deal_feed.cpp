#include "node/ffs/deal_feed.hpp"

#include "node/cli/units.hpp"
#include "storage/records/codec.hpp"

namespace weir::ffs {

namespace {

constexpr std::size_t slice = 500; ///< places that are taken out of the feed at a time

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
  return among(f.cids, of.cid) && among(f.wallets, d.client);
}

} // namespace

/// `next` of a page: "TIME.UUID".
result<deal_feed::place> deal_feed::place_from(const std::string& text) {
  auto dot = text.find('.');
  auto time = cli::parse_number(text.substr(0, dot));
  if (dot == text.npos || !time)
    return fail(errc::invalid_argument, "after is what `next` said.", text);
  return place{static_cast<std::int64_t>(*time), text.substr(dot + 1)};
}

void deal_feed::forget(const std::string& uuid) {
  auto known = known_.find(uuid);
  if (known == known_.end())
    return;
  all_.erase(known->second.at);
  auto own = of_owner_.find(known->second.owner.value);
  own->second.erase(known->second.at);
  if (own->second.empty())
    of_owner_.erase(own);
  known_.erase(known);
}

/// Deals of whole pieces are the node's, and no instance's record.
status deal_feed::take(const records::reader& r, const deal& d) {
  if (d.content.value.empty())
    return {};
  auto owner = owner_id{};
  if (auto known = known_.find(d.uuid.value); known != known_.end()) {
    owner = known->second.owner;
  } else {
    WEIR_TRY(auto c, r.find<content>(d.content));
    if (!c)
      return {};
    owner = c->value.owner;
  }
  forget(d.uuid.value);
  place at{updated(d).value, d.uuid.value};
  all_.insert(at);
  of_owner_[owner.value].insert(at);
  known_[d.uuid.value] = {std::move(at), std::move(owner)};
  return {};
}

status deal_feed::begin_anew(const records::reader& r) {
  at_.reset();
  all_.clear();
  of_owner_.clear();
  known_.clear();
  status failed;
  WEIR_CHECK(r.each<deal>([&](const stored<deal>& d) { return (failed = take(r, d.value)).ok(); }));
  WEIR_CHECK(failed);
  at_ = r.at();
  return {};
}

status deal_feed::catch_up(const records::reader& r) {
  if (!at_ || r.at().value > at_->value + max_caught_up)
    return begin_anew(r);
  while (*at_ < r.at()) {
    auto news = log_(*at_);
    if (!news || news->empty())
      return begin_anew(r);
    for (const auto& t : *news) {
      for (const auto& m : t->mutations) {
        if (m.table != table_id::deals)
          continue;
        if (!m.value) {
          forget(m.key);
          continue;
        }
        WEIR_TRY(auto d, records::decode<deal>(*m.value));
        WEIR_CHECK(take(r, d));
      }
      at_ = t->rev;
      if (*at_ == r.at())
        break;
    }
  }
  return {};
}

std::vector<deal_feed::place> deal_feed::some(const owner_id& of, const std::optional<place>& after, bool newest_first,
                                              std::size_t limit) const {
  std::vector<place> out;
  auto own = of_owner_.find(of.value);
  if (!of.value.empty() && own == of_owner_.end())
    return out;
  const auto& from = of.value.empty() ? all_ : own->second;
  if (newest_first)
    for (auto i = std::make_reverse_iterator(after ? from.lower_bound(*after) : from.end());
         i != from.rend() && out.size() < limit; ++i)
      out.push_back(*i);
  else
    for (auto i = after ? from.upper_bound(*after) : from.begin(); i != from.end() && out.size() < limit; ++i)
      out.push_back(*i);
  return out;
}

result<page_of<deal_record>> deal_feed::page(const records::reader& r, const instance_id& of, const deal_filter& f) {
  std::lock_guard guard{lock_};
  WEIR_CHECK(catch_up(r));
  bool newest_first = !f.ascending && f.since.value == 0;
  std::optional<place> after;
  if (!f.page.after.empty()) {
    WEIR_TRY(after, place_from(f.page.after));
  }
  // Behind everything of that millisecond: no UUID is as large as this.
  place since{f.since.value, "~"};
  if (!newest_first && f.since.value != 0 && (!after || *after < since))
    after = since;
  page_of<deal_record> out;
  out.at = r.at();
  auto owner = of.value.empty() ? owner_id{} : owner_of(of);
  for (std::size_t looked = 0;;) {
    auto places = some(owner, after, newest_first, slice);
    for (auto& p : places) {
      if (out.items.size() == f.page.limit || looked == max_deals_looked_at) {
        out.next = std::to_string(after->first) + "." + after->second;
        return out;
      }
      ++looked;
      after = p;
      WEIR_TRY(auto d, r.find<deal>(deal_uuid{p.second}));
      WEIR_TRY(auto c, d ? r.find<content>(d->value.content) : result<std::optional<stored<content>>>{std::nullopt});
      if (c && wants(f, d->value, c->value))
        out.items.push_back({d->value, instance_of(c->value.owner), c->value.cid, updated(d->value)});
    }
    if (places.size() < slice)
      return out;
  }
}

} // namespace weir::ffs
