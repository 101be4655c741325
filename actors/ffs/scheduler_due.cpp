// Renewals and repairs: due epochs in the records of CIDs, looked at when the clock ticks.
#include "actors/ffs/scheduler_state.hpp"

namespace weir::ffs {

namespace {

constexpr std::size_t due_at_once = 1'000; ///< that one tick makes jobs of

} // namespace

void scheduler_state::hear(const tick& t) {
  pump();
  std::vector<cid_entry> due;
  auto state = d.look();
  auto scanned = state->scan_raw(
      table_id::ffs_due, {records::encode_prefix(options.name), {}},
      [&](std::string_view key, std::string_view, revision) {
        auto parsed = records::decode_key<records::ffs_due::key_type>(key);
        if (!parsed || std::get<1>(*parsed) > static_cast<std::uint64_t>(std::max<std::int64_t>(t.now.value, 0)))
          return false;
        auto e = state->find<cid_entry>({std::get<2>(*parsed), std::get<3>(*parsed)});
        if (e && *e)
          due.push_back((*e)->value);
        return due.size() < due_at_once;
      });
  if (!scanned)
    spdlog::error("scheduler {}: what is due cannot be read: {}", options.name, to_string(scanned.error()));
  for (auto& e : due)
    make_due(e, t.now);
}

/// A renewal where one is due, a move where the hot copy is in another layer, else a repair; each brings the CID to
/// what is wanted.
void scheduler_state::make_due(const cid_entry& e, epoch now) {
  if (!made_due.insert({e.instance, e.cid}).second)
    return;
  bool renewal = e.renew_at != no_epoch && e.renew_at <= now;
  auto why = renewal ? job_cause::renew : parts.layers.elsewhere(e.hot).empty() ? job_cause::repair : job_cause::move;
  enqueue wish{e.instance, e.cid, e.config, why, {}, true, false};
  auto id = next_job_id(last_id, d.world.wall(), d.world.uuid());
  auto out = std::make_shared<enqueued>();
  auto build = [this, wish, id, out](const records::reader& newest) {
    return enqueue_job(newest, wish, {id, options.name}, at(), *out);
  };
  d.commits.commit(self, build, [this, wish, out](const status& s) {
    made_due.erase({wish.instance, wish.cid});
    if (s)
      committed(wish, *out);
    else
      spdlog::warn("{} of {}: {}", to_string(wish.why), wish.cid.text(), to_string(s.error()));
  });
}

void scheduler_state::hear(const event& e) {
  if (e.kind == event_kind::deal_slashed)
    slashed(e);
  else if (e.kind == event_kind::instance_changed)
    moved(instance_id{e.subject});
  else if (!held.empty())
    other_ended(e);
}

/// A slashed deal makes the repair due at once.
void scheduler_state::slashed(const event& e) {
  auto state = d.look();
  auto x = state->find<deal>(deal_uuid{e.subject});
  auto c = x && *x ? state->find<content>((*x)->value.content) : result<std::optional<stored<content>>>{std::nullopt};
  if (!c || !*c)
    return;
  auto of = instance_of((*c)->value.owner);
  auto build = [this, of, id = (*c)->value.cid](const records::reader& newest) -> result<transaction_builder> {
    transaction_builder t;
    WEIR_TRY(auto found, newest.find<cid_entry>({of, id}));
    if (!found || !found->value.config.repairable || found->value.scheduler != options.name
        || !found->value.queued.value.empty() || !found->value.running.value.empty())
      return t;
    auto after = found->value;
    after.repair_at = d.clock->now();
    t.update(*found, after);
    return t;
  };
  d.commits.commit(self, build, [this](const status&) { hear(tick{d.clock->now(), d.clock->finalized()}); });
}

} // namespace weir::ffs
