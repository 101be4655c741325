// Two tenants push the same CIDs at random on the deterministic scheduler, over
// two schedulers with layers of their own, and the process dies now and then.
// After each step: what the records say of jobs agrees with itself, a job that
// somebody was told of is there, an end is for ever, no deal is there twice,
// and a watcher that comes back with its last revision missed nothing.
//
// WEIR_OPERATIONS says how many steps (`./dev test long`: 10,000), WEIR_SEED
// from which seed.
#include "tests/actors/ffs/layers_fixture.hpp"

#include <cstdlib>

namespace weir::test {
namespace {

/// Hears of jobs, across the deaths of its node.
struct job_watcher {
  revision last;
  std::vector<revision> heard;
  std::map<std::string, int> ends;
};

log_listener::behavior_type watching(log_listener::pointer self, watch_hub_actor hub,
                                     std::shared_ptr<job_watcher> seen) {
  return {[self, hub, seen](const log_batch& batch) {
    for (auto& entry : batch.entries) {
      EXPECT_GT(entry->rev, seen->last) << "told twice";
      seen->last = entry->rev;
      seen->heard.push_back(entry->rev);
      for (auto& e : entry->events)
        if (e.kind == event_kind::job_done || e.kind == event_kind::job_failed || e.kind == event_kind::job_cancelled)
          ++seen->ends[e.subject];
    }
    self->send(hub, atom::ack_v, log_listener{self});
  }};
}

long number_from(const char* name, long otherwise) {
  auto text = std::getenv(name);
  return text ? std::atol(text) : otherwise;
}

struct ffs_random : ffs_layers_fixture {
  static constexpr std::size_t files = 5;

  std::vector<bytes> data;
  std::vector<cid> ids;
  std::shared_ptr<job_watcher> seen = std::make_shared<job_watcher>();
  log_listener watcher;
  std::map<std::pair<instance_id, ffs::job_id>, job_state> told; ///< and the end, once it was seen
  std::string steps;                                             ///< the last ones, for people

  static std::vector<event_kind> kinds() {
    using enum event_kind;
    return {job_queued, job_done, job_failed, job_cancelled};
  }
  void dress(tree_parts& parts) override {
    ffs_layers_fixture::dress(parts);
    watcher = sys.spawn(watching, watch_hub_actor{hub}, seen);
    caf::anon_send(watch_hub_actor{hub}, atom::watch_v, open_log_watch{seen->last, {kinds(), {}, {}}}, watcher);
  }
  void undress() override {
    stop(watcher);
    watcher = log_listener{};
    ffs_layers_fixture::undress();
  }
  void SetUp() override {
    chain->balance = *token_amount::parse_fil("1000000 FIL");
    ffs_layers_fixture::SetUp();
    dice.seed(static_cast<std::uint64_t>(number_from("WEIR_SEED", 1)));
    for (std::size_t i = 0; i < files; ++i) {
      data.push_back(random_bytes(20'000 + 5'000 * i));
      ids.push_back(stage(a, data.back()));
    }
  }

  std::size_t pick(std::size_t of) { return dice() % of; }
  const instance_id& anyone() { return pick(2) == 0 ? a : b; }
  ffs::cid_config any_config() {
    auto c = both(1 + static_cast<std::uint32_t>(pick(2)));
    c.hot.enabled = pick(3) != 0;
    c.hot.allow_unfreeze = pick(2) == 0;
    c.hot.add_timeout = 5;
    c.cold.enabled = pick(3) != 0;
    c.repairable = pick(4) == 0;
    return c;
  }

  // ---- steps

  void push_some() {
    auto& of = anyone();
    auto i = pick(files);
    if (pick(2) == 0)
      stage(of, data[i]);
    auto job = push(of, ids[i], any_config());
    ASSERT_TRUE(job) << to_string(job.error());
    told[{of, *job}] = job_state::queued;
  }
  void cancel_some() {
    std::vector<std::pair<instance_id, ffs::job_id>> open;
    for (auto& [key, state] : told)
      if (!ffs::is_final(state))
        open.push_back(key);
    if (open.empty())
      return;
    auto& [of, id] = open[pick(open.size())];
    auto ended = ask<ffs::job>(gate_of(of), ffs::cancel_job{of, id});
    EXPECT_TRUE(ended || ended.error().code == errc::precondition) << to_string(ended.error());
  }
  void remove_some() {
    auto& of = anyone();
    auto done = ask<nothing>(gate_of(of), ffs::remove_cid{of, ids[pick(files)]});
    bool expected = done || done.error().code == errc::precondition || done.error().code == errc::not_found;
    EXPECT_TRUE(expected) << to_string(done.error());
  }
  void replace_some() {
    auto& of = anyone();
    auto i = pick(files);
    stage(of, data[i]);
    auto made = ask<ffs::push_answer>(gate_of(of), ffs::replace_cid{of, ids[pick(files)], ids[i]});
    if (made)
      told[{of, made->job}] = job_state::queued;
    else
      EXPECT_TRUE(made.error().code == errc::not_found || made.error().code == errc::invalid_argument)
          << to_string(made.error());
  }
  void move_some() {
    auto& of = anyone();
    move(of, get<ffs::instance>(of).scheduler == "default" ? "outside" : "default");
  }
  /// In the middle of whatever comes of a push.
  void die() {
    auto& of = anyone();
    auto gate_now = gate_of(of);
    caf::anon_send(gate_now, ffs::push_config{of, ids[pick(files)], any_config(), true, false});
    gate_now = ffs::powergate_actor{};
    run_messages(static_cast<int>(pick(200)));
    crash_with_layer();
    start();
  }
  void step() {
    wall += 1'000;
    auto n = pick(100);
    steps += n < 45   ? 'p'
             : n < 55 ? 'c'
             : n < 60 ? 'r'
             : n < 65 ? 'x'
             : n < 75 ? 'l'
             : n < 90 ? 's'
             : n < 93 ? 'm'
                      : 'd';
    switch (steps.back()) {
    case 'p':
      return push_some();
    case 'c':
      return cancel_some();
    case 'r':
      return remove_some();
    case 'x':
      return replace_some();
    case 'l':
      return live(1);
    case 's':
      return settle();
    case 'm':
      return move_some();
    default:
      return die();
    }
  }

