#include "actors/buckets/processor.hpp"

#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "actors/support/work_queue.hpp"
#include "storage/support/crash_point.hpp"

namespace weir {

using records::fact;

namespace {

using processor_impl = bucket_processor_actor::extend<follows_log>;

/// Packing a full bucket can take long; the builder answers in any case.
constexpr std::chrono::minutes packing_time{24 * 60};

struct processor_state {
  explicit processor_state(processor_impl::pointer self) : self{self} {}

  void start() {
    auto state = d.look();
    auto seen = state->each<bucket>([&](const stored<bucket>& b) {
      if (b.value.state == bucket_state::init && b.value.ready != bucket_ready::open)
        ready.mark(b.value.id);
    });
    if (!seen)
      spdlog::error("bucket_processor: the buckets cannot be read: {}", to_string(seen.error()));
    follow_log(self, d, state->at(), {event_kind::bucket_ready});
    work();
  }

  void work() {
    if (std::exchange(in_work, true))
      return;
    while (auto next = ready.take()) {
      crash_point("bucket.ready");
      pack(*next);
    }
    in_work = false;
  }

  void pack(const bucket_id& id) {
    auto contents = contents_of_bucket(*d.look(), id);
    if (!contents) {
      fail_bucket(id, contents.error());
      return;
    }
    if (contents->empty()) {
      complete(id, {});
      return;
    }
    self->request(builder, packing_time, build_pieces{id, *std::move(contents)})
        .then(
            [this, id](const built_pieces& built) { built.refused.empty() ? complete(id, built) : refuse(id, built); },
            [this, id](const caf::error& e) { packing_failed(id, from_caf(e)); });
  }

  void complete(const bucket_id& id, const built_pieces& built) {
    auto build = [this, id, built](const records::reader& newest) {
      return complete_bucket(newest, id, built, d.clock->now(), d.world.wall());
    };
    commit_options options;
    options.blocked = [this, id](const error& e) { show_problem(id, e); };
    d.commits.commit(
        self, build,
        [this, id](const status& s) {
          if (!s) {
            fail_bucket(id, s.error());
            return;
          }
          crash_point("bucket.complete");
          crash_point("piece.after_record");
          waits.erase(id);
          finish(id);
        },
        options);
  }

  /// A damaged or oversized content must not hold up the others.
  void packing_failed(const bucket_id& id, const error& e) {
    bool of_content = e.code == errc::not_found || e.code == errc::corrupt;
    content_id culprit{e.value};
    auto known = of_content ? d.look()->find<content>(culprit) : result<std::optional<stored<content>>>{std::nullopt};
    if (!known || !*known) {
      fail_bucket(id, e);
      return;
    }
    put_back(id, culprit, {e.code, e.message, {}, {}}, [this, id] { again(id); });
  }

  void refuse(const bucket_id& id, const built_pieces& built) {
    auto left = std::make_shared<std::size_t>(built.refused.size());
    for (auto& x : built.refused)
      put_back(id, x.content, x.why, [this, id, left] {
        if (--*left == 0)
          again(id);
      });
  }

  void put_back(const bucket_id& id, const content_id& culprit, const error& why, std::function<void()> then) {
    spdlog::warn("content {} of bucket {} cannot be packed: {}", culprit.value, id.value, to_string(why));
    auto build = [this, culprit, why](const records::reader& newest) {
      return requeue(newest, culprit, why, d.clock->now(), d.world.wall());
    };
    d.commits.commit(self, build, [then](const status&) { then(); });
  }

  void again(const bucket_id& id) {
    ready.mark(id);
    finish(id);
  }

  void fail_bucket(const bucket_id& id, const error& e) {
    if (e.code == errc::cancelled || e.code == errc::shutting_down)
      return;
    spdlog::error("bucket {} cannot be packed, tried again: {}", id.value, to_string(e));
    show_problem(id, e);
    auto& wait = waits[id];
    wait.first = std::chrono::seconds{5};
    wait.most = std::chrono::minutes{10};
    run_after(self, d.commits.timer, wait.next(), [this, id] {
      ready.mark(id);
      work();
    });
    finish(id);
  }

  void show_problem(const bucket_id& id, error e) {
    if (e.code == errc::disk_full)
      e.message = "There is no space left to pack the bucket; it is tried again. (" + e.message + ")";
    auto build = [id, e](const records::reader& newest) -> result<transaction_builder> {
      transaction_builder t;
      WEIR_TRY(auto b, newest.find<bucket>(id));
      if (!b || b->value.problem.message == e.message)
        return t;
      auto after = b->value;
      after.problem = {e.code, e.message};
      t.update(*b, after);
      t.say(event_kind::bucket_problem, id.value, after.owner,
            {fact("code", std::string{to_string(e.code)}), fact("message", e.message)});
      return t;
    };
    d.commits.commit(self, build, [](const status&) {});
  }

  void finish(const bucket_id& id) {
    ready.done(id);
    work();
  }

  static constexpr const char* name = "bucket_processor";
  processor_impl::pointer self;
  domain d;
  piece_builder_actor builder;
  bool in_work = false;           ///< what is done at once comes back here: no recursion
  work_queue<bucket_id> ready{2}; ///< one is packed while the next is read
  std::map<bucket_id, backoff> waits;
};

processor_impl::behavior_type bucket_processor(self_of<processor_impl, processor_state> self, domain d,
                                               piece_builder_actor builder) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.builder = std::move(builder);
  state.start();
  return {
      log_handler(self, state.d, {event_kind::bucket_ready},
                  [self](const event& e) {
                    self->state.ready.mark(bucket_id{e.subject});
                    self->state.work();
                  }),
      [self](const tick&) { self->state.work(); },
      [self](atom::wake) { self->state.work(); },
  };
}

} // namespace

bucket_processor_actor spawn_bucket_processor(caf::actor_system& system, domain d, piece_builder_actor builder) {
  return system.spawn(bucket_processor, std::move(d), std::move(builder));
}

} // namespace weir
