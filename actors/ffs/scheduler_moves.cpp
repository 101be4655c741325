// Instances that are moved from one scheduler to another: what waits goes over,
// what runs ends where it began, what is hot follows by jobs of its own.
#include "actors/ffs/leftovers.hpp"
#include "actors/ffs/scheduler_state.hpp"
#include "storage/support/crash_point.hpp"

namespace weir::ffs {

namespace {

constexpr std::chrono::seconds sweep_time{120};

} // namespace

/// A crash in the middle of a move: the instance still says where it came from.
void scheduler_state::resume_moves() {
  std::vector<instance_id> moving;
  auto seen = d.look()->each<instance>([&](const stored<instance>& i) {
    if (i.value.scheduler == options.name && !i.value.moved_from.empty())
      moving.push_back(i.value.id);
  });
  if (!seen)
    spdlog::error("scheduler {}: the instances cannot be read: {}", options.name, to_string(seen.error()));
  for (auto& of : moving)
    take_over(of);
}

void scheduler_state::moved(const instance_id& of) {
  auto i = d.look()->find<instance>(of);
  if (!i || !*i)
    return;
  if ((*i)->value.scheduler != options.name)
    waiting.remove(of);
  else if (!(*i)->value.moved_from.empty())
    take_over(of);
}

void scheduler_state::take_over(const instance_id& of) {
  auto out = std::make_shared<taken_over>();
  auto build = [this, of, out](const records::reader& newest) {
    return take_over_some(newest, of, {options.name, options.hot, parts.known}, at(), *out);
  };
  d.commits.commit(self, build, [this, of, out](const status& s) {
    crash_point("ffs.taken_over");
    if (!s)
      return spdlog::error("scheduler {}: instance {} cannot be taken over: {}", options.name, of.value,
                           to_string(s.error()));
    taken(*out);
    if (out->more)
      take_over(of);
    else
      hear(tick{d.clock->now(), d.clock->finalized()});
  });
}

void scheduler_state::taken(const taken_over& what) {
  for (auto& j : what.running) {
    job_queue::entry e{j.instance, j.id, j.cid};
    running[j.id] = {e, {}, 0, false};
    busy.insert({e.instance, e.what});
    launch(e);
  }
  for (auto& j : what.waiting)
    waiting.add({j.instance, j.id, j.cid});
  for (auto& e : what.left)
    sweep(e);
}

/// What a cancelled job pinned before the instance came here.
void scheduler_state::sweep(const cid_entry& e) {
  auto from = leftovers(e, parts.layers, {parts.layers.mine, e.hot.enabled ? e.hot.layer : std::string{}});
  remove_pins(self, parts.layers, {e.instance, e.cid}, std::move(from), sweep_time,
              [this, of = e.instance, id = e.cid](std::vector<std::string> gone) {
                auto build = [of, id, gone](const records::reader& newest) { return swept(newest, of, id, gone); };
                if (!gone.empty())
                  d.commits.commit(self, build, [](const status&) {});
              });
}

/// Its turn came while the scheduler before still runs a job of the CID: it
/// waits for the end of that one, which everybody hears.
void scheduler_state::wait_for_other(const job_queue::entry& what) {
  running.erase(what.job);
  waiting.add(what);
  auto e = d.look()->find<cid_entry>({what.instance, what.what});
  if (e && *e && !(*e)->value.running.value.empty()) {
    held.insert({what.instance, what.what});
    return;
  }
  busy.erase({what.instance, what.what});
  pump();
}

void scheduler_state::other_ended(const event& e) {
  auto id = cid::parse(fact_of(e, "cid"));
  if (!id || held.erase({instance_of(e.owner), *id}) == 0)
    return;
  busy.erase({instance_of(e.owner), *id});
  pump();
}

} // namespace weir::ffs
