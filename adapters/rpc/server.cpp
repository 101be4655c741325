#include "adapters/rpc/server.hpp"

#include "adapters/rpc/core.hpp"
#include "adapters/rpc/listen.hpp"
#include "adapters/rpc/paced_stream.hpp"

#include <atomic>
#include <future>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>

namespace weir::rpc {

namespace {

constexpr std::size_t stack_size =
    256u << 20; // a connection's unsent messages are destroyed recursively; address space only
constexpr std::size_t flow_words = 2u << 20;      // of calls of one connection that are not answered: 16 MiB
constexpr std::uint64_t message_words = 1u << 20; // 8 MiB
constexpr std::size_t crowded_bytes = 8u << 20;   // of answers that a peer has not taken
constexpr std::size_t crowded_count = 4000;
constexpr auto time_to_authenticate = 60 * kj::SECONDS;
constexpr auto accept_again = 100 * kj::MILLISECONDS;
constexpr unsigned dead_peer_ms = 60'000;

/// Wakes the KJ loop from any thread; wakings in between are one.
class waker {
public:
  void wake() {
    kj::Own<kj::CrossThreadPromiseFulfiller<void>> armed;
    {
      std::lock_guard lock{mutex_};
      pending_ = true;
      armed = kj::mv(armed_);
    }
    if (armed.get() != nullptr)
      armed->fulfill();
  }
  kj::Promise<void> next() {
    auto pair = kj::newPromiseAndCrossThreadFulfiller<void>();
    std::lock_guard lock{mutex_};
    if (std::exchange(pending_, false))
      return kj::evalLater([] {}); // sockets have their turn
    armed_ = kj::mv(pair.fulfiller);
    return pair.promise.then([this] {
      std::lock_guard lock{mutex_};
      pending_ = false;
    });
  }

private:
  std::mutex mutex_;
  bool pending_ = false;
  kj::Own<kj::CrossThreadPromiseFulfiller<void>> armed_;
};

caf::behavior gate(caf::event_based_actor* self) {
  self->set_default_handler(caf::drop);
  return {[](atom::wake) {}};
}

struct ear_state {
  explicit ear_state(log_listener::pointer) {}
  static constexpr const char* name = "remote-tokens";
};

/// Hears of revoked tokens, so that watches that are silent end too.
log_listener::behavior_type token_ear(log_listener::stateful_pointer<ear_state> self, core* node) {
  auto me = caf::actor_cast<log_listener>(self);
  open_log_watch wish{node->node.records->head(), {{event_kind::token_revoked}, {}, {}}};
  self->request(node->node.hub, std::chrono::seconds{30}, atom::watch_v, std::move(wish), me)
      .then([node](nothing) { node->hears_revocations = true; },
            [](const caf::error& e) {
              spdlog::error("revoked tokens are noticed when a watch has something to tell: {}",
                            to_string(from_caf(e)));
            });
  return {[self, node](const log_batch&) {
    auto all = node->on_revocation; // who ends leaves the list
    for (auto& [who, look] : all)
      look();
    self->send(node->node.hub, atom::ack_v, caf::actor_cast<log_listener>(self));
  }};
}

capnp::ReaderOptions reader_options() {
  capnp::ReaderOptions o;
  o.traversalLimitInWords = message_words;
  return o;
}

struct connection {
  connection(kj::Own<kj::AsyncIoStream> raw, books_ptr b)
      : stream{kj::mv(raw)}, network{stream, capnp::rpc::twoparty::Side::SERVER, reader_options()}, books{std::move(b)},
        system{capnp::makeRpcServer(network, make_entrance(books))} {
    system.setFlowLimit(flow_words);
    stream.pause_while([this] {
      return network.getCurrentQueueCount() > crowded_count || network.getCurrentQueueSize() > crowded_bytes;
    });
  }
  paced_stream stream;
  capnp::TwoPartyVatNetwork network;
  books_ptr books;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> system;
};

void notice_dead_peers(kj::AsyncIoStream& stream) {
  int on = 1;
  unsigned ms = dead_peer_ms;
  stream.setsockopt(SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  stream.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
  stream.setsockopt(IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

} // namespace

struct server::impl : private kj::TaskSet::ErrorHandler {
  impl(caf::actor_system& s, server_options o, services n) : system{s}, options{std::move(o)} {
    node.node = std::move(n);
  }

  caf::actor_system& system;
  server_options options;
  core node;
  std::promise<status> ready;
  pthread_t thread{};
  bool running = false;
  std::atomic<std::uint16_t> port{0};
  std::atomic<std::size_t> connections{0};
  kj::Own<kj::CrossThreadPromiseFulfiller<void>> stop;

  void run();
  void serve(kj::AsyncIoContext& io);
  kj::Promise<void> accept(kj::ConnectionReceiver& from, kj::Timer& timer, kj::TaskSet& tasks, bool local);
  kj::Promise<void> converse(kj::Own<kj::AsyncIoStream> raw, kj::Timer& timer, bool local);
  kj::Maybe<kj::Own<kj::TlsContext>> tls;
  void taskFailed(kj::Exception&& e) override { spdlog::debug("rpc: {}", e.getDescription().cStr()); }
};

kj::Promise<void> server::impl::accept(kj::ConnectionReceiver& from, kj::Timer& timer, kj::TaskSet& tasks, bool local) {
  auto take = [&, local](kj::Own<kj::AsyncIoStream> raw) -> kj::Promise<void> {
    if (connections < options.max_connections)
      tasks.add(kj::evalNow([&] { return converse(kj::mv(raw), timer, local); }));
    return kj::READY_NOW;
  };
  auto wait = [&timer](kj::Exception&&) -> kj::Promise<void> {
    return timer.afterDelay(accept_again);
  }; // descriptors are used up
  return from.accept().then(kj::mv(take), kj::mv(wait)).then([&, local] { return accept(from, timer, tasks, local); });
}

kj::Promise<void> server::impl::converse(kj::Own<kj::AsyncIoStream> raw, kj::Timer& timer, bool local) {
  ++connections;
  auto books = std::make_shared<connection_books>(connection_books{node, local});
  kj::Promise<kj::Own<kj::AsyncIoStream>> stream = kj::mv(raw);
  if (!local)
    stream = stream.then([this](kj::Own<kj::AsyncIoStream> tcp) -> kj::Promise<kj::Own<kj::AsyncIoStream>> {
      notice_dead_peers(*tcp);
      KJ_IF_MAYBE (context, tls)
        return (*context)->wrapServer(kj::mv(tcp));
      return kj::mv(tcp);
    });
  return stream
      .then([books, &timer](kj::Own<kj::AsyncIoStream> s) {
        auto held = kj::heap<connection>(kj::mv(s), books);
        auto late = timer.afterDelay(time_to_authenticate).then([books]() -> kj::Promise<void> {
          return books->authenticated ? kj::Promise<void>{kj::NEVER_DONE} : kj::READY_NOW;
        });
        auto over = held->network.onDisconnect().exclusiveJoin(kj::mv(late));
        return over.attach(kj::mv(held));
      })
      .attach(kj::defer([this] { --connections; }));
}

void server::impl::serve(kj::AsyncIoContext& io) {
  kj::Vector<kj::Own<kj::ConnectionReceiver>> listeners;
  auto& timer = io.provider->getTimer();
  auto open = [&]() -> status {
    if (!options.certificate.empty()) {
      WEIR_TRY(tls, make_tls(options, timer));
    }
    if (!options.socket.empty()) {
      WEIR_TRY(auto local, listen_unix(io, options.socket));
      listeners.add(kj::mv(local));
    }
    if (!options.host.empty()) {
      WEIR_TRY(auto tcp, listen_tcp(io, options.host, options.port));
      port = static_cast<std::uint16_t>(tcp->getPort());
      listeners.add(kj::mv(tcp));
    }
    return {};
  };
  auto opened = open();
  if (!opened) {
    ready.set_value(opened);
    return;
  }
  waker bell;
  loop::loop_unit unit{system, [&] { bell.wake(); }};
  node.unit = &unit;
  node.timer = &timer;
  auto gate_handle = node.spawn(gate);
  node.gate = static_cast<caf::event_based_actor*>(caf::actor_cast<caf::abstract_actor*>(gate_handle));
  auto ear = node.spawn(token_ear, &node);
  std::function<kj::Promise<void>()> pump = [&]() -> kj::Promise<void> {
    unit.drain();
    return bell.next().then([&] { return pump(); });
  };
  auto pumping = pump().eagerlyEvaluate([](kj::Exception&& e) { spdlog::error("rpc: {}", e.getDescription().cStr()); });
  auto pair = kj::newPromiseAndCrossThreadFulfiller<void>();
  stop = kj::mv(pair.fulfiller);
  {
    kj::TaskSet tasks{*this};
    for (auto& l : listeners)
      tasks.add(accept(*l, timer, tasks, !options.socket.empty() && l.get() == listeners[0].get()));
    ready.set_value({});
    pair.promise.wait(io.waitScope);
  }
  listeners.clear();
  node.close();
  caf::anon_send_exit(gate_handle, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(ear, caf::exit_reason::user_shutdown);
  gate_handle = {};
  ear = log_listener{};
  while (node.alive > 0)
    timer.afterDelay(1 * kj::MILLISECONDS).wait(io.waitScope); // the pump runs meanwhile
  pumping = nullptr;
  unit.drain();
}

void server::impl::run() {
  pthread_setname_np(pthread_self(), "rpc");
  auto problem = kj::runCatchingExceptions([&] {
    auto io = kj::setupAsyncIo();
    io.waitScope.setBusyPollInterval(64);
    serve(io);
  });
  KJ_IF_MAYBE (e, problem)
    spdlog::error("rpc: the thread ended: {}", e->getDescription().cStr());
}

server::server(std::unique_ptr<impl> i) : impl_{std::move(i)} {}

server::~server() {
  stop();
}

result<std::unique_ptr<server>> server::start(caf::actor_system& system, server_options options, services node) {
  std::unique_ptr<server> out{new server{std::make_unique<impl>(system, std::move(options), std::move(node))}};
  auto& i = *out->impl_;
  auto ready = i.ready.get_future();
  pthread_attr_t how;
  pthread_attr_init(&how);
  pthread_attr_setstacksize(&how, stack_size);
  auto body = [](void* self) -> void* {
    static_cast<impl*>(self)->run();
    return nullptr;
  };
  int made = pthread_create(&i.thread, &how, body, &i);
  pthread_attr_destroy(&how);
  if (made != 0)
    return fail(errc::io, "The RPC thread cannot be started.");
  i.running = true;
  auto opened = ready.get();
  if (!opened)
    return opened.error();
  return out;
}

std::uint16_t server::port() const {
  return impl_->port;
}

std::size_t server::connections() const {
  return impl_->connections;
}

void server::stop() {
  auto& i = *impl_;
  if (!std::exchange(i.running, false))
    return;
  if (i.stop.get() != nullptr)
    i.stop->fulfill();
  pthread_join(i.thread, nullptr);
  if (!i.options.socket.empty())
    ::unlink(i.options.socket.c_str());
}

} // namespace weir::rpc