  // ---- what has to be so after each

  std::size_t check_entries() {
    std::size_t open = 0;
    for (auto& of : {a, b})
      for (auto& id : ids) {
        auto e = records->snapshot()->find<ffs::cid_entry>({of, id});
        EXPECT_TRUE(e);
        if (!e || !*e)
          continue;
        auto& x = (*e)->value;
        open += !x.queued.value.empty();
        open += !x.running.value.empty();
        if (!x.queued.value.empty()) {
          EXPECT_EQ(job_of(of, x.queued).state, job_state::queued);
        }
        if (!x.running.value.empty()) {
          EXPECT_EQ(job_of(of, x.running).state, job_state::in_progress);
        }
      }
    return open;
  }
  void check_open(std::size_t linked) {
    std::size_t open = 0;
    for (auto& s : options.ffs.schedulers) {
      auto keys = records->snapshot()->keys<records::ffs_open_jobs>(s.name);
      ASSERT_TRUE(keys);
      open += keys->size();
    }
    EXPECT_EQ(open, linked) << "each job that has not ended is that of its CID, and the other way round";
  }
  void check_told() {
    for (auto& [key, state] : told) {
      if (ffs::is_final(state))
        continue;
      auto j = records->snapshot()->find<ffs::job>({key.first, key.second});
      ASSERT_TRUE(j && *j) << "a lost job: " << key.second.value;
      state = (*j)->value.state;
    }
  }
  void check_deals() {
    std::set<std::tuple<content_id, cid, address>> good;
    for (auto& d : all<deal>())
      if (is_good(d.state) && d.replaces.value.empty()) {
        EXPECT_TRUE(good.insert({d.content, d.piece, d.provider}).second) << "a deal is there twice: " << d.uuid.value;
      }
  }
  void check_watch() {
    std::vector<revision> written;
    revision after;
    for (;;) {
      auto batch = records->read_log(after);
      ASSERT_TRUE(batch);
      if (batch->empty())
        break;
      for (auto& entry : *batch) {
        after = entry->rev;
        auto wanted = [of = kinds()](auto& e) { return std::ranges::find(of, e.kind) != of.end(); };
        if (std::ranges::any_of(entry->events, wanted))
          written.push_back(entry->rev);
      }
    }
    EXPECT_EQ(seen->heard, written) << "the watch has a gap";
    for (auto& j : all<ffs::job>())
      EXPECT_EQ(seen->ends[j.id.value], ffs::is_final(j.state) ? 1 : 0) << j.id.value;
  }
  void check_ends() {
    for (auto& [key, state] : told)
      if (ffs::is_final(state)) { // one that is older than those that are kept may have gone
        auto found = records->snapshot()->find<ffs::job>({key.first, key.second});
        ASSERT_TRUE(found);
        EXPECT_TRUE(!*found || (*found)->value.state == state) << "an end is for ever";
      }
  }
};

TEST_F(ffs_random, two_tenants_push_the_same_cids) {
  auto count = number_from("WEIR_OPERATIONS", 250);
  for (long i = 0; i < count && !HasFailure(); ++i) {
    step();
    check_open(check_entries());
    check_told();
    if (i % 25 == 0)
      check_deals();
    if (i % 1000 == 999) {
      check_watch();
      check_ends();
    }
  }
  for (int i = 0; i < 40 && check_entries() > 0 && !HasFailure(); ++i)
    settle();
  EXPECT_EQ(check_entries(), 0u) << "a job does not come to its end";
  check_told();
  check_deals();
  check_watch();
  check_ends();
  expect_no_duplicates();
  if (HasFailure())
    ADD_FAILURE() << "after " << steps.size()
                  << " steps: " << steps.substr(steps.size() - std::min<std::size_t>(steps.size(), 60));
}

} // namespace
} // namespace weir::test
