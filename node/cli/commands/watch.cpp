// watch: the event stream, for people or as one JSON object a line.
#include "node/cli/commands/shared.hpp"
#include "node/cli/times.hpp"
#include "node/cli/units.hpp"

#include <chrono>
#include <thread>

namespace weir::cli {

namespace {

constexpr int most_tries = 20;
constexpr std::chrono::milliseconds pause{300};

std::string words_of(const json::value& e) {
  std::string out = e["kind"].text;
  out.resize(std::max<std::size_t>(out.size() + 2, 20), ' ');
  out += short_cid(e["subject"].text);
  for (const auto& [name, value] : e["fields"].members)
    out += "  " + name + "=" + short_cid(value.string());
  return out;
}

void show(context& c, const json::value& t) {
  auto time = time_text(t["time"].i64().value_or(0) / 1000);
  for (const auto& e : t["events"].items)
    c.line(t["revision"].string() + "  " + time + "  " + words_of(e));
  c.out() << std::flush;
}

/// The stream from one revision on, as long as it lives.
class watching {
public:
  watching(context& c, std::uint64_t count) : c_{c}, left_{count}, from_{c.given().get("from")} {}

  status once() {
    heard_ = false;
    query q{{"from", from_}};
    for (const auto& kind : c_.given().all("kind"))
      q.emplace_back("kind", kind);
    auto ended = c_.node().watch("/watch" + query_text(q), [&](const std::string& event, const std::string& data) {
      heard_ = true;
      return take(event, data);
    });
    return lost_ ? status{fail(errc::compacted, "That revision is no longer kept.", from_)} : ended;
  }

  bool enough() const { return left_ == 0; }
  bool heard() const { return heard_; }

private:
  bool take(const std::string& event, const std::string& data) {
    auto t = json::parse(data);
    lost_ = lost_ || event == "compacted";
    if (event != "transaction" || !t)
      return !lost_;
    // Something was lost on the way: the stream is taken up again behind the last one that came.
    auto before = (*t)["previous"].u64();
    auto last = parse_number(from_);
    if (before && last && *before != *last)
      return false;
    from_ = (*t)["revision"].string();
    c_.json() ? c_.object(*t) : show(c_, *t);
    return --left_ > 0;
  }

  context& c_;
  std::uint64_t left_;
  std::string from_;
  bool heard_ = false;
  bool lost_ = false;
};

/// A stream that broke is taken up again where it was; ends by --count or a signal.
int watch(context& c) {
  auto count = c.given().has("count") ? parse_number(c.given().get("count")) : result<std::uint64_t>{UINT64_MAX};
  if (!count)
    return c.fail(fail(errc::usage, "--count is a number.", c.given().get("count")));
  watching w{c, *count};
  bool ever = false;
  for (int tries = 0; tries < most_tries; ++tries) {
    auto ended = w.once();
    if (w.enough())
      return 0;
    ever = ever || w.heard();
    auto code = ended ? errc::unreachable : ended.error().code;
    bool gone = code == errc::unreachable || code == errc::timeout || code == errc::shutting_down;
    if (!ended && (!ever || !gone || tries + 1 == most_tries))
      return c.fail(ended.error());
    if (w.heard())
      tries = 0;
    std::this_thread::sleep_for(pause);
  }
  return c.fail(fail(errc::unreachable, "The stream does not come back."));
}

} // namespace

std::vector<command> watch_commands() {
  return {
      {"watch",
       "",
       "Follow the events as they are committed.",
       "weir watch --from 0 --kind deal --json",
       {{"from", "REV", "behind this revision; 0 is the whole journal"},
        {"kind", "KIND", "only these, as content.active or deal; may be repeated", true},
        {"count", "N", "end after so many transactions"}},
       0,
       0,
       watch},
  };
}

} // namespace weir::cli
