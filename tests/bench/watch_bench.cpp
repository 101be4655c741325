// The watch hub: 1,000 watchers of which 100 are stopped, 1,000 events a
// second of which each interests ten, and one event for all.
#include "actors/records/record_store.hpp"
#include "actors/records/watch_hub.hpp"
#include "actors/support/scheduler.hpp"
#include "tests/bench/bench.hpp"
#include "tests/support/temp_dir.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace weir {
namespace {

constexpr unsigned watchers = 1000;
constexpr unsigned stopped_ones = 100;
constexpr unsigned per_subject = 10;
constexpr unsigned rate = 1000; // events a second

/// When each revision's transaction was sent off, and when watchers heard of it.
struct stopwatch {
  std::vector<double> sent = std::vector<double>(100'000);
  std::mutex mutex;
  std::vector<double> delays; // seconds
  std::atomic<unsigned> heard_all{0};
  std::atomic<double> last_heard{0};
};

struct watcher_state {
  explicit watcher_state(log_listener::pointer) {}
  ~watcher_state() {
    std::lock_guard lock{all->mutex};
    all->delays.insert(all->delays.end(), delays.begin(), delays.end());
  }

  void hear(const log_batch& batch) {
    auto at = bench::now();
    for (auto& entry : batch.entries) {
      delays.push_back(at - all->sent[entry->rev.value]);
      if (entry->events.front().subject == "all" && !stopped) {
        ++all->heard_all;
        all->last_heard = at;
      }
    }
  }

  stopwatch* all = nullptr;
  bool stopped = false;
  std::vector<double> delays;
};

/// A stopped one takes its first batch and never acknowledges.
log_listener::behavior_type watcher(log_listener::stateful_pointer<watcher_state> self, watch_hub_actor hub,
                                    stopwatch* all, bool stopped) {
  self->state.all = all;
  self->state.stopped = stopped;
  return {[self, hub](const log_batch& batch) {
    if (self->state.stopped)
      return;
    self->state.hear(batch);
    self->send(hub, atom::ack_v, log_listener{self});
  }};
}

transaction about(const std::string& subject, unsigned n) {
  auto key = subject + "-" + std::to_string(n % 10);
  return {{}, {{table_id::piece_deals, key, std::string(200, 'v')}}, {{event_kind::deal_active, subject, {}, {}}}};
}

struct world {
  explicit world(const std::filesystem::path& folder) : records{*records::record_store::open(folder)} {
    for (unsigned i = 0; i < watchers; ++i) {
      bool stopped = i % (watchers / stopped_ones) == 0;
      all.push_back(system.spawn(watcher, watch_hub_actor{hub}, &times, stopped));
      open_log_watch wish;
      wish.filter.subjects = {"subject-" + std::to_string(i / per_subject), "all"};
      self->request(hub, std::chrono::seconds{60}, atom::watch_v, wish, all.back())
          .receive([](nothing) {}, [](const caf::error&) { std::abort(); });
    }
  }
  ~world() {
    for (auto& one : all)
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    all.clear();
    caf::anon_send_exit(store, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(hub, caf::exit_reason::user_shutdown);
  }

  void commit(const std::string& subject) {
    ++revision;
    times.sent[revision] = bench::now();
    caf::anon_send(store, atom::commit_v, about(subject, revision));
  }
  /// At the given rate; a late one does not delay those that follow.
  void commit_for(double seconds) {
    auto start = bench::now();
    for (unsigned n = 0; n < seconds * rate; ++n) {
      auto due = start + static_cast<double>(n) / rate;
      if (auto wait = due - bench::now(); wait > 0)
        std::this_thread::sleep_for(std::chrono::duration<double>(wait));
      commit("subject-" + std::to_string(n % (watchers / per_subject)));
    }
  }
  void wait_until_committed() {
    for (auto head = 0u; head < revision;) {
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
      head = static_cast<unsigned>(records->head().value);
    }
  }

  stopwatch times; // outlives the actors
  std::shared_ptr<records::record_store> records;
  caf::actor_system_config config;
  caf::actor_system system{set_up(config)};
  caf::scoped_actor self{system};
  watch_hub_impl hub = system.spawn(watch_hub, records, watch_hub_options{});
  record_store_impl store = system.spawn(
      record_store, records, system.spawn<caf::detached>(record_writer, records), watch_hub_actor{hub},
      [] { return unix_ms{0}; }, record_store_options{});
  std::vector<log_listener> all;
  unsigned revision = 0;

private:
  static caf::actor_system_config& set_up(caf::actor_system_config& config) {
    use_scheduler(config);
    return config;
  }
};

double percentile(std::vector<double>& sorted, double p) {
  return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(p * static_cast<double>(sorted.size() - 1))];
}

} // namespace
} // namespace weir

WEIR_BENCH(watch_fanout, "1,000 watchers, 100 stopped, 1,000 events a second, each for ten of them") {
  using namespace weir;
  test::temp_dir dir;
  stopwatch* times = nullptr;
  std::vector<double> delays;
  double grown = 0;
  double last = 0;
  unsigned heard = 0;
  {
    world w{dir / "records"};
    times = &w.times;
    w.commit_for(2); // warm
    w.wait_until_committed();
    auto before = bench::resident_mib();
    w.commit_for(8);
    w.wait_until_committed();
    grown = bench::resident_mib() - before;
    auto start = bench::now();
    w.commit("all");
    while (times->heard_all < watchers - stopped_ones && bench::now() - start < 5)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    heard = times->heard_all;
    last = times->last_heard - start;
    // The watchers hand their delays over when they end.
    for (auto& one : w.all)
      w.self->send_exit(one, caf::exit_reason::user_shutdown);
    w.self->wait_for(w.all);
    delays = w.times.delays;
  }
  std::ranges::sort(delays);
  report.add("told", static_cast<double>(delays.size()) / 1000, "k");
  report.add("from commit to watcher, p50", percentile(delays, 0.5) * 1000, "ms");
  report.at_most("from commit to watcher, p99", percentile(delays, 0.99) * 1000, "ms", 10);
  report.at_most("memory grown in 8,000 events", grown, "MiB", 16);
  report.at_least("watchers that heard the one for all", heard, "", watchers - stopped_ones);
  report.at_most("the last of them after", last * 1000, "ms", 50);
}
