// GET /metrics: what the node counts, in Prometheus' text format
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
#include "node/api/health.hpp"
#include "node/api/tally.hpp"
#include "node/config/schedulers.hpp"
#include "node/version.hpp"
#include "storage/records/tables.hpp"

#include <algorithm>

namespace weir::api {

namespace {

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

void describe_node(exposition& out, const call& c, const node_figures& f) {
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
}

void describe_contents(exposition& out, const call& c, const node_figures& f) {
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
}

struct hook_figures {
  std::uint64_t delivering = 0, failing = 0;
  std::uint64_t behind = 0; ///< revisions of the one that is furthest behind, of those whose receivers fail
};

/// What cannot be read is not counted: a figure is no place for its error.
hook_figures hooks_of(const records::reader& r) {
  hook_figures f;
  (void)r.each<ffs::webhook>([&](const records::stored<ffs::webhook>& h) {
    ++(h.value.failures > 0 ? f.failing : f.delivering);
    if (h.value.failures > 0) // the record of one that delivers may be behind it
      f.behind = std::max(f.behind, r.at().value - std::min(r.at().value, h.value.told.value));
  });
  return f;
}

std::uint64_t instances_of(const records::reader& r) {
  std::uint64_t count = 0;
  (void)r.scan_raw(table_id::ffs_instances, {}, [&](std::string_view, std::string_view, revision) {
    ++count;
    return true;
  });
  return count;
}

/// By scheduler, those without any among them.
std::map<std::string, std::uint64_t> open_jobs_of(const call& c, const records::reader& r) {
  std::map<std::string, std::uint64_t> open;
  for (const auto& s : schedulers_of(c.node->options.schedulers, c.node->options.hot_layer))
    open[s.name] = 0;
  (void)r.scan_raw(records::ffs_open_jobs::id, {}, [&](std::string_view key, std::string_view, revision) {
    if (auto k = records::decode_key<records::ffs_open_jobs::key_type>(key))
      ++open[std::get<0>(*k)];
    return true;
  });
  return open;
}

void describe_ffs(exposition& out, const call& c) {
  auto r = c.node->newest();
  out.family("weir_ffs_instances", "gauge", "Instances of FFS.");
  out.value(instances_of(*r));
  auto open = open_jobs_of(c, *r);
  std::uint64_t all = 0;
  out.family("weir_ffs_open_jobs", "gauge", "Jobs that have not ended, by scheduler.");
  for (const auto& [scheduler, count] : open) {
    out.value(count, "scheduler", scheduler);
    all += count;
  }
  auto running = std::min(all, c.node->tally->running_jobs());
  out.family("weir_ffs_jobs", "gauge", "Jobs that have not ended, by state; queued ones wait for their turn.");
  out.value(all - running, "state", "queued");
  out.value(running, "state", "in_progress");
  out.family("weir_ffs_jobs_ended_total", "counter", "Jobs that ended since the start, by state.");
  auto counts = c.node->tally->event_counts();
  for (auto state : {"done", "failed", "cancelled"})
    out.value(counts[to_string(*event_kind_from_name("job." + std::string{state}))], "state", state);
  auto hooks = hooks_of(*r);
  out.family("weir_ffs_webhooks", "gauge", "Webhooks by whether their receivers take what comes.");
  out.value(hooks.delivering, "state", "delivering");
  out.value(hooks.failing, "state", "failing");
  out.family("weir_ffs_webhook_backlog_revisions", "gauge",
             "How many revisions the failing webhook that is furthest behind has still to be told of.");
  out.value(hooks.behind);
}

} // namespace

void metrics(call c) {
  auto f = c.node->figures();
  exposition out;
  describe_node(out, c, f);
  describe_contents(out, c, f);
  if (c.node->desk)
    describe_ffs(out, c);
  http::response answer;
  answer.fields.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  answer.body = http::owned_bytes{out.take()};
  c.reply(std::move(answer));
}

} // namespace weir::api
