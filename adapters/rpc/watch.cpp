#include "adapters/rpc/watch.hpp"

#include "adapters/rpc/records.hpp"
#include "storage/records/belongings.hpp"

#include <algorithm>
#include <deque>

namespace weir::rpc {

namespace {

constexpr std::uint32_t max_window = 256;
constexpr capnp::MessageSize small_call{64, 0}; // words: the message's first segment, not 8 KiB
constexpr std::chrono::seconds hub_time{30};

bool may_see(const caller& who, const content& r) {
  return who.sees(r.owner);
}
bool may_see(const caller& who, const bucket& r) {
  return r.global() || who.sees(r.owner);
}
bool may_see(const caller&, const provider&) {
  return true;
}
bool may_see(const caller&, const deal&) {
  return true; // see is_theirs
}
/// These name no owner: they are the operator's to watch.
template <class R>
bool may_see(const caller& who, const R&) {
  return who.admin();
}

/// What goes out for one watch. Shared by its actor and its subscription.
class outlet : private kj::TaskSet::ErrorHandler {
public:
  outlet(session_ptr s, watch_wish wish, wire::Watcher::Client watcher)
      : session_{std::move(s)}, wish_{std::move(wish)}, told_{wish_.after}, watcher_{kj::mv(watcher)}, tasks_{*this},
        counted_{counter(session_->books(), &connection_books::watches)} {
    session_->node().on_revocation[this] = [this] { pump(); };
    if (session_->who().expires.value != 0)
      tasks_.add(session_->expiry().then([this] { pump(); }));
  }
  ~outlet() noexcept(false) { session_->node().on_revocation.erase(this); }

  void hosted_by(log_listener who) { self_ = std::move(who); }
  const log_listener& self() const { return self_; }
  const watch_wish& wish() const { return wish_; }

  void take(const log_batch& batch) {
    for (const auto& t : batch.entries)
      waiting_.push_back(t);
    last_word_ = batch.ended;
    owes_credit_ = true;
    pump();
  }
  /// Says why, once everything before has left; later calls do nothing.
  void end(const error& why) {
    if (std::exchange(ended_, true))
      return;
    waiting_.clear();
    auto call = watcher_.endedRequest(small_call);
    fill(call.initProblem(), why);
    tasks_.add(call.send().ignoreResult());
  }
  void cancel() {
    ended_ = true;
    waiting_.clear();
    caf::anon_send_exit(self_, caf::exit_reason::user_shutdown);
  }

private:
  void pump() {
    if (!ended_)
      if (auto good = session_->valid(); !good)
        end(good.error());
    while (!ended_ && !waiting_.empty() && unanswered_ < wish_.window) {
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      send(*next);
    }
    if (ended_ || !waiting_.empty() || !std::exchange(owes_credit_, false))
      return;
    if (last_word_.code != errc::none)
      return end(last_word_);
    caf::anon_send(session_->world().hub, atom::ack_v, self_);
  }

  bool shows(const event& e) const { return session_->who().sees(e.owner) && wants(wish_.filter, e); }

  void send(const committed& t) {
    std::vector<const event*> shown;
    for (const auto& e : t.events)
      if (shows(e))
        shown.push_back(&e);
    if (shown.empty())
      return;
    auto call = watcher_.changedRequest(small_call);
    auto to = call.initTransaction();
    to.setPrevious(std::exchange(told_, t.rev).value);
    write(to, t, shown);
    ++unanswered_;
    tasks_.add(call.send().ignoreResult().then([this] {
      --unanswered_;
      pump();
    }));
  }

  void write(wire::Transaction::Builder to, const committed& t, const std::vector<const event*>& shown) const;
  void taskFailed(kj::Exception&& e) override {
    spdlog::debug("a remote watcher is gone: {}", e.getDescription().cStr());
    cancel();
  }

