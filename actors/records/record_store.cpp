#include "actors/records/record_store.hpp"

#include <spdlog/spdlog.h>

namespace weir {

namespace {

/// Short: CAF 0.17 keeps the timer of an answered request until it would have fired.
constexpr std::chrono::seconds hub_time{10};

std::size_t size_of(const transaction& t) {
  std::size_t size = sizeof t;
  for (auto& m : t.mutations)
    size += sizeof m + m.key.size() + (m.value ? m.value->size() : 0);
  for (auto& e : t.events)
    size += sizeof e + e.subject.size() + e.fields.size() * 64;
  return size;
}

} // namespace

void record_store_state::start(std::shared_ptr<records::record_store> records, record_writer_actor writer,
                               watch_hub_actor told, std::function<unix_ms()> clock, record_store_options how) {
  store_ = std::move(records);
  writer_ = std::move(writer);
  hub_ = std::move(told);
  now_ = std::move(clock);
  options_ = how;
  announced_ = newest_ = store_->head();
  if (announced_.value > 0)
    if (auto last = store_->read_log(revision{announced_.value - 1}, {1, 1}); last && !last->empty())
      time_ = last->back()->time;
}

/// The wall clock may be set back; the journal's times are in order all the
/// same: they are searched, and people read them.
unix_ms record_store_state::moment() {
  return time_ = std::max(time_, now_());
}

caf::result<committed_ptr> record_store_state::commit(transaction t) {
  if (ending_)
    return to_caf(fail(errc::shutting_down, "the node ends; the transaction was not begun"));
  auto size = size_of(t);
  if (waiting_.size() + slot_->used().transactions >= options_.max_waiting
      || waiting_bytes_ + size > options_.max_waiting_bytes)
    return to_caf(fail(errc::overloaded, "too many transactions wait to be committed", std::to_string(waits()),
                       std::to_string(options_.max_waiting)));
  asked who{looks_, self->make_response_promise<committed_ptr>(), false};
  auto answer = who.answer;
  waiting_.push_back({std::move(t), size, std::move(who)});
  waiting_bytes_ += size;
  fill_from_waiting();
  wake();
  watch_time();
  return answer;
}

bool record_store_state::has_room() const {
  auto used = slot_->used();
  return used.transactions < options_.group && used.bytes < options_.group_bytes;
}

void record_store_state::fill_from_waiting() {
  for (; !waiting_.empty() && has_room(); waiting_.pop_front()) {
    auto& first = waiting_.front();
    waiting_bytes_ -= first.bytes;
    slot_->add(*store_, std::move(first.what), first.bytes, moment());
    askers_.push_back(std::move(first.who));
  }
}

/// By a message to itself, which comes behind those that are there already: they make one group.
void record_store_state::wake() {
  if (slot_->needs_word() && !std::exchange(flushing_, true))
    self->send(record_store_impl{self}, atom::flush_v);
}

void record_store_state::flush() {
  flushing_ = false;
  if (slot_->wakes_writer())
    self->send(writer_, slot_, write_listener{record_store_impl{self}});
}

void record_store_state::written(const group_write& done) {
  std::vector<committed_ptr> entries;
  for (auto& answer : done.answers) {
    auto who = std::move(askers_.front());
    askers_.pop_front();
    if (answer)
      entries.push_back(*answer);
    if (who.told)
      continue;
    if (answer)
      who.answer.deliver(*answer);
    else
      who.answer.deliver(to_caf(answer.error()));
  }
  ++groups_;
  committed_ += entries.size();
  announce(std::move(entries));
  fill_from_waiting();
  wake();
  quit_if_done();
}

void record_store_state::watch_time() {
  if (!std::exchange(looking_, true))
    self->delayed_send(record_store_impl{self}, options_.look, atom::wake_v);
}

void record_store_state::look() {
  looking_ = false;
  ++looks_;
  auto overdue = [this](const asked& one) { return !one.told && looks_ - one.since > options_.patience; };
  for (auto& one : askers_)
    if (overdue(one) && !std::exchange(one.told, true))
      one.answer.deliver(to_caf(fail(errc::outcome_unknown, "the disk does not answer: the commit may come or not")));
  for (; !waiting_.empty() && overdue(waiting_.front().who); waiting_.pop_front()) {
    waiting_bytes_ -= waiting_.front().bytes;
    waiting_.front().who.answer.deliver(
        to_caf(fail(errc::timeout, "the disk does not answer: the transaction was not begun")));
  }
  if (waits() != 0)
    watch_time();
}

void record_store_state::end(const caf::error& reason) {
  ending_ = reason;
  wake();
  quit_if_done();
}

void record_store_state::quit_if_done() {
  if (!ending_ || waits() != 0)
    return;
  self->send_exit(writer_, caf::exit_reason::user_shutdown);
  self->quit(*ending_);
}

void record_store_state::announce(std::vector<committed_ptr> entries) {
  // Not the store's head: the writer may be further by now, with entries that come in the next announcement.
  if (!entries.empty())
    newest_ = entries.back()->rev;
  if (newest_ == announced_ || unanswered_ >= options_.hub_credit)
    return; // said when the hub answers
  announced_ = newest_;
  ++unanswered_;
  auto answered = [this] { hub_answered(); };
  self->request(hub_, hub_time, new_entries{std::move(entries), newest_})
      .then([answered](nothing) { answered(); },
            [answered](const caf::error& e) {
              spdlog::warn("record_store: the watch hub does not answer: {}", to_string(from_caf(e)));
              answered();
            });
}

void record_store_state::hub_answered() {
  --unanswered_;
  if (announced_ < newest_)
    announce({});
}

record_store_status record_store_state::status() const {
  return {store_->head(), store_->oldest(), waits(), groups_, committed_};
}

record_store_impl::behavior_type record_store(self_of<record_store_impl, record_store_state> self,
                                              std::shared_ptr<records::record_store> store, record_writer_actor writer,
                                              watch_hub_actor hub, std::function<unix_ms()> now,
                                              record_store_options options) {
  auto& state = self->state;
  state.start(std::move(store), std::move(writer), std::move(hub), std::move(now), options);
  self->set_exit_handler([self](const caf::exit_msg& exit) { self->state.end(exit.reason); });
  return {
      [self](atom::commit, transaction& t) { return self->state.commit(std::move(t)); },
      [self](const fold_log& wish) { self->state.fold(wish); },
      [self](atom::status) { return self->state.status(); },
      [self](atom::flush) { self->state.flush(); },
      [self](atom::wake) { self->state.look(); },
      [self](const group_write_ptr& done) { self->state.written(*done); },
  };
}

} // namespace weir
