#include "actors/ffs/history.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"

#include <optional>

namespace weir::ffs {

namespace {

constexpr std::size_t looked_at_once = 1'000; ///< keys of one slice
constexpr std::size_t pruned_at_once = 200;   ///< records of one transaction

bool names(const cid_entry& e, const job_id& id) {
  return e.queued == id || e.running == id || e.latest == id || e.info_job == id;
}

} // namespace

result<transaction_builder> prune_jobs(const records::reader& state, const std::vector<records::ffs_job_key>& which) {
  transaction_builder t;
  for (auto& key : which) {
    WEIR_TRY(auto j, state.find<job>(key));
    if (!j || !is_final(j->value.state))
      continue;
    WEIR_TRY(auto e, state.find<cid_entry>({j->value.instance, j->value.cid}));
    if (e && names(e->value, j->value.id))
      continue;
    t.remove(*j);
    WEIR_TRY(auto unfrozen, state.find<retrieval>(key));
    if (unfrozen)
      t.remove(*unfrozen);
  }
  return t;
}

transaction_builder prune_lines(const std::vector<records::ffs_log_key>& which) {
  transaction_builder t;
  for (auto& [of, id, time, by, number] : which)
    t.erase(log_line{of, id, unix_ms{static_cast<std::int64_t>(time)}, by, number, {}});
  return t;
}

namespace {

using cid_job_key = records::ffs_cid_jobs::key_type;
enum class stage { idle, jobs, lines };

struct history_state {
  explicit history_state(history_actor::pointer self) : self{self} {}

  void hear(const tick& t) {
    if (t.now == no_epoch || at != stage::idle || (next_round != no_epoch && t.now < next_round))
      return;
    next_round = t.now + options.every;
    at = stage::jobs;
    after.clear();
    jobs.emplace(options.jobs);
    lines.emplace(options.lines);
    go_on();
  }

  /// A turn of its own: others go first.
  void go_on() { self->send(history_actor{self}, atom::wake_v); }

  void slice() {
    if (at == stage::jobs)
      look_at_jobs();
    else if (at == stage::lines)
      look_at_lines();
  }

  /// Some keys behind those before; whether there are more.
  template <class Key, class Take>
  result<bool> walk(const records::reader& state, table_id table, const newest_kept<Key>& kept, Take take) {
    std::size_t looked = 0;
    bool more = false;
    WEIR_CHECK(state.scan_raw(table, {{}, after}, [&](std::string_view key, std::string_view, revision) {
      if (++looked > looked_at_once || kept.too_much().size() >= pruned_at_once) {
        more = true;
        return false;
      }
      after = key;
      if (auto parsed = records::decode_key<Key>(key))
        take(*std::move(parsed));
      return true;
    }));
    return more;
  }

  void look_at_jobs() {
    auto state = d.look();
    auto is_old = [&](const cid_job_key& key) { return old(*state, key); };
    auto more =
        walk(*state, table_id::ffs_cid_jobs, *jobs, [&](cid_job_key key) { jobs->take(std::move(key), is_old); });
    std::vector<records::ffs_job_key> gone;
    for (auto& [of, id, which] : jobs->let_go())
      gone.emplace_back(of, which);
    finish(more, stage::lines, gone.empty(), [gone](const auto& newest) { return prune_jobs(newest, gone); });
  }

  void look_at_lines() {
    auto state = d.look();
    auto never = [](const records::ffs_log_key&) { return false; };
    auto more =
        walk(*state, table_id::ffs_logs, *lines, [&](records::ffs_log_key key) { lines->take(std::move(key), never); });
    auto gone = lines->let_go();
    finish(more, stage::idle, gone.empty(), [gone](const auto&) { return result{prune_lines(gone)}; });
  }

  /// The clock that tests replace decides, not the time that people are shown.
  bool old(const records::reader& state, const cid_job_key& key) const {
    if (options.age == 0)
      return false;
    auto j = state.find<job>({std::get<0>(key), std::get<2>(key)});
    if (!j || !*j)
      return false;
    auto last = std::max((*j)->value.created_at, (*j)->value.started_at);
    return last != no_epoch && d.clock->now() - last > options.age && is_final((*j)->value.state);
  }

  template <class Build>
  void finish(const result<bool>& more, stage next, bool nothing_goes, Build build) {
    if (!more)
      spdlog::error("ffs_history: records cannot be read: {}", to_string(more.error()));
    if (!more)
      at = stage::idle; // the next round tries again
    else if (!*more) {
      at = next;
      after.clear();
    }
    if (nothing_goes)
      return at == stage::idle ? void() : go_on();
    d.commits.commit(self, build, [this](const status& s) {
      if (!s)
        spdlog::warn("ffs_history: {}", to_string(s.error()));
      if (at != stage::idle)
        go_on();
    });
  }

  static constexpr const char* name = "ffs_history";
  history_actor::pointer self;
  domain d;
  history_options options;
  epoch next_round = no_epoch;
  stage at = stage::idle;
  std::string after; ///< encoded key
  std::optional<newest_kept<cid_job_key>> jobs;
  std::optional<newest_kept<records::ffs_log_key>> lines;
};

history_actor::behavior_type history(self_of<history_actor, history_state> self, domain d, history_options options) {
  prepare(self);
  self->state.d = std::move(d);
  self->state.options = options;
  self->request(self->state.d.ticker, std::chrono::seconds{30}, atom::subscribe_v, tick_listener{self})
      .then([self](const tick& t) { self->state.hear(t); }, [](const caf::error&) {});
  return {
      [self](const tick& t) { self->state.hear(t); },
      [self](atom::wake) { self->state.slice(); },
  };
}

} // namespace

history_actor spawn_history(caf::actor_system& system, domain d, history_options options) {
  return system.spawn(history, std::move(d), options);
}

} // namespace weir::ffs
