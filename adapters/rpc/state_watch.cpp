#include "adapters/rpc/state_watch.hpp"

#include "adapters/rpc/records.hpp"

#include <caf/send.hpp>
#include <capnp/message.h>
#include <deque>
#include <unordered_map>

namespace weir::rpc {

namespace {

constexpr std::uint32_t max_window = 256;
constexpr std::uint32_t most_in_call = 64;
constexpr std::uint64_t record_words = 160; ///< about; so that a call is one segment of its size
constexpr std::chrono::seconds hub_time{30};

template <class Client>
struct wire_of;
template <>
struct wire_of<wire::JobWatcher::Client> {
  using type = wire::Job;
};
template <>
struct wire_of<wire::LogWatcher::Client> {
  using type = wire::LogLine;
};

/// A record and the schema's form of it.
template <class Record, class Wire>
struct shown {
  explicit shown(Record r) : record{std::move(r)} { fill(message.template initRoot<Wire>(), record); }
  Record record;
  capnp::MallocMessageBuilder message;
};

/// Many watch the same record, and are told of it one after the other: the newest are kept.
template <class Record, class Wire>
std::shared_ptr<shown<Record, Wire>> shown_of(const std::string& encoded) {
  constexpr std::size_t most = 64;
  thread_local std::unordered_map<std::string, std::shared_ptr<shown<Record, Wire>>> newest;
  if (auto known = newest.find(encoded); known != newest.end())
    return known->second;
  auto record = records::decode<Record>(encoded);
  if (!record)
    return {};
  if (newest.size() >= most)
    newest.clear();
  return newest[encoded] = std::make_shared<shown<Record, Wire>>(*std::move(record));
}

/// What goes out for one watch. Shared by its actor and its subscription.
template <class Record, class Client>
class state_outlet : private kj::TaskSet::ErrorHandler {
public:
  using filter = std::function<bool(const Record&, bool first)>;
  using wire_type = typename wire_of<Client>::type;
  using told_record = std::shared_ptr<shown<Record, wire_type>>;

  state_outlet(session_ptr s, instance_id of, filter wants, std::uint32_t window, bool begun, Client client)
      : session_{std::move(s)}, of_{std::move(of)}, wants_{std::move(wants)}, window_{window}, begun_{begun},
        client_{kj::mv(client)}, tasks_{*this}, counted_{counter(session_->books(), &connection_books::watches)} {
    session_->node().on_revocation[this] = [this] { look_again(); };
    if (session_->who().expires.value != 0)
      tasks_.add(session_->expiry().then([this] { look_again(); }));
  }
  ~state_outlet() noexcept(false) { session_->node().on_revocation.erase(this); }

  void hosted_by(state_listener who) { self_ = std::move(who); }
  const state_listener& self() const { return self_; }

  void take(const state_batch& batch) {
    for (const auto& c : batch.changes)
      if (c.value)
        waiting_.push_back(*c.value);
    upto_ = batch.upto;
    last_word_ = batch.ended;
    more_ = owes_credit_ = true;
    pump();
  }
  void cancel() {
    over_ = true;
    waiting_.clear();
    caf::anon_send_exit(self_, caf::exit_reason::user_shutdown);
  }

private:
  /// Says why; later calls do nothing.
  void end(const error& why) {
    if (std::exchange(over_, true))
      return;
    waiting_.clear();
    auto call = client_.endedRequest(capnp::MessageSize{64, 0});
    fill(call.initProblem(), why);
    tasks_.add(call.send().ignoreResult());
  }
  /// A token was revoked, perhaps because the instance is no more, or ours has expired. Nothing else ends what it
  /// may, so it is not looked at for each thing that is told, as long as somebody hears of revocations.
  void look_again() {
    auto of = session_->world().ffs->find(*session_->world().records->snapshot(), of_);
    auto good = session_->valid();
    if (!good)
      end(good.error());
    else if (!of)
      end(of.error());
    pump();
  }

  void pump() {
    if (!over_ && !session_->node().hears_revocations)
      if (auto good = session_->valid(); !good)
        end(good.error());
    while (!over_ && more_ && unanswered_ < window_)
      tell();
    if (over_ || more_ || !std::exchange(owes_credit_, false))
      return;
    if (last_word_.code != errc::none)
      return end(last_word_);
    caf::anon_send(session_->world().hub, atom::ack_v, self_);
  }

  void tell() {
    auto room = std::min(window_ - unanswered_, most_in_call);
    std::vector<told_record> told;
    while (told.size() < room && !waiting_.empty()) {
      auto next = shown_of<Record, wire_type>(waiting_.front());
      waiting_.pop_front();
      if (next && wants_(next->record, !begun_))
        told.push_back(std::move(next));
    }
    more_ = !waiting_.empty();
    auto mark = more_ ? revision{} : upto_;
    bool begins = mark.value != 0 && !std::exchange(begun_, begun_ || mark.value != 0);
    if (!told.empty() || begins)
      send(told, mark);
  }

