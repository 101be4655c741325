// Why is a content not yet safe, what happens next and when.
#include "actors/content/explain.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/join.hpp"
#include "node/cli/times.hpp"
#include "node/json/record.hpp"

namespace weir::api {

namespace {

/// The name of the network of a node that has none.
constexpr std::string_view no_network = "none";

void write_next(json::writer& w, const explanation& e, const node_figures& f) {
  w.key("next");
  if (e.next.empty()) {
    w.null();
    return;
  }
  w.begin_object().member("what", e.next).member("when", cli::epoch_time_text(e.next_at, f.genesis_time));
  w.member("atEpoch", e.next_at.value).end_object();
}

result<std::string> explain_text(const call& c) {
  WEIR_TRY(auto r, c.view());
  WEIR_TRY(auto found, find_content(c, *r));
  auto f = c.node->figures();
  WEIR_TRY(auto e, explain(*r, found.id, f.now));
  json::writer w;
  w.begin_object().member("id", found.id.value).member("state", to_string(found.state)).member("safe", e.safe);
  w.key("sentences").begin_array();
  for (const auto& s : e.sentences)
    w.value(s);
  if (f.network == no_network)
    w.value("This node has neither a devnet nor a chain, so it makes no deals; start it with --devnet or --chain.");
  w.end_array();
  write_next(w, e, f);
  w.key("rejections").begin_array();
  for (const auto& p : e.pieces)
    for (const auto& x : p.rejections)
      json::write(w, x);
  w.end_array().end_object();
  return w.take();
}

void show_explanation(call c) {
  auto text = explain_text(c);
  if (good(c, text))
    c.json(200, *std::move(text));
}

} // namespace

endpoints explain_endpoints() {
  return {
      {"GET", "/contents/{id}/explain", access::user, "In sentences: how it stands, what is next and when.", "at", "",
       200, show_explanation},
  };
}

} // namespace weir::api
