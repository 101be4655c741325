#include "node/runtime/front.hpp"

#include "actors/records/watch_hub.hpp"
#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "adapters/loop/hosted.hpp"
#include "node/api/devnet_door.hpp"
#include "node/api/doors.hpp"
#include "node/api/ffs_door.hpp"
#include "node/api/idempotency.hpp"
#include "node/api/server.hpp"
#include "node/api/tally.hpp"
#include "node/api/watch.hpp"
#include "node/runtime/chain_ear.hpp"
#include "node/runtime/process_figures.hpp"
#include "node/runtime/wall_clock.hpp"
#include "storage/blocks/block_store.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

namespace weir {

namespace {

/// Sends a handler's requests; hears nothing but the end.
caf::behavior gate(caf::event_based_actor* self) {
  self->set_default_handler(caf::drop);
  return {[](atom::wake) {}};
}

/// A listener whose real handler comes later.
struct door {
  std::shared_ptr<http::handler> handler = std::make_shared<http::handler>([](const http::exchange_ptr& x) {
    x->respond(http::response::problem(fail(errc::overloaded, "The node is starting; try again in a moment."), 503));
  });
  std::unique_ptr<http::server> server;
  http::bound_address where;

  std::string url() const {
    auto at = where;
    if (at.host == "0.0.0.0")
      at.host = "127.0.0.1";
    if (at.host == "::")
      at.host = "::1";
    return "http://" + at.text();
  }
};

constexpr loop::milliseconds drain_time{400};
constexpr loop::milliseconds ask_again{5'000};

} // namespace

struct front::impl {
  impl(caf::actor_system& s, parts_list p) : system{s}, parts{std::move(p)} {}

  caf::actor_system& system;
  parts_list parts;
  loop::uv_loop loop{"http"};
  std::unique_ptr<loop::host> host;
  std::unique_ptr<http::client> client;
  std::unique_ptr<loop::timer> hour;
  std::unique_ptr<loop::timer> question; ///< to a chain that has not answered yet
  std::map<std::string, door> doors;
  api::services node;
  caf::actor gate_handle;
  tree domain;
  std::shared_ptr<chain_ear> ear = std::make_shared<chain_ear>();
  std::int64_t genesis = mainnet_genesis;
  std::string network = "none";

