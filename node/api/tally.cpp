#include "node/api/tally.hpp"

#include "storage/records/codec.hpp"
#include "storage/records/tables.hpp"

#include <algorithm>

namespace weir::api {

namespace {

constexpr std::uint64_t flow_revisions = 5000;
constexpr std::int64_t flow_kept_ms = 24 * 3600 * 1000;

std::size_t index(content_state s) {
  return static_cast<std::size_t>(s);
}

/// What a person would do about it.
std::string advice(const content& c) {
  switch (c.problem.code) {
  case errc::insufficient_funds:
    return "add-escrow";
  case errc::corrupt:
    return "restore";
  case errc::no_network:
    return "start the node with --devnet or --chain";
  default:
    return c.state == content_state::failed ? "add it again" : "explain";
  }
}

template <class R>
std::optional<R> decoded(const mutation& m) {
  auto record = records::decode<R>(*m.value);
  return record ? std::optional{*std::move(record)} : std::nullopt;
}

} // namespace

status tally::load(const records::reader& r) {
  *this = {};
  at_ = r.at();
  WEIR_CHECK(r.each<content>([&](const stored<content>& c) { put(c.value, false); }));
  WEIR_CHECK(r.each<deal>([&](const stored<deal>& d) { put(d.value); }));
  WEIR_CHECK(r.each<bucket>([&](const stored<bucket>& b) { put(b.value); }));
  WEIR_CHECK(load_running_jobs(r));
  return r.each<piece>([&](const stored<piece>& p) { put(p.value); });
}

status tally::load_running_jobs(const records::reader& r) {
  WEIR_TRY(auto open, r.keys<records::ffs_open_jobs>());
  for (const auto& [scheduler, id, instance] : open) {
    WEIR_TRY(auto job, r.find<ffs::job>({instance, id}));
    if (job && job->value.state == ffs::job_state::in_progress)
      running_jobs_.insert(id.value);
  }
  return {};
}

void tally::follow_job(const event& e) {
  if (e.kind == event_kind::job_started)
    running_jobs_.insert(e.subject);
  else if (e.kind == event_kind::job_done || e.kind == event_kind::job_failed || e.kind == event_kind::job_cancelled)
    running_jobs_.erase(e.subject);
}

status tally::load_with_flow(const records::record_store& store, unix_ms now) {
  auto head = store.head().value;
  auto begins = std::max(store.oldest().value, head > flow_revisions ? head - flow_revisions : 0);
  auto then = begins > 0 ? store.view_at(revision{begins}) : store.view_at(revision{0});
  if (!then)
    return load(*store.snapshot());
  WEIR_CHECK(load(**then));
  while (at_ < store.head()) {
    WEIR_TRY(auto log, store.read_log(at_));
    for (const auto& t : log)
      apply(*t);
    if (log.empty())
      break;
  }
  auto oldest = now.value - flow_kept_ms;
  std::erase_if(steps_, [oldest](const step& s) { return s.begins < oldest; });
  event_counts_.clear(); // since the start
  return {};
}

void tally::apply(const committed& t) {
  if (t.rev <= at_)
    return;
  at_ = t.rev;
  now_ = t.time;
  for (const auto& m : t.mutations)
    mutate(m);
  for (const auto& e : t.events) {
    ++event_counts_[to_string(e.kind)];
    follow_job(e);
  }
}

void tally::mutate(const mutation& m) {
  if (!m.value)
    return forget(m.table, m.key);
  switch (m.table) {
  case table_id::contents:
    if (auto r = decoded<content>(m))
      put(*r, true);
    return;
  case table_id::deals:
    if (auto r = decoded<deal>(m))
      put(*r);
    return;
  case table_id::buckets:
    if (auto r = decoded<bucket>(m))
      put(*r);
    return;
  case table_id::pieces:
    if (auto r = decoded<piece>(m))
      put(*r);
    return;
  default:
    return;
  }
}

void tally::count(const content_entry& e, std::int64_t sign) {
  auto& total = owners_[e.owner.value][index(e.state)];
  total.count += static_cast<std::uint64_t>(sign);
  total.bytes += static_cast<std::uint64_t>(sign) * e.size;
  local_blocks_ += static_cast<std::uint64_t>(sign) * e.local_blocks;
}

void tally::put(const content& c, bool live) {
  auto [place, fresh] = contents_.try_emplace(c.id.value);
  auto before = place->second;
  if (!fresh)
    count(before, -1);
  place->second = {c.owner, c.state, c.size, c.local ? c.blocks : 0};
  count(place->second, 1);
  // Bytes of contents at each gate, so that what lies between two gates can be
  // read off; deals would count the same bytes once for each copy.
  auto passed = [&](content_state gate) {
    return live && c.state >= gate && c.state <= content_state::active && (fresh || before.state < gate);
  };
  if (live && fresh)
    flow(came_in, c.size);
  if (passed(content_state::packed))
    flow(packed, c.size);
  if (passed(content_state::proposed))
    flow(proposed, c.size);
  if (passed(content_state::active))
    flow(active, c.size);
  note("c" + c.id.value, {"content", c.name, c.owner, c.problem, advice(c)});
}

void tally::put(const deal& d) {
  auto [place, fresh] = deals_.try_emplace(d.uuid.value);
  if (!fresh)
    --deal_counts_[static_cast<std::size_t>(place->second.state)];
  place->second = {d.state};
  ++deal_counts_[static_cast<std::size_t>(d.state)];
}

void tally::put(const bucket& b) {
  buckets_[b.id.value] = {b.owner, b.state, b.ready};
  note("b" + b.id.value, {"bucket", b.global() ? "global" : b.name, b.owner, b.problem, "show"});
}

void tally::put(const piece& p) {
  auto key = std::string{as_text(p.cid.data())};
  forget_piece(key);
  auto bytes = p.local ? p.unpadded_size() : 0;
  pieces_[key] = bytes;
  local_piece_bytes_ += bytes;
  note("p" + p.cid.text(), {"piece", p.cid.text(), {}, p.problem, "show"});
}

void tally::note(const std::string& key, trouble t) {
  if (t.problem.any())
    troubles_[key] = std::move(t);
  else
    troubles_.erase(key);
}

void tally::forget_content(const std::string& key) {
  auto known = contents_.find(key);
  if (known == contents_.end())
    return;
  count(known->second, -1);
  contents_.erase(known);
  troubles_.erase("c" + key);
}

void tally::forget_piece(const std::string& key) {
  if (auto known = pieces_.find(key); known != pieces_.end()) {
    local_piece_bytes_ -= known->second;
    pieces_.erase(known);
  }
}

void tally::forget(table_id table, const std::string& key) {
  if (table == table_id::contents)
    return forget_content(key);
  if (table == table_id::buckets) {
    buckets_.erase(key);
    troubles_.erase("b" + key);
  }
  if (table == table_id::pieces) {
    forget_piece(key);
    if (auto id = cid::from_bytes(as_bytes(key)))
      troubles_.erase("p" + id->text());
  }
  if (table == table_id::deals)
    if (auto known = deals_.find(key); known != deals_.end()) {
      --deal_counts_[static_cast<std::size_t>(known->second.state)];
      deals_.erase(known);
    }
}

void tally::flow(series which, std::uint64_t bytes) {
  auto begins = now_.value / step_ms * step_ms;
  // A clock that was set back adds to the newest step.
  if (steps_.empty() || steps_.back().begins < begins)
    steps_.push_back({begins, {}});
  steps_.back().bytes[which] += bytes;
  if (steps_.size() > kept_steps)
    steps_.pop_front();
}

std::map<std::string_view, std::uint64_t> tally::contents_by_state() const {
  std::map<std::string_view, std::uint64_t> out;
  for (const auto& [owner, states] : owners_)
    for (std::size_t i = 0; i < states.size(); ++i)
      out[to_string(static_cast<content_state>(i))] += states[i].count;
  return out;
}

std::map<std::string_view, std::uint64_t> tally::deals_by_state() const {
  std::map<std::string_view, std::uint64_t> out;
  for (std::size_t i = 0; i < deal_counts_.size(); ++i)
    out[to_string(static_cast<deal_state>(i))] = deal_counts_[i];
  return out;
}

} // namespace weir::api
