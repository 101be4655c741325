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

void record_store_state::start(std::shared_ptr<records::record_store> records, watch_hub_actor told,
                               std::function<unix_ms()> clock, record_store_options how) {
  store_ = std::move(records);
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
  auto size = size_of(t);
  if (waiting_.size() >= options_.max_waiting || waiting_bytes_ + size > options_.max_waiting_bytes)
    return to_caf(fail(errc::overloaded, "too many transactions wait to be committed", std::to_string(waiting_.size()),
                       std::to_string(options_.max_waiting)));
  waiting_.push_back({std::move(t), size, self->make_response_promise<committed_ptr>()});
  waiting_bytes_ += size;
  if (!std::exchange(flushing_, true))
    self->send(record_store_impl{self}, atom::flush_v);
  return waiting_.back().answer;
}

std::vector<record_store_state::waiting_commit> record_store_state::take_group() {
  std::vector<waiting_commit> group;
  std::size_t bytes = 0;
  while (!waiting_.empty() && group.size() < options_.group && (group.empty() || bytes < options_.group_bytes)) {
    bytes += waiting_.front().bytes;
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  waiting_bytes_ -= bytes;
  return group;
}

void record_store_state::flush() {
  auto group = take_group();
  flushing_ = !waiting_.empty();
  if (flushing_)
    self->send(record_store_impl{self}, atom::flush_v);
  if (group.empty())
    return;
  std::vector<transaction> transactions;
  transactions.reserve(group.size());
  for (auto& one : group)
    transactions.push_back(std::move(one.what));
  auto answers = store_->commit_group(std::move(transactions), moment());
  ++groups_;
  std::vector<committed_ptr> entries;
  for (std::size_t i = 0; i < group.size(); ++i) {
    auto& answer = answers[i];
    if (!answer) {
      group[i].answer.deliver(to_caf(answer.error()));
      continue;
    }
    entries.push_back(*answer);
    group[i].answer.deliver(*std::move(answer));
  }
  committed_ += entries.size();
  announce(std::move(entries));
}

void record_store_state::flush_everything() {
  while (!waiting_.empty())
    flush();
}

void record_store_state::announce(std::vector<committed_ptr> entries) {
  newest_ = store_->head();
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

void record_store_state::fold(const fold_log& wish) {
  auto first = store_->first_since(wish.before);
  if (!first) {
    spdlog::error("record_store: the journal cannot be folded: {}", to_string(first.error()));
    return;
  }
  keep_from_ = std::max(keep_from_, *first);
  if (!std::exchange(folding_, true))
    self->send(record_store_impl{self}, atom::wake_v);
}

void record_store_state::fold_slice() {
  auto done = store_->retain(keep_from_);
  if (!done)
    spdlog::error("record_store: the journal cannot be folded: {}", to_string(done.error()));
  folding_ = done && !*done;
  if (folding_)
    self->send(record_store_impl{self}, atom::wake_v);
}

record_store_status record_store_state::status() const {
  return {store_->head(), store_->oldest(), waiting_.size(), groups_, committed_};
}

record_store_impl::behavior_type record_store(self_of<record_store_impl, record_store_state> self,
                                              std::shared_ptr<records::record_store> store, watch_hub_actor hub,
                                              std::function<unix_ms()> now, record_store_options options) {
  auto& state = self->state;
  state.start(std::move(store), std::move(hub), std::move(now), options);
  // What waits is still committed: whoever asked may have gone, the wish has not.
  self->set_exit_handler([self](const caf::exit_msg& exit) {
    self->state.flush_everything();
    self->quit(exit.reason);
  });
  return {
      [self](atom::commit, transaction& t) { return self->state.commit(std::move(t)); },
      [self](const fold_log& wish) { self->state.fold(wish); },
      [self](atom::status) { return self->state.status(); },
      [self](atom::flush) { self->state.flush(); },
      [self](atom::wake) { self->state.fold_slice(); },
  };
}

} // namespace weir
