#include "actors/records/watch_hub.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <spdlog/spdlog.h>

namespace weir {

void watch_hub_state::start(std::shared_ptr<const records::record_store> records, watch_hub_options how) {
  options_ = std::move(how);
  store_ = std::move(records);
  head_ = store_->head();
  log_ = std::make_unique<log_tail>(store_);
  logs_ = std::make_unique<log_watches>([this](auto who, const std::shared_ptr<const log_batch>& batch) {
    if (shared_ != batch) { // one message for all who get the same
      shared_ = batch;
      message_ = caf::make_message(*batch);
    }
    caf::anon_send(listeners_.at(who).hdl, message_);
    forget_if_idle(who);
  });
  states_ = std::make_unique<state_watches>(store_, [this](auto who, state_batch batch) {
    caf::anon_send(listeners_.at(who).hdl, std::move(batch));
    forget_if_idle(who);
  });
}

status watch_hub_state::check(revision after, std::size_t subjects) {
  if (after > head_)
    catch_up(std::min(after, store_->head())); // the store has it, and its word of it is on the way
  if (after > head_)
    return fail(errc::invalid_argument, "there is no such revision yet", std::to_string(after.value),
                std::to_string(head_.value));
  if (after.value + 1 < store_->oldest().value)
    return fail(errc::compacted, "that part of the journal is no longer kept", std::to_string(after.value),
                std::to_string(store_->oldest().value));
  if (subjects > max_watch_subjects)
    return fail(errc::too_large, "a watch has too many subjects", std::to_string(subjects),
                std::to_string(max_watch_subjects));
  if (logs_->size() + states_->size() >= options_.max_watches)
    return fail(errc::overloaded, "there are too many watches", {}, std::to_string(options_.max_watches));
  return {};
}

caf::result<nothing> watch_hub_state::watch(open_log_watch wish, const log_listener& who) {
  if (auto fine = check(wish.after, wish.filter.subjects.size()); !fine)
    return reply(fine);
  auto number = remember(caf::actor_cast<caf::actor>(who));
  logs_->remove(number);
  logs_->add(number, std::move(wish), head_);
  wake_if_waiting();
  return nothing{};
}

caf::result<nothing> watch_hub_state::watch(open_state_watch wish, const state_listener& who) {
  if (auto fine = check(wish.after.value_or(head_), 0); !fine)
    return reply(fine);
  auto number = remember(caf::actor_cast<caf::actor>(who));
  states_->remove(number);
  states_->add(number, std::move(wish), head_);
  wake_if_waiting();
  return nothing{};
}

std::uint64_t watch_hub_state::number_of(const caf::actor_addr& who) const {
  auto found = numbers_.find(who);
  return found == numbers_.end() ? 0 : found->second;
}

std::uint64_t watch_hub_state::remember(const caf::actor& who) {
  auto& number = numbers_[who.address()];
  if (number == 0) {
    number = next_number_++;
    listeners_[number] = {who.address(), who};
    self->monitor(who);
  }
  return number;
}

void watch_hub_state::forget(const caf::actor_addr& who) {
  auto number = number_of(who);
  logs_->remove(number);
  states_->remove(number);
  forget_if_idle(number);
}

void watch_hub_state::count() const {
  options_.counts->events.store(logs_->size(), std::memory_order_relaxed);
  options_.counts->states.store(states_->size(), std::memory_order_relaxed);
}

void watch_hub_state::forget_if_idle(std::uint64_t number) {
  count();
  auto found = listeners_.find(number);
  if (found == listeners_.end() || logs_->knows(number) || states_->knows(number))
    return;
  self->demonitor(found->second.addr);
  numbers_.erase(found->second.addr);
  listeners_.erase(found);
}

void watch_hub_state::announce(const new_entries& news) {
  auto known = news.entries.empty() ? news.head : revision{news.entries.front()->rev.value - 1};
  if (head_ < known)
    catch_up(known); // the store skipped some because we were slow, or because their outcome was unknown
  std::vector<committed_ptr> fresh;
  for (auto& entry : news.entries)
    if (entry->rev > head_)
      fresh.push_back(entry);
  for (auto& entry : fresh)
    log_->push(entry);
  if (!fresh.empty())
    head_ = fresh.back()->rev;
  logs_->announce(fresh);
  states_->announce(fresh);
  wake_if_waiting();
}

/// Announces what is in the journal up to `head`, read in slices.
void watch_hub_state::catch_up(revision head) {
  while (head_ < head) {
    auto read = store_->read_log(head_, {256u << 10, 1000});
    if (!read || read->empty()) {
      spdlog::error("watch_hub: the journal behind {} cannot be read: {}", head_.value,
                    read ? "it ends early" : to_string(read.error()));
      // Level watches must not step over the gap: they fall behind and are told when they read it.
      logs_->all_behind(head_);
      states_->all_behind(head_);
      head_ = head;
      return;
    }
    std::erase_if(*read, [&](const committed_ptr& entry) { return entry->rev > head; });
    for (auto& entry : *read)
      log_->push(entry);
    head_ = read->back()->rev;
    logs_->announce(*read);
    states_->announce(*read);
  }
}

void watch_hub_state::step() {
  awake_ = false;
  if (logs_->waiting())
    logs_->step(*log_, head_);
  if (states_->waiting())
    states_->step(*log_, head_);
  wake_if_waiting();
}

void watch_hub_state::wake_if_waiting() {
  count();
  shared_.reset();
  message_.reset();
  if (awake_ || (!logs_->waiting() && !states_->waiting()))
    return;
  awake_ = true;
  self->send(watch_hub_impl{self}, atom::wake_v);
}

watch_hub_impl::behavior_type watch_hub(self_of<watch_hub_impl, watch_hub_state> self,
                                        std::shared_ptr<const records::record_store> records,
                                        watch_hub_options options) {
  auto& state = self->state;
  state.start(std::move(records), std::move(options));
  self->set_down_handler([self](const caf::down_msg& down) { self->state.forget(down.source); });
  return {
      [self](atom::watch, open_log_watch& wish, const log_listener& who) {
        return self->state.watch(std::move(wish), who);
      },
      [self](atom::ack, const log_listener& who) {
        self->state.logs().acknowledge(self->state.number_of(who.address()));
        self->state.wake_if_waiting();
      },
      [self](atom::unwatch, const log_listener& who) {
        auto number = self->state.number_of(who.address());
        self->state.logs().remove(number);
        self->state.forget_if_idle(number);
      },
      [self](atom::watch, open_state_watch& wish, const state_listener& who) {
        return self->state.watch(std::move(wish), who);
      },
      [self](atom::ack, const state_listener& who) {
        self->state.states().acknowledge(self->state.number_of(who.address()));
        self->state.wake_if_waiting();
      },
      [self](atom::unwatch, const state_listener& who) {
        auto number = self->state.number_of(who.address());
        self->state.states().remove(number);
        self->state.forget_if_idle(number);
      },
      [self](const new_entries& news) {
        self->state.announce(news);
        return nothing{};
      },
      [self](atom::wake) { self->state.step(); },
  };
}

} // namespace weir
