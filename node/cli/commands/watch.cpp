// watch: the event stream, for people or as one JSON object a line.
#include "node/api/times.hpp"
#include "node/cli/commands/shared.hpp"
#include "node/cli/units.hpp"

#include <csignal>

namespace weir::cli {

namespace {

constexpr int most_breaks = 1000;

std::string words_of(const json::value& e) {
  std::string out = e["kind"].text;
  out.resize(std::max<std::size_t>(out.size() + 2, 20), ' ');
  out += short_cid(e["subject"].text);
  for (const auto& [name, value] : e["fields"].members)
    out += "  " + name + "=" + short_cid(value.string());
  return out;
}

void show(context& c, const json::value& t) {
  auto time = api::time_text(t["time"].i64().value_or(0) / 1000);
  for (const auto& e : t["events"].items)
    c.line(t["revision"].string() + "  " + time + "  " + words_of(e));
  c.out() << std::flush;
}

/// The stream, taken up again where it broke; ends by --count or a signal.
int watch(context& c) {
  const auto& g = c.given();
  std::string from = g.get("from");
  auto left = g.has("count") ? parse_number(g.get("count")) : result<std::uint64_t>{UINT64_MAX};
  if (!left)
    return c.fail(fail(errc::usage, "--count is a number.", g.get("count")));
  std::signal(SIGINT, SIG_DFL);
  error last{errc::unreachable, {}, {}, {}};
  for (int breaks = 0; breaks < most_breaks && *left > 0; ++breaks) {
    query q{{"from", from}};
    for (const auto& kind : g.all("kind"))
      q.emplace_back("kind", kind);
    auto ended = c.node().watch("/watch" + query_text(q), [&](const std::string& event, const std::string& data) {
      auto t = json::parse(data);
      if (event == "compacted" && t)
        last = fail(errc::compacted, "That revision is no longer kept.", from, (*t)["oldest"].string());
      if (event != "transaction" || !t)
        return true;
      from = (*t)["revision"].string();
      breaks = 0;
      c.json() ? c.object(*t) : show(c, *t);
      return --*left > 0;
    });
    if (!ended && (breaks == 0 || !info(ended.error().code).retry) && ended.error().code != errc::unreachable)
      return c.fail(ended.error());
    if (!ended && from.empty())
      return c.fail(ended.error());
    if (last.code == errc::compacted)
      return c.fail(last);
    if (!ended && breaks > 0)
      return c.fail(ended.error());
  }
  return 0;
}

} // namespace

std::vector<command> watch_commands() {
  return {
    {"watch", "", "Follow the events as they are committed.", "weir watch --from 0 --kind deal --json",
     {{"from", "REV", "behind this revision; 0 is the whole journal"},
      {"kind", "KIND", "only these, as content.active or deal; may be repeated", true},
      {"count", "N", "end after so many transactions"}},
     0, 0, watch},
  };
}

} // namespace weir::cli
