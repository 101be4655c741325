#include "node/api/health.hpp"

#include "node/api/tally.hpp"
#include "node/version.hpp"

namespace weir::api {

namespace {

void health(call c) {
  c.json(200, std::string{R"({"status":"ok"})"});
}

/// Ready is: the records can be read, and the chain (if there is one) answers.
void ready(call c) {
  auto f = c.node->figures();
  auto readable = c.node->newest()->find<content>(content_id{"none"});
  if (!readable)
    return c.fail(readable.error());
  if (f.chain_problem.code != errc::none && f.chain_problem.code != errc::no_network)
    return c.fail(fail(errc::out_of_sync, f.chain_problem.message));
  c.json(200, std::string{R"({"status":"ready"})"});
}

class exposition {
public:
  void family(std::string_view name, std::string_view kind, std::string_view help) {
    name_ = name;
    text_ += "# HELP " + name_ + " " + std::string{help} + "\n# TYPE " + name_ + " " + std::string{kind} + "\n";
  }
  template <class T>
  void value(T v, std::string_view label = {}, std::string_view of = {}) {
    text_ += name_;
    if (!label.empty())
      text_ += "{" + std::string{label} + "=\"" + std::string{of} + "\"}";
    text_ += " " + std::to_string(v) + "\n";
  }
  std::string take() { return std::move(text_); }

private:
  std::string name_;
  std::string text_;
};

void metrics(call c) {
  auto f = c.node->figures();
  exposition out;
  out.family("weir_info", "gauge", "Version of the node.");
  out.value(1, "version", version());
  out.family("weir_uptime_seconds", "gauge", "Time since the start.");
  out.value((c.node->clock().value - c.node->started.value) / 1000);
  out.family("weir_revision", "counter", "Shared transactions ever committed.");
  out.value(c.node->commits.records->head().value);
  out.family("weir_epoch", "gauge", "Chain epoch that the node goes by.");
  out.value(f.now.value);
  out.family("weir_finalized_epoch", "gauge", "Newest epoch that cannot be reverted.");
  out.value(f.finalized.value);
  out.family("weir_chain_connected", "gauge", "1 while the chain node answers and is in sync.");
  out.value(f.chain_connected ? 1 : 0);
  out.family("weir_store_bytes", "gauge", "Bytes of loose blocks, of pieces, and free on the disk.");
  out.value(f.block_bytes, "of", "blocks");
  out.value(f.piece_bytes, "of", "pieces");
  out.value(f.free_bytes, "of", "free");
  out.family("weir_blocks", "gauge", "Blocks of the contents that are here.");
  out.value(f.blocks);
  out.family("weir_memory_bytes", "gauge", "Resident memory.");
  out.value(f.rss);
  out.family("weir_contents", "gauge", "Contents by state.");
  for (const auto& [state, count] : c.node->tally->contents_by_state())
    out.value(count, "state", state);
  out.family("weir_deals", "gauge", "Deals by state.");
  for (const auto& [state, count] : c.node->tally->deals_by_state())
    out.value(count, "state", state);
  out.family("weir_events_total", "counter", "Events since the start by kind.");
  for (const auto& [kind, count] : c.node->tally->event_counts())
    out.value(count, "kind", kind);
  out.family("weir_queue_length", "gauge", "Entries of the bounded queues.");
  for (const auto& q : f.queues)
    out.value(q.length, "queue", q.name);
  http::response answer;
  answer.fields.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  answer.body = http::owned_bytes{out.take()};
  c.reply(std::move(answer));
}

} // namespace

endpoints health_endpoints() {
  return {
      {"GET", "/health", access::open, "The process runs.", "", "", 200, health},
      {"GET", "/ready", access::open, "The node can do its work.", "", "", 200, ready},
      {"GET", "/metrics", access::user, "Figures in Prometheus' text format.", "", "", 200, metrics},
  };
}

} // namespace weir::api
