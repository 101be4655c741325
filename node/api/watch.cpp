#include "node/api/watch.hpp"

#include "node/api/endpoints.hpp"
#include "node/api/node_info.hpp"
#include "node/api/tally.hpp"
#include "node/api/transactions.hpp"
#include "node/cli/units.hpp"

#include <algorithm>
#include <caf/actor_ostream.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

namespace weir::api {

namespace {

constexpr std::chrono::milliseconds pulse{1000};
constexpr std::chrono::seconds hub_time{30};

struct watcher_state {
  explicit watcher_state(log_listener::pointer self) : self{self} {}
  ~watcher_state() {
    if (stream)
      service->left(stream.get());
  }

  void start();
  void take(const log_batch& batch);
  void finish(const error& why);

  static constexpr const char* name = "event-stream";
  log_listener::pointer self;
  std::shared_ptr<watch_service> service;
  call c;
  event_filter filter;
  revision told; ///< the last one that went out; where the stream begins, before
  watch_hub_actor hub;
  std::shared_ptr<http::sse_stream> stream;
};

std::string compacted_text(const services& node) {
  const auto& store = *node.commits.records;
  json::writer w;
  w.begin_object().member("oldest", store.oldest().value).member("revision", store.head().value).end_object();
  return w.take();
}

void watcher_state::start() {
  stream = http::sse_stream::open(c.x, service->owner());
  auto me = caf::actor_cast<caf::actor_addr>(self);
  service->joined(stream.get(), me, c.who.token_hash);
  stream->on_close([me] {
    if (auto alive = caf::actor_cast<caf::actor>(me))
      caf::anon_send_exit(alive, caf::exit_reason::user_shutdown);
  });
}

void watcher_state::take(const log_batch& batch) {
  if (!stream)
    return;
  bool room = true;
  for (const auto& t : batch.entries) {
    if (!filter.interested(*t))
      continue;
    json::writer w;
    write_transaction(w, *t, filter, std::exchange(told, t->rev));
    room = stream->send({std::to_string(t->rev.value), "transaction", w.take()});
  }
  if (batch.ended.code != errc::none)
    return finish(batch.ended);
  auto listener = caf::actor_cast<log_listener>(self);
  if (room)
    return self->send(hub, atom::ack_v, listener);
  auto to = hub;
  auto weak = caf::actor_cast<caf::actor_addr>(self);
  stream->on_drain([to, weak] {
    if (auto alive = caf::actor_cast<caf::actor>(weak))
      caf::anon_send(to, atom::ack_v, caf::actor_cast<log_listener>(alive));
  });
}

void watcher_state::finish(const error& why) {
  if (why.code == errc::compacted)
    stream->send({"", "compacted", compacted_text(*c.node)});
  self->quit();
}

log_listener::behavior_type watcher(log_listener::stateful_pointer<watcher_state> self,
                                    std::shared_ptr<watch_service> service, call c, event_filter filter,
                                    watch_hub_actor hub, open_log_watch wish) {
  auto& s = self->state;
  s.service = std::move(service);
  s.c = std::move(c);
  s.filter = std::move(filter);
  s.hub = std::move(hub);
  s.told = wish.after;
  auto started = [self](nothing) { self->state.start(); };
  auto refused = [self](const caf::error& e) {
    auto why = from_caf(e);
    auto answer = http::response::problem(why);
    answer.fields.add("Weir-Revision", std::to_string(self->state.c.node->commits.records->head().value));
    self->state.c.x->respond(std::move(answer));
    self->quit();
  };
  self->request(s.hub, hub_time, atom::watch_v, std::move(wish), caf::actor_cast<log_listener>(self))
      .then(started, refused);
  return {[self](const log_batch& batch) { self->state.take(batch); }};
}

/// Keeps the totals true.
struct follower_state {
  explicit follower_state(log_listener::pointer) {}
  static constexpr const char* name = "tally";
  std::shared_ptr<tally> totals;
  watch_hub_actor hub;
  std::weak_ptr<watch_service> service;
};

bool is_revocation(const event& e) {
  return e.kind == event_kind::token_revoked;
}

log_listener::behavior_type follower(log_listener::stateful_pointer<follower_state> self, std::shared_ptr<tally> totals,
                                     watch_hub_actor hub, std::weak_ptr<watch_service> service) {
  self->state.totals = std::move(totals);
  self->state.hub = std::move(hub);
  self->state.service = std::move(service);
  auto listener = caf::actor_cast<log_listener>(self);
  self->request(self->state.hub, hub_time, atom::watch_v, open_log_watch{self->state.totals->at(), {}}, listener)
      .then([](nothing) {},
            [](const caf::error& e) { spdlog::error("the totals are not followed: {}", to_string(from_caf(e))); });
  return {[self](const log_batch& batch) {
    bool revoked = false;
    for (const auto& t : batch.entries) {
      self->state.totals->apply(*t);
      revoked = revoked || std::any_of(t->events.begin(), t->events.end(), is_revocation);
    }
    if (auto service = revoked ? self->state.service.lock() : nullptr)
      service->drop_revoked();
    self->send(self->state.hub, atom::ack_v, caf::actor_cast<log_listener>(self));
  }};
}

/// Behind which revision the stream begins: the last id that a browser saw,
/// or `from`, or now.
result<revision> start_of(const call& c) {
  auto last = c.x->request().header("last-event-id");
  auto text = last ? std::string{*last} : c.param("from");
  if (text.empty())
    return c.node->commits.records->head();
  WEIR_TRY(auto number, cli::parse_number(text));
  return revision{number};
}

/// What the hub can sort out for us.
log_filter hub_filter(const event_filter& f) {
  log_filter out;
  out.kinds = f.kinds;
  for (const auto& group : f.groups)
    for (const auto& e : event_catalogue())
      if (e.name.substr(0, e.name.find('.')) == group)
        out.kinds.push_back(e.kind);
  if (!f.subject.empty())
    out.subjects.push_back(f.subject);
  return out;
}

void open_watch(call c) {
  c.node->watches->open(c);
}

} // namespace

watch_service::watch_service(services& node, watch_hub_actor hub, loop::host& host, loop::uv_loop& owner)
    : node_{node}, hub_{std::move(hub)}, host_{host}, owner_{owner} {}

void watch_service::open(const call& c) {
  auto from = start_of(c);
  auto filter = filter_of(c.who, c.x->request().params.all("kind"), c.param("subject"));
  if (!good(c, from) || !good(c, filter))
    return;
  filter->with_records = c.param("records") == "1";
  filter->newest = [node = c.node] { return node->newest(); };
  host_.spawn(watcher, shared_from_this(), c, *filter, hub_, open_log_watch{*from, hub_filter(*filter)});
}

void watch_service::follow_tally() {
  host_.spawn(follower, node_.tally, hub_, weak_from_this());
}

void watch_service::end_all() {
  for (const auto& [stream, w] : streams_)
    if (auto alive = caf::actor_cast<caf::actor>(w.who))
      caf::anon_send_exit(alive, caf::exit_reason::user_shutdown);
}

void watch_service::drop_revoked() {
  auto now = node_.newest();
  for (const auto& [stream, w] : streams_)
    if (!w.token_hash.empty() && !caller_of_hash(w.token_hash, *now, node_.clock()))
      if (auto alive = caf::actor_cast<caf::actor>(w.who))
        caf::anon_send_exit(alive, caf::exit_reason::user_shutdown);
}

void watch_service::joined(http::sse_stream* stream, caf::actor_addr watcher, std::string token_hash) {
  streams_.emplace(stream, watching{std::move(watcher), std::move(token_hash)});
  if (pulse_)
    return;
  pulse_ = std::make_unique<loop::timer>(owner_);
  pulse_->start(
      pulse, [this] { tell_node(); }, pulse);
}

void watch_service::left(http::sse_stream* stream) {
  streams_.erase(stream);
  if (streams_.empty())
    pulse_.reset();
}

void watch_service::tell_node() {
  auto text = live_node_json(node_);
  if (text == std::exchange(last_told_, text))
    return;
  for (const auto& [stream, w] : streams_)
    if (stream->is_open())
      stream->send({"", "node", text});
}

endpoints watch_endpoints() {
  return {
      {"GET", "/watch", access::user, "The event stream (server-sent events) from a revision, then live.",
       "from kind subject records", "", 200, open_watch},
  };
}

} // namespace weir::api
