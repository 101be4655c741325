// Deals, by piece, provider and state.
#include "node/api/endpoints.hpp"
#include "node/api/join.hpp"
#include "node/api/lists.hpp"
#include "storage/filecoin/address_text.hpp"
#include "storage/records/belongings.hpp"

namespace weir::api {

namespace {

struct deal_filter {
  std::optional<deal_state> state;
  std::optional<address> provider;
  std::optional<records::belongings> theirs; ///< nothing: the operator's are all
  status failed;

  bool keeps(const deal& d) {
    if ((state && d.state != *state) || (provider && d.provider != *provider))
      return false;
    auto mine = theirs ? theirs->has(d) : result<bool>{true};
    if (!mine)
      failed = mine.error();
    return mine && *mine;
  }
};

result<deal_filter> filter_of(const call& c, const records::reader& r) {
  deal_filter f;
  if (!c.who.admin)
    f.theirs.emplace(r, c.who.owner);
  if (auto state = c.param("state"); !state.empty()) {
    f.state = state_from_name<deal_state>(state);
    if (!f.state)
      return fail(errc::invalid_argument, "There is no such state of a deal.", state);
  }
  if (auto provider = c.param("provider"); !provider.empty()) {
    WEIR_TRY(f.provider, filecoin::parse_address(provider));
  }
  return f;
}

/// A piece has few deals: all of them in one answer.
result<std::string> list_of_piece(const records::reader& r, deal_filter& f, const cid& piece) {
  joiner join{r};
  WEIR_TRY(const auto* deals, join.deals(piece));
  json::writer w;
  begin_list(w);
  for (const auto& d : *deals)
    if (f.keeps(d))
      json::write(w, d);
  end_list(w, {}, r.at());
  WEIR_CHECK(f.failed);
  return w.take();
}

result<std::string> list_text(const call& c) {
  WEIR_TRY(auto r, c.view());
  WEIR_TRY(auto p, page_of(c));
  WEIR_TRY(auto f, filter_of(c, *r));
  if (auto piece = c.param("piece"); !piece.empty()) {
    WEIR_TRY(auto id, cid::parse(piece));
    return list_of_piece(*r, f, id);
  }
  auto after = p.after.empty() ? std::nullopt : std::optional{deal_uuid{p.after}};
  auto text = list_page<deal>(
      *r, p, after, [&](const deal& d) { return f.keeps(d); },
      [](json::writer& w, const deal& d) { json::write(w, d); }, [](const deal& d) { return d.uuid.value; },
      [&] { return f.theirs ? f.theirs->looked() : 0; });
  WEIR_CHECK(f.failed);
  return text;
}

result<std::string> show_text(const call& c) {
  WEIR_TRY(auto r, c.view());
  WEIR_TRY(auto found, r->find<deal>(deal_uuid{c.capture("uuid")}));
  auto mine = found && !c.who.admin ? records::belongings{*r, c.who.owner}.has(found->value) : result<bool>{true};
  if (!found || !mine || !*mine)
    return fail(errc::not_found, "There is no such deal.", c.capture("uuid"));
  return json::to_json(found->value);
}

void list_deals(call c) {
  auto text = list_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

void show_deal(call c) {
  auto text = show_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

} // namespace

endpoints deal_endpoints() {
  return {
      {"GET", "/deals", access::user, "The deals; a user's are those of pieces with a content of theirs.",
       "limit after state provider piece at", "", 200, list_deals},
      {"GET", "/deals/{uuid}", access::user, "One deal with the time of each state.", "at", "", 200, show_deal},
  };
}

} // namespace weir::api
