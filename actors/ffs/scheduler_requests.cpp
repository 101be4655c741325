// What ends jobs and lets go of CIDs on request.
#include "actors/ffs/leftovers.hpp"
#include "actors/ffs/scheduler_state.hpp"
#include "storage/support/crash_point.hpp"

#include <caf/send.hpp>

namespace weir::ffs {

namespace {

constexpr std::chrono::seconds layer_time{120};

} // namespace

scheduler_state::job_promise scheduler_state::cancel(const cancel_job& which) {
  auto answer = self->make_response_promise<job>();
  auto out = std::make_shared<job>();
  auto mine = std::make_shared<bool>(false);
  auto build = [this, which, out, mine](const records::reader& newest) -> result<transaction_builder> {
    auto made = cancel_job_now(newest, which, at(), *out);
    // Tried again because the outcome was not known: it was this one that ended it.
    auto j = newest.find<job>({which.instance, which.job});
    if (!made && *mine && j && *j && (*j)->value.state == job_state::cancelled)
      return transaction_builder{};
    *mine = made.ok();
    return made;
  };
  d.commits.commit(self, build, [this, out, answer](const status& s) mutable {
    if (!s) {
      answer.deliver(to_caf(s.error()));
      return;
    }
    crash_point("ffs.cancelled");
    cancelled(*out);
    answer.deliver(std::move(*out));
  });
  return answer;
}

/// Its actor is told to go; whatever it still commits finds a final job.
void scheduler_state::cancelled(const job& ended) {
  waiting.remove(ended.instance, ended.id);
  auto r = running.find(ended.id);
  if (r == running.end())
    return; // it waited: what the cold layer does of this CID is for the job that runs
  r->second.over = true;
  self->request(parts.cold, layer_time, cold_stop{ended.instance, ended.cid})
      .then([](nothing) {}, [](const caf::error&) {});
  if (r->second.actor)
    caf::anon_send_exit(r->second.actor, caf::exit_reason::user_shutdown);
}

scheduler_state::done_promise scheduler_state::forget(const remove_cid& which) {
  auto answer = self->make_response_promise<nothing>();
  auto mine = std::make_shared<bool>(false);
  auto kept = std::make_shared<cid_entry>();
  auto build = [this, which, mine, kept](const records::reader& newest) -> result<transaction_builder> {
    if (auto e = newest.find<cid_entry>({which.instance, which.cid}); e && *e)
      *kept = (*e)->value;
    auto made = forget_cid(newest, which, at());
    if (!made && *mine && made.error().code == errc::not_found)
      return transaction_builder{};
    *mine = made.ok();
    return made;
  };
  d.commits.commit(self, build, [this, which, kept, answer](const status& s) mutable {
    if (s)
      forget_contents(which, *kept, answer);
    else
      answer.deliver(to_caf(s.error()));
  });
  return answer;
}

void scheduler_state::forget_contents(const remove_cid& which, const cid_entry& kept, done_promise answer) {
  auto contents = contents_of(*d.look(), which.instance, which.cid);
  if (contents && contents->empty())
    return forget_hot(which, kept, [answer](const status& s) mutable {
      s ? answer.deliver(nothing{}) : answer.deliver(to_caf(s.error()));
    });
  if (!contents) {
    answer.deliver(to_caf(contents.error()));
    return;
  }
  self->request(parts.contents, layer_time, remove_content{owner_of(which.instance), contents->front().value.id, true})
      .then([this, which, kept, answer](const content&) { forget_contents(which, kept, answer); },
            [answer](const caf::error& e) mutable { answer.deliver(e); });
}

void scheduler_state::forget_hot(const remove_cid& which, const cid_entry& kept,
                                 std::function<void(const status&)> then) {
  auto last = [this, which, kept, then](const std::vector<std::string>&) {
    self->request(parts.layers.holding(kept.hot), layer_time, hot_remove{which.instance, which.cid})
        .then([then](nothing) { then({}); }, [then](const caf::error& e) { then(from_caf(e)); });
  };
  remove_pins(self, parts.layers, {which.instance, which.cid}, leftovers(kept, parts.layers, {}), layer_time, last);
}

scheduler_state::done_promise scheduler_state::drop(const instance_id& of) {
  auto answer = self->make_response_promise<nothing>();
  dropped.insert(of);
  drop_next(of, answer);
  return answer;
}

/// Its jobs first, one after the other; then its pins.
void scheduler_state::drop_next(const instance_id& of, done_promise answer) {
  auto state = d.look();
  std::optional<cancel_job> next;
  auto keys = state->keys<records::ffs_open_jobs>(options.name);
  for (std::size_t i = 0; keys && i < keys->size() && !next; ++i)
    if (std::get<2>((*keys)[i]) == of)
      next = cancel_job{of, std::get<1>((*keys)[i])};
  if (next) {
    auto out = std::make_shared<job>();
    auto build = [this, which = *next, out](const records::reader& newest) {
      auto made = cancel_job_now(newest, which, at(), *out);
      return made ? std::move(made) : result<transaction_builder>{transaction_builder{}};
    };
    d.commits.commit(self, build, [this, of, out, answer](const status& s) mutable {
      if (!s) {
        answer.deliver(to_caf(s.error()));
        return;
      }
      cancelled(*out);
      drop_next(of, answer);
    });
    return;
  }
  std::optional<cid_entry> kept;
  auto seen = state->each<cid_entry>(
      [&](const stored<cid_entry>& e) {
        if (e.value.hot.enabled || e.value.config.hot.enabled || !e.value.hot_left.empty())
          kept = e.value;
        return !kept;
      },
      {records::encode_prefix(of), {}});
  if (!seen || !kept) {
    seen ? answer.deliver(nothing{}) : answer.deliver(to_caf(seen.error()));
    return;
  }
  forget_hot({of, kept->cid}, *kept, [this, of, key = kept->cid, answer](const status& s) mutable {
    if (!s) {
      answer.deliver(to_caf(s.error()));
      return;
    }
    auto build = [of, key](const records::reader& newest) -> result<transaction_builder> {
      transaction_builder t;
      WEIR_TRY(auto e, newest.find<cid_entry>({of, key}));
      if (e)
        t.remove(*e);
      return t;
    };
    d.commits.commit(self, build, [this, of, answer](const status& done) mutable {
      if (done)
        drop_next(of, answer);
      else
        answer.deliver(to_caf(done.error()));
    });
  });
}

} // namespace weir::ffs
