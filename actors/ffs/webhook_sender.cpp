#include "actors/ffs/webhook_sender.hpp"

#include "actors/ffs/webhook_rules.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "actors/support/timer.hpp"

#include <caf/actor_cast.hpp>
#include <spdlog/spdlog.h>

#include <deque>

namespace weir::ffs {

namespace {

constexpr std::chrono::seconds watch_time{30}, post_time{60};
constexpr std::size_t note_every = 20; ///< deliveries: what is delivered twice after a crash is no more

struct sender_state {
  explicit sender_state(webhook_sender_actor::pointer self) : self{self} {}

  void follow() {
    auto listener = caf::actor_cast<log_listener>(self);
    self->request(d.hub, watch_time, atom::watch_v, open_log_watch{now.told, {kinds, {}, {}}}, listener)
        .then([](nothing) {}, [this](const caf::error& e) { refused(from_caf(e)); });
  }

  void refused(const error& why) {
    if (why.code == errc::shutting_down)
      return;
    if (why.code == errc::compacted)
      return skip_to(d.records().oldest());
    spdlog::warn("webhook {}: the log watch was refused, tried again: {}", hook.id, to_string(why));
    run_after(self, d.commits.timer, std::chrono::seconds{1}, [this] { follow(); });
  }

  /// Its receiver was away for longer than the journal is kept.
  void skip_to(revision oldest) {
    now.told = revision{oldest.value - 1};
    now.err = {errc::compacted,
               "Events before this revision are no longer kept, and were not delivered.",
               std::to_string(oldest.value),
               {}};
    note([this] { follow(); });
  }

  void take(const log_batch& batch) {
    if (batch.ended.code != errc::none)
      return refused(batch.ended);
    for (const auto& entry : batch.entries)
      for (std::size_t i = 0; i < entry->events.size(); ++i)
        if (wanted(entry->events[i]))
          waiting.push_back({entry, i});
    upto = batch.upto;
    next();
  }

  bool wanted(const event& e) const {
    if (!std::binary_search(kinds.begin(), kinds.end(), e.kind))
      return false;
    auto ours = concerns(*d.look(), hook.instance, e);
    return ours && *ours;
  }

  void next() {
    if (!waiting.empty())
      return post();
    now.told = upto;
    if (since_note > 0)
      return note([this] { go_on(); });
    go_on();
  }

  void go_on() { self->send(d.hub, atom::ack_v, caf::actor_cast<log_listener>(self)); }

  void post() {
    const auto& [entry, index] = waiting.front();
    const auto& e = entry->events[index];
    auto message =
        post_of(hook, std::to_string(entry->rev.value) + "-" + std::to_string(index), std::string{to_string(e.kind)});
    message.rev = entry->rev;
    message.time = entry->time;
    message.subject = e.subject;
    message.facts = e.fields;
    self->request(poster, post_time, std::move(message))
        .then([this](nothing) { delivered(); }, [this](const caf::error& why) { failed(from_caf(why)); });
  }

  void delivered() {
    auto rev = waiting.front().first->rev;
    waiting.pop_front();
    now.tried = now.succeeded = d.world.wall();
    // Of a transaction with several events all or none counts as told.
    if (waiting.empty() || waiting.front().first->rev != rev)
      now.told = rev;
    bool was_failing = std::exchange(now.failures, 0) > 0;
    now.err = {};
    now.next = {};
    wait.reset();
    if (++since_note >= note_every || was_failing)
      return note([this] { next(); });
    next();
  }

  void failed(const error& why) {
    if (why.code == errc::shutting_down)
      return;
    ++now.failures;
    now.tried = d.world.wall();
    now.err = cause_of(why);
    auto pause = wait.next();
    now.next = unix_ms{now.tried.value + pause.count()};
    note([this, pause] { run_after(self, d.commits.timer, pause, [this] { post(); }); });
  }

  template <class Then>
  void note(Then then) {
    since_note = 0;
    auto build = [of = hook.instance, id = hook.id, at = now](const records::reader& newest) {
      return note_webhook(newest, of, id, at);
    };
    d.commits.commit(self, build, [this, then](const status& done) {
      if (!done && done.error().code != errc::shutting_down)
        spdlog::warn("webhook {}: its state could not be kept: {}", hook.id, to_string(done.error()));
      then();
    });
  }

  static constexpr const char* name = "webhook_sender";
  webhook_sender_actor::pointer self;
  domain d;
  webhook_poster_actor poster;
  webhook hook;
  std::vector<event_kind> kinds;
  std::deque<std::pair<committed_ptr, std::size_t>> waiting; ///< of one batch
  revision upto;
  std::size_t since_note = 0;
  webhook_progress now;
  backoff wait{std::chrono::seconds{5}, std::chrono::hours{1}};
};

webhook_sender_actor::behavior_type sender(self_of<webhook_sender_actor, sender_state> self, domain d,
                                           webhook_poster_actor poster, webhook what) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.poster = std::move(poster);
  state.hook = std::move(what);
  state.now.told = state.hook.told;
  state.now.failures = state.hook.failures;
  state.now.err = state.hook.err;
  state.now.next = state.hook.next_try;
  if (auto kinds = webhook_kinds(state.hook.events))
    state.kinds = *std::move(kinds);
  state.follow();
  return {[self](const log_batch& batch) { self->state.take(batch); }};
}

} // namespace

webhook_sender_actor spawn_webhook_sender(caf::actor_system& system, domain d, webhook_poster_actor poster,
                                          webhook what) {
  return system.spawn(sender, std::move(d), std::move(poster), std::move(what));
}

post_webhook post_of(const webhook& to, std::string id, std::string type) {
  post_webhook p;
  p.url = to.url;
  p.secret = to.secret;
  p.id = std::move(id);
  p.instance = to.instance;
  p.type = std::move(type);
  return p;
}

} // namespace weir::ffs
