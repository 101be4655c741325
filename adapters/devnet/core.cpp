#include "adapters/devnet/core.hpp"

#include "adapters/devnet/chain/miner_params.hpp"
#include "adapters/devnet/chain/registry.hpp"
#include "adapters/http/guard.hpp"
#include "storage/filecoin/market.hpp"

#include <algorithm>
#include <charconv>
#include <spdlog/spdlog.h>

namespace weir::devnet {

namespace {

constexpr int announce_rounds = 10;
constexpr loop::milliseconds quiet_time{15};
const token_amount one_fil{1'000'000'000'000'000'000};

error failed_message(const receipt& r) {
  return fail(errc::chain_error, "the chain refused the message", "exit code " + std::to_string(r.exit_code));
}

} // namespace

core::core(options o) : opts{std::move(o)}, people{populate(opts)} {}

status core::start() {
  if (opts.providers > 64)
    return fail(errc::invalid_argument, "too many providers", std::to_string(opts.providers), "64");
  WEIR_CHECK(make_folder(opts.folder));
  WEIR_TRY(auto chain, durable_chain::open(opts.folder, people.params));
  node = std::make_unique<chain_node>(std::move(chain));
  loop.start();
  client = std::make_unique<http::client>(loop);
  started = true;
  hasher.start();
  loop.run([this] {
    rpc = std::make_unique<rpc::rpc_server>(loop, rpc::context{*node, people.master}, opts.token);
    clock = std::make_unique<chain_clock>(loop, *node, opts.clock, hooks());
    node->on_push([this] { clock->poke(); });
  });
  WEIR_CHECK(listen());
  WEIR_CHECK(start_providers());
  loop.run([this] { clock->start(); });
  return announce();
}

status core::listen() {
  http::router routes;
  rpc->add_routes(routes);
  add_control(routes);
  auto port_file = opts.folder / "port";
  std::uint16_t remembered = 0;
  if (auto text = read_small_file(port_file); text && opts.port == 0)
    std::from_chars(text->data(), text->data() + text->size(), remembered);
  auto bind = [&](std::uint16_t port) {
    http::server_options o;
    o.port = port;
    o.name = "devnet";
    o.drain_timeout = loop::milliseconds{300};
    server = std::make_unique<http::server>(loop, o, http::guarded({}, routes.handler()));
    return server->listen();
  };
  auto bound = bind(opts.port != 0 ? opts.port : remembered);
  if (!bound && remembered != 0)
    bound = bind(0);
  if (!bound)
    return bound.error();
  url = "http://" + bound->text();
  return write_file_durably(port_file, as_bytes(std::to_string(bound->port)));
}

status core::start_providers() {
  for (auto& s : people.providers) {
    provider_options o;
    o.id = s.id;
    o.name = s.name;
    o.country = s.country;
    o.folder = opts.folder / s.name;
    o.rpc_url = url + "/rpc/v1";
    o.rpc_token = opts.token;
    o.defaults = s.defaults;
    o.rules = {s.id, people.params.min_duration, people.params.max_duration};
    o.seal_epochs = opts.seal_epochs;
    o.on_activity = [this] { loop.wake([this] { clock->poke(); }); };
    providers.push_back(std::make_unique<provider>(loop, *client, hasher, std::move(s.key), std::move(o)));
    WEIR_CHECK(providers.back()->start());
  }
  return {};
}

/// Every provider's address is on chain before anybody looks.
status core::announce() {
  for (int round = 0; round < announce_rounds; ++round) {
    auto settled = wait_on<epoch>(loop, [&](auto answer) { clock->advance(round == 0 ? 0 : 1, answer); });
    if (!settled)
      return settled.error();
    bool all = true;
    for (auto& p : providers)
      all = all && p->announced();
    if (all) {
      loop.run([this] { announced = true; });
      return {};
    }
  }
  return fail(errc::timeout, "the devnet's providers do not get their addresses on chain");
}

void core::stop() {
  if (!started)
    return;
  started = false;
  loop.run([this] {
    outage_timer.reset();
    sync_timer.reset();
    clock->stop();
    rpc->close_sockets();
  });
  client->stop();
  hasher.stop();
  for (auto& p : providers)
    p->stop();
  if (server)
    server->stop();
  loop.run([this] {
    server.reset();
    clock.reset();
    rpc.reset();
  });
  client.reset();
  loop.stop();
}

clock_hooks core::hooks() {
  clock_hooks h;
  h.wake_providers = [this] { wake_providers(); };
  auto any = [this](auto&& has) {
    return std::any_of(providers.begin(), providers.end(), [&](auto& p) { return has(p->activity()); });
  };
  // At the start nobody waits for downloads: whom they come from may start after us.
  h.providers_working = [this, any] {
    return any([this](const provider_activity& a) { return announced ? a.working : a.thinking; });
  };
  h.providers_waiting = [any] { return any([](const provider_activity& a) { return a.waiting; }); };
  h.providers_due = [this] {
    epoch due = no_epoch;
    for (auto& p : providers)
      if (auto at = p->activity().due; at != no_epoch && (due == no_epoch || at < due))
        due = at;
    return due;
  };
  h.clients_quiet = [this] {
    return rpc->drained() && (rpc->subscribers() == 0 || loop.now() - rpc->last_call() >= quiet_time);
  };
  h.failed = [](const error& e) { spdlog::error("devnet: the chain stands still: {}", to_string(e)); };
  return h;
}

void core::wake_providers() {
  for (auto& p : providers)
    p->wake();
}

provider* core::find_provider(const address& id) {
  for (auto& p : providers)
    if (p->options().id == id)
      return p.get();
  return nullptr;
}

filecoin::message core::master_message(const address& to, const token_amount& value) {
  filecoin::message m;
  m.to = to;
  m.value = value;
  return m;
}

void core::send(filecoin::message m, done<receipt> answer) {
  m.from = people.master.address();
  m.nonce = node->chain().pool().next_nonce(node->chain().state(), m.from);
  m.gas_limit = gas_limit(m);
  m.gas_premium = token_amount{1000};
  m.gas_fee_cap = token_amount{people.params.base_fee * 2 + 1000};
  auto id = node->push(filecoin::sign(people.master, std::move(m)));
  if (!id)
    return answer(id.error());
  clock->advance(1, [this, id = *id, answer](result<epoch> made) {
    if (!made)
      return answer(made.error());
    auto found = node->chain().find(id);
    if (!found)
      return answer(fail(errc::chain_error, "the message has not landed"));
    if (found->message->outcome.exit_code != exit_code::ok)
      return answer(failed_message(found->message->outcome));
    answer(found->message->outcome);
  });
}

void core::fund(const address& to, const token_amount& amount, done<receipt> answer) {
  send(master_message(to, amount), std::move(answer));
}

void core::grant_datacap(const address& to, std::uint64_t bytes, done<receipt> answer) {
  auto m = master_message(address::from_id(actor::registry), {});
  m.method = method::add_verified_client;
  m.params = encode(verified_client{to, token_amount{bytes}});
  send(std::move(m), std::move(answer));
}

void core::slash(std::uint64_t deal, done<receipt> answer) {
  auto* d = node->chain().state().deals.find(deal);
  if (!d)
    return answer(fail(errc::not_found, "there is no such deal on the chain", std::to_string(deal)));
  auto m = master_message(address::from_id(d->provider), {});
  m.method = method::report_fault;
  m.params = encode_report_fault({deal});
  send(std::move(m), std::move(answer));
}

void core::join(foreign_provider who, done<address> answer) {
  create_miner_params p;
  p.owner = p.worker = who.worker;
  p.wanted = who.wanted;
  p.peer_id = who.peer_id;
  if (!who.multiaddr.empty())
    p.multiaddrs.push_back(who.multiaddr);
  auto m = master_message(address::from_id(actor::power), {});
  m.method = method::create_miner;
  m.params = encode(p);
  send(std::move(m), [this, worker = who.worker, answer](result<receipt> made) {
    if (!made)
      return answer(made.error());
    filecoin::cbor_reader in{made->returned};
    in.array(2);
    auto id = in.addr();
    // It needs gas for its messages and collateral for its deals.
    fund(worker, one_fil * token_amount{1000}, [this, id, answer](result<receipt> funded) {
      if (!funded)
        return answer(funded.error());
      auto m = master_message(address::from_id(actor::market), one_fil * token_amount{1000});
      m.method = filecoin::market::add_balance;
      m.params = filecoin::market::encode_add_balance(id);
      send(std::move(m), [id, answer](result<receipt> r) { r ? answer(id) : answer(r.error()); });
    });
  });
}

status core::reorg(std::size_t depth, reverted_messages what) {
  WEIR_CHECK(node->reorg(depth, what));
  wake_providers();
  clock->poke();
  return {};
}

void core::set_outage(bool on, std::uint64_t seconds) {
  rpc->set_outage(on);
  outage_timer.reset();
  if (on && seconds > 0) {
    outage_timer = std::make_unique<loop::timer>(loop);
    outage_timer->start(loop::milliseconds{seconds * 1000}, [this] { set_outage(false); });
  }
  if (!on)
    wake_providers();
}

void core::set_in_sync(bool on, std::uint64_t seconds) {
  node->set_in_sync(on);
  sync_timer.reset();
  if (!on && seconds > 0) {
    sync_timer = std::make_unique<loop::timer>(loop);
    sync_timer->start(loop::milliseconds{seconds * 1000}, [this] { set_in_sync(true); });
  }
}

} // namespace weir::devnet
