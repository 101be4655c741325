// Storage providers, what is known of them, and why they were or were not chosen.
#include "messages/types/ask_summary.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/lists.hpp"
#include "storage/filecoin/address_text.hpp"

#include <algorithm>

namespace weir::api {

namespace {

constexpr std::size_t shown_selections = 20;

/// Keeps of a selection what is about this provider; whether anything is.
bool about(selection& s, const address& who) {
  std::erase_if(s.rejections, [&](const rejection& x) { return x.provider != who; });
  return !s.rejections.empty() || std::find(s.chosen.begin(), s.chosen.end(), who) != s.chosen.end();
}

/// The latest selections that chose or rejected this provider: those of pieces (the operator's), and those of contents
/// with terms of their own that the caller may know of.
result<std::vector<selection>> selections_of(const records::reader& r, const address& who, const caller& asks) {
  std::vector<selection> found;
  WEIR_CHECK(r.each<selection>([&](stored<selection> s) {
    if (asks.admin && about(s.value, who))
      found.push_back(std::move(s.value));
  }));
  WEIR_CHECK(r.each<content_selection>([&](stored<content_selection> s) {
    auto of = r.find<content>(s.value.content);
    if (!of || !*of || !asks.sees((*of)->value.owner))
      return;
    for (auto& made : s.value.made)
      if (about(made, who))
        found.push_back(std::move(made));
  }));
  std::sort(found.begin(), found.end(), [](const selection& a, const selection& b) { return a.at > b.at; });
  if (found.size() > shown_selections)
    found.resize(shown_selections);
  return found;
}

void write_asks(json::writer& w, const ask_summary& s) {
  w.key("asks").begin_object();
  w.member("providers", s.providers);
  w.member("median", s.median.decimal());
  w.member("verifiedMedian", s.verified_median.decimal());
  w.end_object();
}

result<std::string> list_text(const call& c) {
  WEIR_TRY(auto r, c.view());
  WEIR_TRY(auto p, page_of(c));
  std::optional<address> after;
  if (!p.after.empty()) {
    WEIR_TRY(after, filecoin::parse_address(p.after));
  }
  ask_survey asks; // with the first page: who turns pages knows it already
  if (!after)
    WEIR_CHECK(r->each<provider>([&](const stored<provider>& x) { asks.add(x.value); }));
  return list_page<provider>(
      *r, p, after, [](const provider&) { return true; }, [](json::writer& w, const provider& x) { json::write(w, x); },
      [](const provider& x) { return filecoin::to_text(x.id); }, {},
      [&](json::writer& w) {
        if (!after)
          write_asks(w, std::move(asks).summary());
      });
}

result<std::string> show_text(const call& c) {
  WEIR_TRY(auto r, c.view());
  WEIR_TRY(auto id, filecoin::parse_address(c.capture("addr")));
  WEIR_TRY(auto found, r->find<provider>(id));
  if (!found)
    return fail(errc::not_found, "There is no such provider.", c.capture("addr"));
  WEIR_TRY(auto selections, selections_of(*r, id, c.who));
  json::writer w;
  w.begin_object();
  json::members(w, found->value);
  w.key("lastSelections").begin_array();
  for (const auto& s : selections)
    json::write(w, s);
  w.end_array().end_object();
  return w.take();
}

void list_providers(call c) {
  auto text = list_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

void show_provider(call c) {
  auto text = show_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

/// What only the operator can know of it.
void change_provider(call c) {
  with_body(c, [](const call& ready, const json::value& body) {
    auto id = filecoin::parse_address(ready.capture("addr"));
    if (!good(ready, id))
      return;
    auto country = body["country"].string();
    bool code =
        country.size() == 2 && std::all_of(country.begin(), country.end(), [](char x) { return x >= 'A' && x <= 'Z'; });
    if (!country.empty() && !code)
      return ready.fail(
          fail(errc::invalid_argument, "country is two capital letters (ISO 3166-1), or empty.", country));
    auto out = std::make_shared<provider>();
    auto build = [id = *id, country, out](const records::reader& newest) -> result<transaction_builder> {
      transaction_builder t;
      WEIR_TRY(auto before, newest.find<provider>(id));
      if (!before)
        return fail(errc::not_found, "There is no such provider.", filecoin::to_text(id));
      *out = before->value;
      out->country = country;
      if (country == before->value.country)
        return t;
      t.update(*before, *out);
      t.say(event_kind::provider_changed, filecoin::to_text(id), {}, {records::fact("country", country)});
      return t;
    };
    ready.node->commits.commit(ready.node->self, build, [ready, out](const status& done) {
      if (good(ready, done))
        ready.json(200, json::to_json(*out));
    });
  });
}

} // namespace

endpoints provider_endpoints() {
  return {
      {"GET", "/providers", access::user,
       "The providers with their asks, power, faults and our results; the first page has the median of their asks.",
       "limit after at", "", 200, list_providers},
      {"GET", "/providers/{addr}", access::user, "One provider and the last selections that considered it.", "at", "",
       200, show_provider},
      {"PATCH", "/providers/{addr}", access::admin, "Says in which country it is; configs of FFS may ask for some.", "",
       "country", 200, change_provider},
  };
}

} // namespace weir::api
