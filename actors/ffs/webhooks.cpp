#include "actors/ffs/webhooks.hpp"

#include "actors/ffs/webhook_sender.hpp"
#include "actors/support/prepare.hpp"
#include "actors/support/self.hpp"
#include "actors/support/subscription.hpp"
#include "actors/support/types.hpp"

#include <caf/send.hpp>
#include <caf/typed_response_promise.hpp>
#include <spdlog/spdlog.h>

#include <map>

namespace weir::ffs {

namespace {

using webhooks_impl = webhooks_actor::extend<caf::reacts_to<log_batch>>;
using webhook_key = std::pair<instance_id, std::string>;

constexpr std::chrono::seconds post_time{60}, again{1};

struct webhooks_state {
  explicit webhooks_state(webhooks_impl::pointer self) : self{self} {}

  static std::vector<event_kind> kinds() { return {event_kind::webhook_changed, event_kind::instance_deleted}; }

  void start() {
    auto state = d.look();
    auto seen = state->each<webhook>([&](const records::stored<webhook>& w) { send_for(w.value); });
    if (!seen)
      spdlog::error("webhooks: records cannot be read: {}", to_string(seen.error()));
    follow_log(self, d, state->at(), kinds());
  }

  void send_for(const webhook& w) {
    webhook_key key{w.instance, w.id};
    stop(key);
    auto sender = spawn_webhook_sender(self->system(), d, poster, w);
    self->monitor(sender);
    senders.emplace(std::move(key), running{w, sender});
  }

  void stop(const webhook_key& key) {
    auto at = senders.find(key);
    if (at == senders.end())
      return;
    self->send_exit(at->second.sender, caf::exit_reason::user_shutdown);
    senders.erase(at);
  }

  void hear(const event& e) {
    if (e.kind == event_kind::instance_deleted) {
      std::erase_if(senders, [&](auto& s) {
        bool theirs = s.first.first.value == e.subject;
        if (theirs)
          self->send_exit(s.second.sender, caf::exit_reason::user_shutdown);
        return theirs;
      });
      return;
    }
    look_at({instance_of(e.owner), e.subject});
  }

  /// What its sender says of itself changes nothing here.
  void look_at(const webhook_key& key) {
    auto w = d.look()->find<webhook>(key);
    if (!w || !*w)
      return stop(key);
    auto at = senders.find(key);
    const auto& wanted = (*w)->value;
    if (at == senders.end() || at->second.what.url != wanted.url || at->second.what.events != wanted.events)
      send_for(wanted);
  }

  /// One that died is started anew from its record.
  void lost(const caf::actor_addr& who) {
    for (auto& [key, s] : senders)
      if (s.sender.address() == who) {
        auto gone = key;
        senders.erase(gone);
        run_after(self, d.commits.timer, again, [this, gone] { look_at(gone); });
        return;
      }
  }

  caf::typed_response_promise<nothing> test(const test_webhook& which) {
    auto answer = self->make_response_promise<nothing>();
    auto w = d.look()->find<webhook>({which.instance, which.id});
    if (!w || !*w) {
      answer.deliver(to_caf(w ? fail(errc::not_found, "The instance has no such webhook.", which.id) : w.error()));
      return answer;
    }
    auto message = post_of((*w)->value, "test-" + d.world.uuid(), "webhook.test");
    message.time = d.world.wall();
    message.subject = which.id;
    self->request(poster, post_time, std::move(message))
        .then([answer](nothing) mutable { answer.deliver(nothing{}); },
              [answer](const caf::error& e) mutable { answer.deliver(e); });
    return answer;
  }

  struct running {
    webhook what;
    webhook_sender_actor sender;
  };

  static constexpr const char* name = "webhooks";
  webhooks_impl::pointer self;
  domain d;
  webhook_poster_actor poster;
  std::map<webhook_key, running> senders;
};

webhooks_impl::behavior_type webhooks(self_of<webhooks_impl, webhooks_state> self, domain d,
                                      webhook_poster_actor poster) {
  prepare(self);
  auto& state = self->state;
  state.d = std::move(d);
  state.poster = std::move(poster);
  self->set_down_handler([self](const caf::down_msg& down) { self->state.lost(down.source); });
  self->set_exit_handler([self](const caf::exit_msg& e) {
    for (auto& [key, s] : self->state.senders)
      self->send_exit(s.sender, e.reason);
    self->quit(e.reason);
  });
  state.start();
  return {
      [self](const test_webhook& which) { return self->state.test(which); },
      log_handler(self, state.d, webhooks_state::kinds(), [self](const event& e) { self->state.hear(e); }),
  };
}

} // namespace

webhooks_actor spawn_webhooks(caf::actor_system& system, domain d, webhook_poster_actor poster) {
  return system.spawn(webhooks, std::move(d), std::move(poster));
}

} // namespace weir::ffs
