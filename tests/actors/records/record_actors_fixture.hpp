#pragma once
// The record store, its actor and the watch hub.
#include "actors/records/record_store.hpp"
#include "actors/records/watch_hub.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/temp_dir.hpp"

namespace weir::test {

struct record_actors_fixture : actor_fixture {
  static constexpr auto table = table_id::piece_deals;
  temp_dir dir;
  std::shared_ptr<records::record_store> records = *records::record_store::open(dir / "records");
  std::int64_t time = 1000;
  watch_hub_impl hub;
  record_store_impl store;

  void SetUp() override { start(); }
  void start(record_store_options options = {}, watch_hub_options hub_options = {}) {
    if (store)
      stop(store, hub);
    hub = sys.spawn(watch_hub, records, hub_options);
    store = sys.spawn(
        record_store, records, sys.spawn(record_writer, records), watch_hub_actor{hub},
        [this] { return unix_ms{time}; }, options);
    run();
  }
  void TearDown() override { stop(store, hub); }

  static event said(std::string subject, event_kind kind = event_kind::deal_active, std::string owner = {}) {
    return {kind, std::move(subject), owner_id{std::move(owner)}, {}};
  }
  static transaction change(std::string key, std::string value, std::vector<event> events = {}) {
    return {{}, {{table, std::move(key), std::move(value)}}, std::move(events)};
  }
  static transaction gone(std::string key) { return {{}, {{table, std::move(key), std::nullopt}}, {}}; }

  /// Commits and lets everyone hear of it.
  revision commit(transaction t) {
    auto done = ask<committed_ptr>(store, atom::commit_v, std::move(t));
    EXPECT_TRUE(done) << to_string(done.error());
    return done ? (*done)->rev : revision{};
  }
  void send_commit(transaction t) { caf::anon_send(store, atom::commit_v, std::move(t)); }
  void acknowledge(const log_listener& who) {
    caf::anon_send(hub, atom::ack_v, who);
    run();
  }
  void acknowledge(const state_listener& who) {
    caf::anon_send(hub, atom::ack_v, who);
    run();
  }
};

/// "3 4 7": the revisions that a log listener was told, in the order of arrival.
inline std::string revisions(const std::vector<log_batch>& batches) {
  std::string out;
  for (auto& batch : batches)
    for (auto& entry : batch.entries)
      out.append(out.empty() ? "" : " ").append(std::to_string(entry->rev.value));
  return out;
}

} // namespace weir::test