  void send(const std::vector<told_record>& told, revision mark) {
    auto call = client_.changedRequest(capnp::MessageSize{64 + record_words * told.size(), 0});
    auto list = init(call, static_cast<unsigned>(told.size()));
    for (unsigned i = 0; i < told.size(); ++i)
      list.setWithCaveats(i, told[i]->message.template getRoot<wire_type>().asReader());
    call.setRevision(mark.value);
    auto count = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(told.size()));
    unanswered_ += count;
    tasks_.add(call.send().ignoreResult().then([this, count] {
      unanswered_ -= count;
      pump();
    }));
  }
  static auto init(capnp::Request<wire::JobWatcher::ChangedParams, wire::JobWatcher::ChangedResults>& c, unsigned n) {
    return c.initJobs(n);
  }
  static auto init(capnp::Request<wire::LogWatcher::ChangedParams, wire::LogWatcher::ChangedResults>& c, unsigned n) {
    return c.initLines(n);
  }
  void taskFailed(kj::Exception&& e) override {
    spdlog::debug("a remote watcher is gone: {}", e.getDescription().cStr());
    cancel();
  }

  session_ptr session_;
  instance_id of_;
  filter wants_;
  std::uint32_t window_;
  bool begun_; ///< the end of what there was has been told
  Client client_;
  state_listener self_;
  std::deque<std::string> waiting_; ///< of the newest batch, encoded
  revision upto_;
  std::uint32_t unanswered_ = 0;
  bool more_ = false, owes_credit_ = false, over_ = false;
  error last_word_{errc::none, {}, {}, {}};
  kj::TaskSet tasks_;
  counted counted_;
};

template <class Outlet>
struct listener_state {
  explicit listener_state(state_listener::pointer) {}
  static constexpr const char* name = "remote-state-watch";
  std::shared_ptr<Outlet> out;
};

template <class Outlet>
state_listener::behavior_type listener(state_listener::stateful_pointer<listener_state<Outlet>> self,
                                       std::shared_ptr<Outlet> out) {
  self->state.out = std::move(out);
  return {[self](const state_batch& batch) { self->state.out->take(batch); }};
}

template <class Outlet>
class state_subscription final : public wire::Subscription::Server {
public:
  explicit state_subscription(std::shared_ptr<Outlet> out) : out_{std::move(out)} {}
  ~state_subscription() { out_->cancel(); }

protected:
  kj::Promise<void> cancel(CancelContext) override {
    out_->cancel();
    return kj::READY_NOW;
  }

private:
  std::shared_ptr<Outlet> out_;
};

std::optional<revision> start_of(const session& s, std::uint64_t from) {
  if (from == 0)
    return std::nullopt;
  return from == wire::FROM_NOW ? s.world().records->head() : revision{from};
}

template <class Record, class Client, class Filter>
kj::Promise<wire::Subscription::Client> open(session_ptr s, const instance_id& of, open_state_watch wish, Filter wants,
                                             std::uint32_t window, Client client) {
  using outlet = state_outlet<Record, Client>;
  auto& node = s->node();
  auto out =
      std::make_shared<outlet>(std::move(s), of, std::move(wants), window, wish.after.has_value(), kj::mv(client));
  out->hosted_by(node.spawn(listener<outlet>, out));
  wire::Subscription::Client made = kj::heap<state_subscription<outlet>>(out);
  return ask<nothing>(node, node.node.hub, hub_time, atom::watch_v, std::move(wish), out->self())
      .then([made](nothing) mutable { return kj::mv(made); });
}

} // namespace

status check_window(const session& s, std::uint32_t window) {
  if (window == 0 || window > max_window)
    return fail(errc::invalid_argument, "window is a number of things that are not answered.", std::to_string(window),
                "1 to 256");
  if (s.books()->watches >= max_watches)
    return fail(errc::overloaded, "This connection has too many watches.", std::to_string(s.books()->watches),
                std::to_string(max_watches));
  return {};
}

kj::Promise<wire::Subscription::Client> watch_jobs(session_ptr s, const instance_id& of, ffs::job_filter filter,
                                                   std::uint64_t from, std::uint32_t window,
                                                   wire::JobWatcher::Client watcher) {
  open_state_watch wish{{table_id::ffs_jobs}, records::encode_prefix(of), start_of(*s, from)};
  // What is over is not of the first state, unless somebody asked for it by name.
  auto wants = [f = std::move(filter)](const ffs::job& j, bool first) {
    return f.wants(j) && !(first && !f.named() && ffs::is_final(j.state));
  };
  return open<ffs::job>(std::move(s), of, std::move(wish), std::move(wants), window, kj::mv(watcher));
}

kj::Promise<wire::Subscription::Client> watch_log(session_ptr s, const instance_id& of, const cid& id, std::string job,
                                                  std::uint64_t from, std::uint32_t window,
                                                  wire::LogWatcher::Client watcher) {
  open_state_watch wish{{table_id::ffs_logs}, records::encode_prefix(of, id), start_of(*s, from)};
  auto wants = [job = std::move(job)](const ffs::log_line& line, bool) { return job.empty() || line.job.value == job; };
  return open<ffs::log_line>(std::move(s), of, std::move(wish), std::move(wants), window, kj::mv(watcher));
}

} // namespace weir::rpc
