// The record store: one sync for many transactions, and how fast it opens.
#include "actors/records/record_store.hpp"
#include "actors/records/watch_hub.hpp"
#include "actors/support/scheduler.hpp"
#include "storage/records/transaction_builder.hpp"
#include "tests/bench/bench.hpp"
#include "tests/support/temp_dir.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <latch>

namespace weir {
namespace {

transaction small_change(std::uint64_t writer, std::uint64_t n) {
  auto key = "writer-" + std::to_string(writer) + "-" + std::to_string(n % 1000);
  return {{},
          {{table_id::piece_deals, key, std::string(200, 'v')}},
          {{event_kind::deal_proposed, key, owner_id{"local"}, {{"provider", "f01000"}}}}};
}

double alone_per_second(records::record_store& store, double seconds) {
  auto start = bench::now();
  std::uint64_t n = 0;
  for (; bench::now() - start < seconds; ++n)
    if (!store.commit(small_change(0, n), unix_ms{0}))
      return 0;
  return static_cast<double>(n) / (bench::now() - start);
}

using writer_actor = caf::typed_actor<caf::reacts_to<atom::start>>;

struct race {
  double end = 0;
  std::latch finished;
  std::atomic<std::uint64_t> committed{0};
};

/// Commits one after the other until the time is over.
struct writer_state {
  explicit writer_state(writer_actor::pointer self) : self{self} {}

  void next() {
    if (bench::now() >= all->end) {
      all->committed += done;
      all->finished.count_down();
      self->quit();
      return;
    }
    auto stop = [this](const caf::error&) { all->finished.count_down(); };
    self->request(*store, caf::infinite, atom::commit_v, small_change(number, done))
        .then([this](const committed_ptr&) { next(); }, stop);
    ++done;
  }

  writer_actor::pointer self;
  std::optional<record_store_actor> store;
  race* all = nullptr;
  std::uint64_t number = 0;
  std::uint64_t done = 0;
};

writer_actor::behavior_type writer(writer_actor::stateful_pointer<writer_state> self, record_store_actor store,
                                   race* all, std::uint64_t number) {
  self->state.store = std::move(store);
  self->state.all = all;
  self->state.number = number;
  return {[self](atom::start) { self->state.next(); }};
}

double together_per_second(const std::shared_ptr<records::record_store>& records, unsigned writers, double seconds) {
  caf::actor_system_config config;
  use_scheduler(config);
  caf::actor_system system{config};
  auto hub = system.spawn(watch_hub, records, watch_hub_options{});
  auto store = system.spawn(
      record_store, records, system.spawn<caf::detached>(record_writer, records), watch_hub_actor{hub},
      [] { return unix_ms{0}; }, record_store_options{});
  auto start = bench::now();
  race all{start + seconds, std::latch{writers}, {}};
  for (unsigned i = 0; i < writers; ++i)
    caf::anon_send(system.spawn(writer, record_store_actor{store}, &all, i), atom::start_v);
  all.finished.wait();
  auto took = bench::now() - start;
  caf::anon_send_exit(store, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(hub, caf::exit_reason::user_shutdown);
  return static_cast<double>(all.committed) / took;
}

} // namespace
} // namespace weir

WEIR_BENCH(records_groups, "64 writers through the record_store actor, against one sync for each transaction") {
  using namespace weir;
  test::temp_dir dir;
  std::shared_ptr<records::record_store> store = *records::record_store::open(dir / "records");
  double alone = 0;
  double together = 0;
  for (int round = 0; round < 3; ++round) { // in turns, so that a slow moment of the disk hits both
    alone += alone_per_second(*store, 1) / 3;
    together += together_per_second(store, 64, 1) / 3;
  }
  report.add("one sync each", alone / 1000, "k/s");
  report.add("64 writers", together / 1000, "k/s");
  report.at_least("ratio", together / alone, "x", 15);
}

WEIR_BENCH(records_open, "opening a store with 100,000 contents and reading them") {
  using namespace weir;
  test::temp_dir dir;
  {
    auto store = *records::record_store::open(dir / "records");
    for (int group = 0; group < 100; ++group) {
      std::vector<transaction> all;
      for (int i = 0; i < 1000; ++i) {
        content c;
        c.id = content_id{"content-" + std::to_string(group * 1000 + i)};
        c.name = "a file of about this length.bin";
        c.cid = cid::v1(codec::raw, hash_code::sha2_256, bytes(32, static_cast<std::uint8_t>(i)));
        all.push_back(records::transaction_builder{}
                          .create(c)
                          .say(event_kind::content_stored, c.id.value, c.owner, {records::fact("size", c.size)})
                          .take());
      }
      (void)store->commit_group(std::move(all), unix_ms{0});
    }
  }
  auto start = bench::now();
  auto store = *records::record_store::open(dir / "records");
  auto opened = bench::now();
  std::size_t count = 0;
  (void)store->snapshot()->each<content>([&](const records::stored<content>&) { ++count; });
  auto read = bench::now();
  report.at_most("open", (opened - start) * 1000, "ms", 1000);
  report.at_most("open and read all", (read - start) * 1000, "ms", 2000);
  report.at_least("contents", static_cast<double>(count) / 1000, "k", 100);
}
