#include "actors/buckets/creator.hpp"

#include "actors/buckets/draft.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "storage/support/crash_point.hpp"

#include <deque>

namespace weir {

namespace {

using creator_impl = bucket_creator_actor::extend<follows_log>;
using bucket_promise = caf::typed_response_promise<bucket>;

constexpr std::size_t contents_per_transaction = 128;

struct creator_state {
  explicit creator_state(creator_impl::pointer self) : self{self} {}

  void start() {
    auto state = d.look();
    if (auto found = find_open_buckets(*state))
      open = *std::move(found);
    auto waiting = state->keys<records::bucket_contents>(bucket_id{});
    if (waiting)
      for (auto& key : *waiting)
        unassigned.push_back(std::get<1>(key));
    follow_log(self, d, state->at(), kinds());
    self->request(d.ticker, std::chrono::seconds{30}, atom::subscribe_v, caf::actor_cast<tick_listener>(self))
        .then([this](const tick& t) { hear(t); }, [](const caf::error&) {});
  }

  static std::vector<event_kind> kinds() {
    return {event_kind::content_stored, event_kind::content_requeued, event_kind::content_wanted};
  }

  void hear(const event& e) {
    if (e.kind != event_kind::content_requeued)
      unassigned.emplace_back(e.subject);
    else
      later.emplace_back(d.clock->now() + policy.requeue_after, content_id{e.subject});
    work();
  }

  void hear(const tick& t) {
    while (!later.empty() && later.front().first <= t.now) {
      unassigned.push_back(later.front().second);
      later.pop_front();
    }
    time_came = true;
    work();
  }

  /// One transaction at a time: each starts from the buckets that the one before left.
  /// Nothing is decided before the first tick said what time it is.
  void work() {
    if (busy || d.clock->now() == no_epoch)
      return;
    if (!wishes.empty()) {
      auto wish = std::move(wishes.front());
      wishes.pop_front();
      grant(std::move(wish));
    } else if (!unassigned.empty()) {
      assign();
    } else if (std::exchange(time_came, false)) {
      run([](bucket_draft& draft) { return draft.look_at_time(); }, [](const status&) {});
    }
  }

  void assign() {
    auto n = std::min(unassigned.size(), contents_per_transaction);
    auto batch = std::make_shared<std::vector<content_id>>(unassigned.begin(),
                                                           unassigned.begin() + static_cast<std::ptrdiff_t>(n));
    unassigned.erase(unassigned.begin(), unassigned.begin() + static_cast<std::ptrdiff_t>(n));
    auto fill_all = [batch](bucket_draft& draft) -> status {
      for (auto& id : *batch)
        WEIR_CHECK(draft.assign(id));
      return {};
    };
    run(fill_all, [batch](const status& s) {
      if (s)
        crash_point("bucket.assigned");
      else
        spdlog::error("bucket_creator: {} contents stay unassigned: {}", batch->size(), to_string(s.error()));
    });
  }

  struct wish {
    std::function<result<bucket>(bucket_draft&)> make;
    bucket_promise answer;
  };

  bucket_promise want(std::function<result<bucket>(bucket_draft&)> make) {
    auto promise = self->make_response_promise<bucket>();
    wishes.push_back({std::move(make), promise});
    work();
    return promise;
  }

  void grant(wish w) {
    auto made = std::make_shared<bucket>();
    auto make = [w, made](bucket_draft& draft) -> status {
      WEIR_TRY(*made, w.make(draft));
      return {};
    };
    run(make,
        [promise = w.answer, made](const status& s) {
          auto answer = promise;
          s ? answer.deliver(*made) : answer.deliver(to_caf(s.error()));
        },
        {.patient = false});
  }

  template <class Step, class Done>
  void run(Step step, Done done, commit_options how = {}) {
    busy = true;
    auto after = std::make_shared<open_buckets>(open);
    auto build = [this, step, after](const records::reader& newest) -> result<transaction_builder> {
      // After a conflict or an unknown outcome the index may be behind the records.
      WEIR_TRY(auto index, fresh ? result<open_buckets>{open} : find_open_buckets(newest));
      fresh = false;
      bucket_draft draft{newest, std::move(index), {policy, d.clock->now(), d.world.wall(), d.world.uuid}};
      WEIR_CHECK(step(draft));
      *after = draft.open();
      return std::move(draft).take();
    };
    fresh = true;
    d.commits.commit(
        self, build,
        [this, after, done](const status& s) {
          if (s)
            open = *after;
          done(s);
          busy = false;
          work();
        },
        std::move(how));
  }

  static constexpr const char* name = "bucket_creator";
  creator_impl::pointer self;
  domain d;
  bucket_policy policy;
  open_buckets open;
  std::deque<content_id> unassigned;
  std::deque<std::pair<epoch, content_id>> later; ///< requeued ones, by the epoch at which they are tried again
  std::deque<wish> wishes;
  bool time_came = false, busy = false, fresh = true;
};

creator_impl::behavior_type bucket_creator(self_of<creator_impl, creator_state> self, domain d, bucket_policy policy) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.policy = policy;
  state.start();
  return {
      log_handler(self, state.d, creator_state::kinds(), [self](const event& e) { self->state.hear(e); }),
      [self](const create_bucket& spec) {
        return self->state.want([spec](bucket_draft& draft) { return draft.create(spec); });
      },
      [self](const close_bucket& which) {
        return self->state.want([which](bucket_draft& draft) { return draft.close(which); });
      },
      [self](const tick& t) { self->state.hear(t); },
      [self](atom::wake) { self->state.work(); },
  };
}

} // namespace

bucket_creator_actor spawn_bucket_creator(caf::actor_system& system, domain d, bucket_policy policy) {
  return system.spawn(bucket_creator, std::move(d), policy);
}

} // namespace weir