  status bind(const std::string& name, const listener_memory::place& at);
  result<http::bound_address> listen(door& d, const std::string& name, const std::string& host, std::uint16_t port);
  api::node_figures figures();
  void furnish(const node_options& options);
  void let_in(const std::string& name, http::handler h);
};

result<http::bound_address> front::impl::listen(door& d, const std::string& name, const std::string& host,
                                                std::uint16_t port) {
  http::server_options o;
  o.host = host;
  o.port = port;
  o.name = name;
  o.drain_timeout = drain_time;
  auto current = d.handler;
  d.server = std::make_unique<http::server>(loop, std::move(o), [current](http::exchange_ptr x) { (*current)(x); });
  return d.server->listen();
}

status front::impl::bind(const std::string& name, const listener_memory::place& at) {
  auto& d = doors[name];
  auto bound = listen(d, name, at.host, at.port);
  if (!bound && at.any && at.port != 0)
    bound = listen(d, name, at.host, 0);
  if (!bound)
    return bound.error();
  d.where = *bound;
  return {};
}

front::front(std::unique_ptr<impl> i) : impl_{std::move(i)} {}

front::~front() {
  close_doors();
  stop();
}

result<std::unique_ptr<front>> front::bind(caf::actor_system& system, const node_options& options,
                                           const listener_memory& memory, parts_list parts) {
  std::unique_ptr<front> out{new front{std::make_unique<impl>(system, std::move(parts))}};
  auto& i = *out->impl_;
  i.loop.start();
  i.host = std::make_unique<loop::host>(system, i.loop);
  i.client = std::make_unique<http::client>(i.loop);
  WEIR_CHECK(i.bind("api", memory.place_of("api", options.api)));
  WEIR_CHECK(i.bind("gateway", memory.place_of("gateway", options.gateway)));
  WEIR_CHECK(i.bind("pieces", memory.place_of("pieces", options.pieces)));
  i.furnish(options);
  return out;
}

void front::impl::furnish(const node_options& options) {
  gate_handle = host->spawn(gate);
  node.options = options;
  node.rules.loopback = is_loopback(options.api);
  node.self = static_cast<caf::event_based_actor*>(caf::actor_cast<caf::abstract_actor*>(gate_handle));
  node.commits.store = parts.store;
  node.commits.records = parts.records;
  node.commits.timer = parts.timer;
  node.clock = wall_clock;
  node.uuid = make_uuid;
  node.started = wall_clock();
  node.figures = [this] { return figures(); };
  node.tally = std::make_shared<api::tally>();
  node.uses = parts.uses;
}

api::node_figures front::impl::figures() {
  api::node_figures f;
  f.network = network;
  f.genesis_time = genesis;
  f.now = domain.clock ? domain.clock->now() : no_epoch;
  f.finalized = domain.clock ? domain.clock->finalized() : no_epoch;
  f.chain_connected = ear->connected();
  f.chain_problem =
      network == "none" ? fail(errc::no_network, std::string{info(errc::no_network).title}) : ear->problem();
  f.chain_lag = f.now == no_epoch || f.finalized == no_epoch ? 0 : f.now - f.finalized;
  f.blocks = node.tally->local_blocks();
  f.block_bytes = parts.blocks->own_bytes(); // the others are in the pieces
  f.piece_bytes = node.tally->local_piece_bytes();
  f.free_bytes = free_bytes(parts.data);
  f.rss = resident_bytes();
  f.queues.push_back({"uploads", node.uploads.size(), content_options{}.uploads});
  f.queues.push_back({"watchers", node.watches ? node.watches->watchers() : 0, 10'000});
  f.queues.push_back({"event watches", parts.watches->events.load(), watch_hub_options{}.max_watches});
  f.queues.push_back({"state watches", parts.watches->states.load(), watch_hub_options{}.max_watches});
  f.queues.push_back({"idempotent writes", node.busy_keys.size(), 4096});
  return f;
}

void front::impl::let_in(const std::string& name, http::handler h) {
  loop.run([&] { *doors[name].handler = std::move(h); });
}

status front::open_doors(const tree& domain, std::shared_ptr<ffs::desk> desk, const chain_actor& chain,
                         const std::string& control) {
  auto& i = *impl_;
  WEIR_CHECK(i.node.tally->load_with_flow(*i.parts.records, wall_clock()));
  i.loop.run([&] {
    i.domain = domain;
    i.node.contents = domain.content;
    i.node.retriever = domain.retriever;
    i.node.buckets = domain.bucket_creator;
    i.node.wallet = domain.wallet;
    i.node.prover = domain.piece_prover;
    i.node.keeper = domain.keeper;
    i.node.watches = std::make_shared<api::watch_service>(i.node, i.parts.hub, *i.host, i.loop);
    i.node.watches->follow_tally();
    if (domain.ffs)
      i.node.ffs = std::make_shared<api::ffs_door>(*i.host, i.loop, i.parts.hub);
    i.node.desk = desk;
    if (!control.empty())
      i.node.devnet = std::make_shared<api::devnet_door>(*i.client, control);
    if (chain)
      listen_to_chain(*i.host, i.ear, chain);
    api::forget_old_answers(i.node);
  });
  const auto& options = i.node.options;
  i.let_in("api", api::api_handler(i.node));
  i.let_in("gateway", api::gateway_handler(i.node, {is_loopback(options.gateway)}));
  i.let_in("pieces", api::pieces_handler(i.node, domain.piece_host));
  return {};
}

void front::know_chain(const chain_info& info) {
  impl_->loop.run([this, &info] {
    impl_->network = info.network;
    impl_->genesis = info.genesis_time;
  });
}

void front::ask_chain(const chain_actor& chain, std::function<void(const chain_info&)> known) {
  auto* i = impl_.get();
  i->loop.run([&] {
    i->question = std::make_unique<loop::timer>(i->loop);
    auto ask = [i, chain, known] {
      i->node.self->request(chain, ask_again, chain::get_info{})
          .then(
              [i, known](const chain_info& info) {
                if (auto first = std::exchange(i->question, nullptr))
                  known(info);
              },
              [](const caf::error&) {});
    };
    i->question->start(loop::milliseconds{0}, ask, ask_again);
  });
}

void front::hourly(std::function<void()> what) {
  impl_->loop.run([&] {
    impl_->hour = std::make_unique<loop::timer>(impl_->loop);
    impl_->hour->start(loop::milliseconds{0}, std::move(what), loop::milliseconds{3'600'000});
  });
}

void front::close_doors() {
  auto& i = *impl_;
  i.loop.run([&i] {
    if (i.node.watches)
      i.node.watches->end_all();
  });
  for (auto& [name, d] : i.doors)
    if (d.server)
      d.server->stop();
}

void front::stop() {
  auto& i = *impl_;
  if (!i.host)
    return;
  i.loop.run([&i] {
    i.hour.reset();
    i.question.reset();
    i.node.contents = content_actor{};
    i.node.retriever = retriever_actor{};
    i.node.buckets = bucket_creator_actor{};
    i.node.wallet = wallet_actor{};
    i.node.prover = piece_prover_actor{};
    i.node.keeper = keeper_actor{};
    i.node.devnet.reset();
    i.node.ffs.reset();
    i.node.desk.reset();
    i.domain = tree{};
  });
  i.client->stop();
  i.gate_handle = {};
  i.host->shutdown();
  i.loop.run([&i] { i.node.watches.reset(); });
  i.doors.clear();
  i.loop.stop();
  i.host.reset();
}

std::map<std::string, std::string> front::urls() const {
  std::map<std::string, std::string> out;
  for (const auto& [name, d] : impl_->doors)
    out[name] = d.url();
  return out;
}

std::map<std::string, std::uint16_t> front::ports() const {
  std::map<std::string, std::uint16_t> out;
  for (const auto& [name, d] : impl_->doors)
    out[name] = d.where.port;
  return out;
}

} // namespace weir
