#include "node/api/tally.hpp"
#include "node/json/record.hpp"

#include <algorithm>

namespace weir::api {

namespace {

constexpr std::size_t shown_troubles = 100;
constexpr std::int64_t shown_steps = 120;

void write_sum(json::writer& w, std::string_view name, std::uint64_t count, std::uint64_t bytes) {
  w.key(name).begin_object().member("count", count).member("bytes", bytes).end_object();
}

} // namespace

std::string tally::summary_json(const caller& who) const {
  by_state mine{};
  for (const auto& [owner, states] : owners_)
    if (who.sees(owner_id{owner}))
      for (std::size_t i = 0; i < states.size(); ++i) {
        mine[i].count += states[i].count;
        mine[i].bytes += states[i].bytes;
      }
  auto total = [&](std::initializer_list<content_state> which) {
    sum out;
    for (auto s : which) {
      out.count += mine[static_cast<std::size_t>(s)].count;
      out.bytes += mine[static_cast<std::size_t>(s)].bytes;
    }
    return out;
  };
  using enum content_state;
  auto safe = total({active});
  auto on_their_way = total({packed, proposed, published, degraded});
  auto none = total({stored, in_bucket, failed});
  json::writer w;
  w.begin_object();
  write_sum(w, "contents", safe.count + on_their_way.count + none.count, safe.bytes + on_their_way.bytes + none.bytes);
  write_sum(w, "safe", safe.count, safe.bytes);
  write_sum(w, "onTheirWay", on_their_way.count, on_their_way.bytes);
  write_sum(w, "none", none.count, none.bytes);
  w.key("attention").begin_array();
  std::size_t shown = 0;
  for (const auto& [key, t] : troubles_) {
    if (shown == shown_troubles)
      break;
    if (!who.sees(t.owner))
      continue;
    ++shown;
    w.begin_object().member("kind", t.kind).member("subject", key.substr(1)).member("name", t.name).key("problem");
    json::write(w, t.problem);
    w.member("action", t.action).end_object();
  }
  w.end_array().key("byState").begin_object();
  for (std::size_t i = 0; i < mine.size(); ++i)
    write_sum(w, to_string(static_cast<content_state>(i)), mine[i].count, mine[i].bytes);
  w.end_object();
  std::uint64_t open = 0, ready = 0, complete = 0;
  for (const auto& [id, b] : buckets_) {
    if (!b.owner.value.empty() && !who.sees(b.owner))
      continue;
    b.state == bucket_state::complete ? ++complete : b.ready == bucket_ready::open ? ++open : ++ready;
  }
  w.key("buckets").begin_object().member("open", open).member("ready", ready).member("complete", complete).end_object();
  w.key("deals").begin_object();
  for (const auto& [name, number] : deals_by_state())
    w.member(name, number);
  w.end_object().member("revision", at_.value).end_object();
  return w.take();
}

std::string tally::flow_json(unix_ms now, std::int64_t window) const {
  auto step = std::max(step_ms, (window * 1000 / shown_steps + step_ms - 1) / step_ms * step_ms);
  auto count = std::max<std::int64_t>(1, window * 1000 / step);
  auto from = (now.value / step - count + 1) * step;
  std::array<std::vector<std::uint64_t>, series_count> bytes;
  for (auto& line : bytes)
    line.resize(static_cast<std::size_t>(count));
  for (const auto& s : steps_) {
    auto place = (s.begins - from) / step;
    if (s.begins < from || place >= count)
      continue;
    for (std::size_t i = 0; i < series_count; ++i)
      bytes[i][static_cast<std::size_t>(place)] += s.bytes[i];
  }
  json::writer w;
  w.begin_object().member("step", step / 1000).member("from", from).key("series").begin_object();
  constexpr std::array<std::string_view, series_count> names{"in", "packed", "proposed", "active"};
  for (std::size_t i = 0; i < series_count; ++i) {
    w.key(names[i]).begin_array();
    for (auto b : bytes[i])
      w.value(b);
    w.end_array();
  }
  w.end_object().end_object();
  return w.take();
}

} // namespace weir::api
