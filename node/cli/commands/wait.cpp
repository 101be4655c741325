#include "node/cli/commands/wait.hpp"

#include "messages/types/states.hpp"
#include "node/cli/commands/shared.hpp"

#include <set>
#include <utility>

namespace weir::cli {

namespace {

constexpr int most_breaks = 20;

/// The stations between storing and safety, as the bar shows them.
std::string station_of(const std::string& state) {
  if (state == "stored" || state == "in_bucket")
    return "in bucket";
  if (state == "packed")
    return "proposing";
  if (state == "proposed")
    return "publishing";
  if (state == "published" || state == "degraded")
    return "activating";
  return state;
}

std::string detail_of(const json::value& content) {
  auto copies = content["copies"].string();
  std::string out = std::to_string(deals_at_least(content, "proposed")) + " proposed, "
                    + std::to_string(deals_at_least(content, "published")) + " published, "
                    + std::to_string(deals_at_least(content, "active")) + " of " + copies + " active";
  if (content["problem"]["code"].text != "none")
    out += "  (" + content["problem"]["message"].text + ")";
  return out;
}

/// One look at the content, drawn; true when the wait is over.
class follower {
public:
  follower(context& c, progress& bar, std::string id, const std::string& state)
      : c_{c}, bar_{bar}, path_{"/contents/" + coded(id)}, id_{std::move(id)},
        wanted_{state_from_name<content_state>(state).value_or(content_state::active)} {}

  result<bool> look() {
    WEIR_TRY(now_, c_.node().get(path_));
    for (const auto& piece : now_["pieces"].items)
      subjects_.insert(piece.text);
    auto state = state_from_name<content_state>(now_["state"].text).value_or(content_state::stored);
    if (state == content_state::failed || state == content_state::removed)
      return fail(errc::precondition, "The content is " + now_["state"].text + ": " + now_["problem"]["message"].text);
    auto station = station_of(now_["state"].text);
    auto detail = detail_of(now_);
    if (station != station_)
      bar_.start(station_ = station, 0);
    if (state == content_state::in_bucket)
      say_what_it_waits_for();
    else if (detail != detail_)
      bar_.update(0, detail_ = detail);
    bool there = state == content_state::degraded ? wanted_ <= content_state::packed : state >= wanted_;
    if (there)
      bar_.finish(detail);
    return there;
  }

  /// Whether a transaction may concern the content.
  bool concerns(const json::value& t) const {
    for (const auto& e : t["events"].items) {
      if (e["subject"].text == id_ || subjects_.count(e["fields"]["piece"].text) || subjects_.count(e["subject"].text))
        return true;
      if (e["kind"].text.starts_with("deal."))
        return true;
    }
    return false;
  }

  json::value now_;

private:
  /// Once: it may take days.
  void say_what_it_waits_for() {
    if (!std::exchange(told_, true))
      bar_.show("until the bucket is ready; weir bucket close " + now_["bucket"].text + " packs it now");
  }

  context& c_;
  progress& bar_;
  std::string path_;
  std::string id_;
  content_state wanted_;
  std::set<std::string> subjects_;
  std::string station_, detail_;
  bool told_ = false;
};

} // namespace

result<json::value> wait_for_state(context& c, progress& bar, const std::string& id, const std::string& state) {
  follower f{c, bar, id, state};
  WEIR_TRY(auto info, c.node().get("/node"));
  auto from = info["revision"].string();
  client stream{c.node()};
  for (int breaks = 0; breaks < most_breaks; ++breaks) {
    auto there = f.look();
    if (!there)
      return there.error();
    auto hear = [&](const std::string& event, const std::string& data) {
      auto t = event == "transaction" ? json::parse(data) : result<json::value>{json::value{}};
      if (!t || t->is_null())
        return true;
      from = (*t)["revision"].string();
      if (f.concerns(*t))
        there = f.look();
      return there.ok() && !*there;
    };
    if (!*there)
      (void)stream.watch(
          "/watch" + query_text({{"from", from}, {"kind", "content"}, {"kind", "deal"}, {"kind", "piece"}}), hear);
    if (!there)
      return there.error();
    if (*there)
      return std::move(f.now_);
  }
  return fail(errc::unreachable, "The event stream broke too often.");
}

} // namespace weir::cli
