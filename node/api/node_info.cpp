// The node itself: what it is, what it has, how it is.
#include "node/api/node_info.hpp"
#include "node/api/endpoints.hpp"
#include "node/api/tally.hpp"
#include "node/cli/units.hpp"
#include "node/json/record.hpp"
#include "node/version.hpp"

namespace weir::api {

namespace {

void write_problem(json::writer& w, const error& e) {
  w.key("problem");
  if (e.code == errc::none) {
    w.null();
    return;
  }
  w.begin_object().member("code", to_string(e.code)).member("message", e.message).end_object();
}

void write_chain(json::writer& w, const node_figures& f) {
  w.key("chain").begin_object();
  w.member("connected", f.chain_connected).member("lagEpochs", f.chain_lag);
  write_problem(w, f.chain_problem);
  w.end_object();
}

void write_queues(json::writer& w, const node_figures& f) {
  w.key("queues").begin_array();
  for (const auto& q : f.queues)
    w.begin_object().member("name", q.name).member("length", q.length).member("limit", q.limit).end_object();
  w.end_array();
}

/// Sizes to a MiB, so that not every breath is news.
std::uint64_t rounded(std::uint64_t bytes) {
  return bytes >> 20 << 20;
}

void write_live(json::writer& w, const node_figures& f) {
  w.member("epoch", f.now.value).member("finalizedEpoch", f.finalized.value);
  write_chain(w, f);
  w.key("store").begin_object().member("blocks", f.blocks).member("blockBytes", f.block_bytes);
  w.member("pieceBytes", f.piece_bytes).member("freeBytes", rounded(f.free_bytes)).end_object();
  w.key("memory").begin_object().member("rss", rounded(f.rss)).end_object();
  write_queues(w, f);
}

void write_config(json::writer& w, const node_options& o) {
  w.key("config").begin_object();
  for (const auto& [name, value] : settings_in_force(o))
    w.member(name, value);
  w.end_object();
}

void show_node(call c) {
  c.json(200, node_json(*c.node, c.who.admin));
}

void show_summary(call c) {
  if (c.param("at").empty())
    return c.json(200, c.node->tally->summary_json(c.who));
  auto then = c.view();
  if (!good(c, then))
    return;
  tally past;
  auto loaded = past.load(**then);
  if (good(c, loaded))
    c.json(200, past.summary_json(c.who));
}

void show_flow(call c) {
  auto text = c.param("window");
  auto window = text.empty() ? result<std::uint64_t>{3600u} : cli::parse_number(text);
  if (!good(c, window))
    return;
  if (*window < 10 || *window > 86'400)
    return c.fail(fail(errc::invalid_argument, "window is a number of seconds.", text, "10 to 86400"));
  c.json(200, c.node->tally->flow_json(c.node->clock(), static_cast<std::int64_t>(*window)));
}

void show_openapi(call c) {
  c.json(200, openapi_document());
}

} // namespace

std::string node_json(const services& node, bool with_config) {
  auto f = node.figures();
  json::writer w;
  w.begin_object().member("version", version()).member("network", f.network);
  w.member("role", to_string(node.options.role)).member("startedAt", node.started.value);
  w.member("uptimeSeconds", (node.clock().value - node.started.value) / 1000);
  w.member("revision", node.commits.records->head().value);
  w.member("genesisTime", f.genesis_time).member("epochSeconds", epoch_seconds);
  write_live(w, f);
  if (with_config)
    write_config(w, node.options);
  w.end_object();
  return w.take();
}

std::string live_node_json(const services& node) {
  json::writer w;
  w.begin_object();
  write_live(w, node.figures());
  w.end_object();
  return w.take();
}

endpoints node_endpoints() {
  return {
      {"GET", "/node", access::user, "The node: version, network, chain, store, memory, queues, configuration.", "", "",
       200, show_node},
      {"GET", "/summary", access::user, "How much is safe, on its way, or neither, and what needs attention.", "at", "",
       200, show_summary},
      {"GET", "/flow", access::user, "Bytes that came in, were packed, proposed and became active, over time.",
       "window", "", 200, show_flow},
      {"GET", "/openapi.json", access::open, "This API as OpenAPI 3.1.", "", "", 200, show_openapi},
  };
}

} // namespace weir::api
