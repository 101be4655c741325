// Watches of FFS: a state watch of the hub as server-sent events. The next batch
// comes when the one before has left for the network: a reader that stops costs
// one batch, and gets the newest state of each record when it goes on.
//
//   event: job            (or log)
//   data: {…}
//
//   id: 42
//   event: revision       ends a batch; resume behind it (Last-Event-ID)
//   data: {"revision":42}
#include "node/api/endpoints.hpp"
#include "node/api/ffs_door.hpp"
#include "node/cli/units.hpp"

#include <caf/actor_ostream.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

namespace weir::api {

namespace {

constexpr std::chrono::seconds hub_time{30};

struct stream_state {
  explicit stream_state(state_listener::pointer self) : self{self} {}
  ~stream_state() {
    if (stream)
      c.node->watches->left(stream.get());
  }

  void start();
  void take(const state_batch& batch);
  bool send(const state_batch& batch);

  static constexpr const char* name = "ffs-stream";
  state_listener::pointer self;
  call c;
  record_stream what;
  watch_hub_actor hub;
  bool begun = false; ///< the end of what there was has been told
  std::shared_ptr<http::sse_stream> stream;
};

void stream_state::start() {
  stream = http::sse_stream::open(c.x, c.node->ffs->owner);
  auto me = caf::actor_cast<caf::actor_addr>(self);
  c.node->watches->joined(stream.get(), me, c.who.token_hash);
  stream->on_close([me] {
    if (auto alive = caf::actor_cast<caf::actor>(me))
      caf::anon_send_exit(alive, caf::exit_reason::user_shutdown);
  });
}

/// Whether there is room for more.
bool stream_state::send(const state_batch& batch) {
  bool room = true, any = false;
  for (const auto& change : batch.changes) {
    if (!change.value)
      continue;
    auto text = what.show(*change.value, !begun);
    if (text.empty())
      continue;
    any = true;
    room = stream->send({"", what.event, std::move(text)});
  }
  if (batch.upto.value == 0 || (!any && begun))
    return room;
  begun = true;
  json::writer w;
  w.begin_object().member("revision", batch.upto.value).end_object();
  return stream->send({std::to_string(batch.upto.value), "revision", w.take()});
}

void stream_state::take(const state_batch& batch) {
  if (!stream)
    return;
  bool room = send(batch);
  if (batch.ended.code != errc::none) {
    self->quit();
    return;
  }
  auto listener = caf::actor_cast<state_listener>(self);
  if (room)
    return self->send(hub, atom::ack_v, listener);
  auto weak = caf::actor_cast<caf::actor_addr>(self);
  stream->on_drain([to = hub, weak] {
    if (auto alive = caf::actor_cast<caf::actor>(weak))
      caf::anon_send(to, atom::ack_v, caf::actor_cast<state_listener>(alive));
  });
}

state_listener::behavior_type streaming(state_listener::stateful_pointer<stream_state> self, call c, record_stream what,
                                        open_state_watch wish) {
  auto& s = self->state;
  s.c = std::move(c);
  s.what = std::move(what);
  s.hub = s.c.node->ffs->hub;
  s.begun = wish.after.has_value();
  auto refused = [self](const caf::error& e) {
    self->state.c.fail(from_caf(e));
    self->quit();
  };
  self->request(s.hub, hub_time, atom::watch_v, std::move(wish), caf::actor_cast<state_listener>(self))
      .then([self](nothing) { self->state.start(); }, refused);
  return {[self](const state_batch& batch) { self->state.take(batch); }};
}

/// Behind the last id that the client saw, or `from`; nothing: from what there is.
result<std::optional<revision>> start_of(const call& c) {
  auto last = c.x->request().header("last-event-id");
  auto text = last ? std::string{*last} : c.param("from");
  if (text.empty())
    return std::optional<revision>{};
  WEIR_TRY(auto number, cli::parse_number(text));
  return std::optional{revision{number}};
}

} // namespace

void open_stream(const call& c, record_stream what) {
  if (!c.node->ffs)
    return c.fail(fail(errc::unsupported, "This node's role does not run FFS; ask a node with both roles."));
  auto from = start_of(c);
  if (!good(c, from))
    return;
  open_state_watch wish{{what.table}, what.prefix, *from};
  c.node->ffs->host.spawn(streaming, c, std::move(what), std::move(wish));
}

} // namespace weir::api