  session_ptr session_;
  watch_wish wish_;
  revision told_; ///< the last one that went out; where the watch begins, before
  wire::Watcher::Client watcher_;
  log_listener self_;
  std::deque<committed_ptr> waiting_; ///< of the last batch
  error last_word_{errc::none, {}, {}, {}};
  std::uint32_t unanswered_ = 0;
  bool owes_credit_ = false;
  bool ended_ = false;
  kj::TaskSet tasks_;
  counted counted_;
};

void fill_record(wire::Change::Record::Builder to, const content& r) {
  fill(to.initContent(), r);
}
void fill_record(wire::Change::Record::Builder to, const bucket& r) {
  fill(to.initBucket(), r);
}
void fill_record(wire::Change::Record::Builder to, const piece& r) {
  fill(to.initPiece(), r);
}
void fill_record(wire::Change::Record::Builder to, const placement& r) {
  fill(to.initPlacement(), r);
}
void fill_record(wire::Change::Record::Builder to, const deal& r) {
  fill(to.initDeal(), r);
}
void fill_record(wire::Change::Record::Builder to, const provider& r) {
  fill(to.initProvider(), r);
}

/// A change of a table that is shown; nothing for what the caller may not see.
using change_writer = std::function<void(wire::Change::Builder)>;

template <class R>
change_writer change_of(const caller& who, const mutation& m) {
  if (!m.value)
    return {};
  auto record = records::decode<R>(*m.value);
  if (!record || !may_see(who, *record))
    return {};
  return [r = *std::move(record)](wire::Change::Builder to) { fill_record(to.getRecord(), r); };
}

change_writer change_of(const caller& who, const mutation& m) {
  switch (m.table) {
  case table_id::contents:
    return change_of<content>(who, m);
  case table_id::buckets:
    return change_of<bucket>(who, m);
  case table_id::pieces:
    return change_of<piece>(who, m);
  case table_id::placements:
    return change_of<placement>(who, m);
  case table_id::deals:
    return change_of<deal>(who, m);
  case table_id::providers:
    return change_of<provider>(who, m);
  default:
    return {};
  }
}

/// Of deals, those that were made for a content of the caller; of whole pieces they are the node's.
bool is_theirs(const session& s, const mutation& m) {
  if (s.who().admin() || m.table != table_id::deals)
    return true;
  auto d = m.value ? records::decode<deal>(*m.value) : result<deal>{fail(errc::not_found)};
  if (!d)
    return false;
  auto state = s.world().records->snapshot();
  auto theirs = records::belongings{*state, s.who().owner}.ordered(*d);
  return theirs && *theirs;
}

void outlet::write(wire::Transaction::Builder to, const committed& t, const std::vector<const event*>& shown) const {
  to.setRevision(t.rev.value);
  to.setTime(t.time.value);
  auto events = to.initEvents(static_cast<unsigned>(shown.size()));
  for (unsigned i = 0; i < shown.size(); ++i) {
    events[i].setKind(std::string{to_string(shown[i]->kind)}.c_str());
    events[i].setSubject(shown[i]->subject.c_str());
    events[i].setOwner(shown[i]->owner.value.c_str());
    auto facts = events[i].initFacts(static_cast<unsigned>(shown[i]->fields.size()));
    for (unsigned f = 0; f < facts.size(); ++f) {
      facts[f].setName(shown[i]->fields[f].first.c_str());
      facts[f].setValue(shown[i]->fields[f].second.c_str());
    }
  }
  if (!wish_.records)
    return;
  std::vector<std::pair<const mutation*, change_writer>> changes;
  for (const auto& m : t.mutations)
    if (auto writer = is_theirs(*session_, m) ? change_of(session_->who(), m) : change_writer{})
      changes.emplace_back(&m, std::move(writer));
  auto list = to.initChanges(static_cast<unsigned>(changes.size()));
  for (unsigned i = 0; i < changes.size(); ++i) {
    list[i].setTable(std::string{records::table_name(changes[i].first->table)}.c_str());
    changes[i].second(list[i]);
  }
}

struct watcher_state {
  explicit watcher_state(log_listener::pointer) {}
  static constexpr const char* name = "remote-watch";
  std::shared_ptr<outlet> out;
};

log_listener::behavior_type watcher(log_listener::stateful_pointer<watcher_state> self, std::shared_ptr<outlet> out) {
  self->state.out = std::move(out);
  return {[self](const log_batch& batch) { self->state.out->take(batch); }};
}

class subscription final : public wire::Subscription::Server {
public:
  explicit subscription(std::shared_ptr<outlet> out) : out_{std::move(out)} {}
  ~subscription() { out_->cancel(); }

protected:
  kj::Promise<void> cancel(CancelContext) override {
    out_->cancel();
    return kj::READY_NOW;
  }

private:
  std::shared_ptr<outlet> out_;
};

/// "content.stored", or "content", or "content.*".
status add_kinds(log_filter& f, const std::string& name) {
  if (auto kind = event_kind_from_name(name)) {
    f.kinds.push_back(*kind);
    return {};
  }
  auto group = name.ends_with(".*") ? name.substr(0, name.size() - 2) : name;
  auto before = f.kinds.size();
  for (const auto& e : event_catalogue())
    if (e.name.substr(0, e.name.find('.')) == group)
      f.kinds.push_back(e.kind);
  if (f.kinds.size() == before)
    return fail(errc::invalid_argument, "There is no such kind of event.", name);
  return {};
}

} // namespace

result<watch_wish> watch_wish_of(const session& s, wire::Reading::WatchParams::Reader p) {
  watch_wish w;
  if (!p.hasWatcher())
    return fail(errc::invalid_argument, "A watch needs a watcher.");
  for (auto kind : p.getFilter().getKinds())
    WEIR_CHECK(add_kinds(w.filter, text(kind)));
  for (auto subject : p.getFilter().getSubjects())
    w.filter.subjects.push_back(text(subject));
  w.records = p.getFilter().getRecords();
  w.after = p.getFromRevision() == wire::FROM_NOW ? s.world().records->head() : revision{p.getFromRevision()};
  w.window = p.getWindow();
  if (w.window == 0 || w.window > max_window)
    return fail(errc::invalid_argument, "window is a number of calls.", std::to_string(w.window), "1 to 256");
  if (s.books()->watches >= max_watches)
    return fail(errc::overloaded, "This connection has too many watches.", std::to_string(s.books()->watches),
                std::to_string(max_watches));
  return w;
}

kj::Promise<wire::Subscription::Client> open_watch(session_ptr s, watch_wish wish, wire::Watcher::Client client) {
  auto& node = s->node();
  auto out = std::make_shared<outlet>(std::move(s), std::move(wish), kj::mv(client));
  out->hosted_by(node.spawn(watcher, out));
  wire::Subscription::Client made = kj::heap<subscription>(out);
  return ask<nothing>(node, node.node.hub, hub_time, atom::watch_v,
                      open_log_watch{out->wish().after, out->wish().filter}, out->self())
      .then([made](nothing) mutable { return kj::mv(made); });
}

} // namespace weir::rpc
