#include "node/runtime/runtime.hpp"

#include "actors/records/record_store.hpp"
#include "actors/records/watch_hub.hpp"
#include "actors/support/scheduler.hpp"
#include "actors/tree.hpp"
#include "adapters/loop/uv_loop.hpp"
#include "node/config/schedulers.hpp"
#include "node/ffs/desk.hpp"
#include "node/runtime/ask.hpp"
#include "node/runtime/first_start.hpp"
#include "node/runtime/front.hpp"
#include "node/runtime/hot_layers.hpp"
#include "node/runtime/network.hpp"
#include "node/runtime/remote.hpp"
#include "node/runtime/tree_settings.hpp"
#include "node/runtime/wall_clock.hpp"
#include "node/runtime/wall_ticks.hpp"
#include "node/version.hpp"
#include "storage/blocks/block_store.hpp"
#include "storage/support/data_folder.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/logger.hpp>
#include <caf/send.hpp>
#include <csignal>
#include <optional>
#include <spdlog/spdlog.h>
#include <thread>
#include <unistd.h>

namespace weir {

namespace {

constexpr std::chrono::milliseconds chain_wait{5'000};
constexpr std::string_view devnet_networks = "weir-devnet"; // their names begin so
constexpr std::chrono::milliseconds domain_end{1'000};
constexpr std::chrono::milliseconds store_end{500};

struct config : caf::actor_system_config {
  config() {
    add_domain_types(*this);
    use_scheduler(*this);
  }
};

} // namespace

struct runtime::impl {
  explicit impl(node_options o, data_folder f) : options{std::move(o)}, folder{std::move(f)} {}

  node_options options;
  data_folder folder;
  std::shared_ptr<records::record_store> records;
  std::shared_ptr<block_store> blocks;
  std::shared_ptr<filecoin::keystore> keys;
  config settings;
  std::unique_ptr<caf::actor_system> system;
  watch_hub_actor hub;
  std::shared_ptr<const watch_counts> watches;
  record_store_actor store;
  timer_actor timer; ///< of what the faces wait for
  std::shared_ptr<ffs::desk> desk;
  std::shared_ptr<api::token_uses> uses; ///< of both APIs
  std::unique_ptr<network> net;
  std::unique_ptr<hot_layers> layers;
  std::unique_ptr<front> doors;
  std::unique_ptr<remote> programs; ///< the remote API
  std::unique_ptr<wall_ticks> ticks;
  tree domain;
  std::optional<chain_info> chain; ///< once it has answered
  std::string admin_token;
  bool running = false;

  status open_storage();
  status open_network();
  status know(const chain_info& info);
  void tell_chain(const chain_info& info);
  void ask_chain_later();
  status bind();
  void grow();
  status open_remote();
  status prepare_wallet();
  void say(event_kind what);
  std::map<std::string, std::string> addresses() const;
};

status runtime::impl::open_storage() {
  WEIR_TRY(auto opened, records::record_store::open(folder.records()));
  records = std::move(opened);
  uses = std::make_shared<api::token_uses>(records);
  WEIR_TRY(auto store,
           block_store::open(folder.blocks(), {.small_block = static_cast<std::size_t>(options.small_block)}));
  blocks = std::move(store);
  WEIR_TRY(auto secret, wallet_secret(options.wallet_key_file));
  WEIR_TRY(auto ring, filecoin::keystore::open(folder.keys(), secret));
  keys = std::make_shared<filecoin::keystore>(std::move(ring));
  blocks->on_damage(
      [](const cid& id, const std::string&) { spdlog::error("block {} is damaged; it was moved aside", id.text()); });
  return {};
}

/// A folder belongs to one network for ever; a chain that does not answer yet is asked later.
status runtime::impl::open_network() {
  WEIR_TRY(net, network::open(*system, options, folder.root()));
  if (!net->exists())
    return {};
  auto info = net->info(chain_wait);
  if (info)
    return know(*info);
  spdlog::warn("the chain does not answer yet: {}", to_string(info.error()));
  return {};
}

status runtime::impl::know(const chain_info& info) {
  WEIR_CHECK(folder.belong_to(info.network));
  net->follows_wall_clock(!info.network.starts_with(devnet_networks));
  chain = info;
  return {};
}

void runtime::impl::tell_chain(const chain_info& info) {
  doors->know_chain(info);
  programs->know_network(info.network);
}

/// A chain that was down at the start says later whose it is.
void runtime::impl::ask_chain_later() {
  doors->ask_chain(net->chain, [this](const chain_info& info) {
    auto right = know(info);
    if (right)
      return tell_chain(info);
    spdlog::critical("{}", to_string(right.error()));
    ::kill(::getpid(), SIGTERM);
  });
}

status runtime::impl::bind() {
  listener_memory memory{folder.root()};
  WEIR_TRY(doors,
           front::bind(*system, options, memory, {records, store, hub, watches, timer, blocks, uses, folder.root()}));
  return {};
}

status runtime::impl::open_remote() {
  listener_memory memory{folder.root()};
  WEIR_TRY(programs, remote::start(*system, options, memory, folder.root(), records, hub, domain, desk, uses));
  auto ports = doors->ports();
  ports["capnp"] = programs->port();
  return memory.remember(ports);
}

void runtime::impl::grow() {
  auto base = options.public_url.empty() ? doors->urls().at("pieces") : options.public_url;
  tree_parts parts;
  parts.records = records;
  parts.store = store;
  parts.hub = hub;
  parts.blocks = blocks;
  parts.keys = keys;
  parts.pieces = folder.pieces();
  parts.piece_url = [base](const cid& piece) { return base + "/piece/" + piece.text(); };
  parts.chain = net->chain;
  parts.carrier = net->carrier;
  parts.fetcher = net->fetcher;
  parts.poster = net->poster;
  parts.hot_layers = layers->all();
  outside_world world{wall_clock, make_uuid, fill_random};
  parts.world = world;
  auto settings_of_tree = tree_settings(options);
  auto rules = settings_of_tree.ffs.limits;
  domain = spawn_tree(*system, std::move(parts), std::move(settings_of_tree));
  ffs::desk_parts at_desk{
      {store, records, timer}, domain.content, domain.wallet, domain.ffs, rules, world, domain.clock};
  at_desk.webhooks = domain.webhooks;
  at_desk.schedulers = schedulers_of(options.schedulers, options.hot_layer);
  at_desk.last_use = [uses = uses](const std::string& hash) { return uses->last(hash); };
  desk = std::make_shared<ffs::desk>(std::move(at_desk));
  layers->read_from(domain.retriever);
}

status runtime::impl::prepare_wallet() {
  if (!options.devnet || !domain.wallet)
    return {};
  WEIR_TRY(auto who, default_wallet(*system, domain.wallet));
  return net->fund(who);
}

void runtime::impl::say(event_kind what) {
  transaction t;
  t.events.push_back({what, "node", {}, {{"version", std::string{version()}}}});
  (void)ask_and_wait<committed_ptr>(*system, store_end, store, atom::commit_v, std::move(t));
}

std::map<std::string, std::string> runtime::impl::addresses() const {
  auto out = doors->urls();
  out.merge(programs->addresses());
  if (auto control = net->control_url(); !control.empty()) {
    out["devnet"] = control;
    out["rpc"] = net->rpc_url();
  }
  return out;
}

runtime::runtime(std::unique_ptr<impl> i) : impl_{std::move(i)} {}

runtime::~runtime() {
  stop();
}

result<std::unique_ptr<runtime>> runtime::start(node_options options) {
  WEIR_CHECK(check_options(options));
  WEIR_TRY(auto folder, data_folder::open(options.data));
  std::unique_ptr<runtime> out{new runtime{std::make_unique<impl>(std::move(options), std::move(folder))}};
  auto& i = *out->impl_;
  remove_addresses(i.folder.root());
  WEIR_CHECK(i.open_storage());
  i.system = std::make_unique<caf::actor_system>(i.settings);
  i.running = true;
  watch_hub_options watching;
  i.watches = watching.counts;
  i.hub = i.system->spawn(watch_hub, std::shared_ptr<const records::record_store>{i.records}, std::move(watching));
  i.store = i.system->spawn(record_store, i.records, i.system->spawn<caf::detached>(record_writer, i.records), i.hub,
                            std::function<unix_ms()>{wall_clock}, record_store_options{});
  i.timer = spawn_timer(*i.system);
  WEIR_CHECK(i.bind());
  WEIR_CHECK(i.open_network());
  WEIR_TRY(i.layers, hot_layers::open(*i.system, i.options.hot_layers, i.records));
  i.grow();
  if (!i.net->exists())
    i.ticks = std::make_unique<wall_ticks>(i.domain.ticker);
  bool outside = !is_loopback(i.options.api) || !is_loopback(i.options.gateway);
  if (outside) {
    WEIR_TRY(i.admin_token, make_admin_token(*i.system, i.store, *i.records, i.folder.root()));
  }
  WEIR_CHECK(i.prepare_wallet());
  WEIR_CHECK(i.doors->open_doors(i.domain, i.desk, i.net->chain, i.net->control_url()));
  WEIR_CHECK(i.open_remote());
  if (i.chain)
    i.tell_chain(*i.chain);
  else if (i.net->exists())
    i.ask_chain_later();
  if (auto kept = i.options.journal_epochs * epoch_seconds * 1000; kept > 0)
    i.doors->hourly([store = i.store, kept] { caf::anon_send(store, fold_log{unix_ms{wall_clock().value - kept}}); });
  i.say(event_kind::node_started);
  WEIR_CHECK(write_addresses(i.folder.root(), i.addresses()));
  // CAF keeps its logger for the thread that made the system, and the system's end waits for
  // the logger's: without this a node could be stopped only by the thread that started it.
  caf::logger::set_current_actor_system(nullptr);
  return out;
}

void runtime::stop() {
  auto& i = *impl_;
  if (!i.running)
    return;
  i.running = false;
  remove_addresses(i.folder.root());
  i.ticks.reset();
  if (i.programs)
    i.programs->stop();
  if (i.doors)
    i.doors->close_doors();
  if (i.domain.supervisor) {
    weir::stop(i.domain);
    if (!end_and_wait(*i.system, i.domain.supervisor, domain_end))
      spdlog::warn("some actors did not end in time; what they did is resumed at the next start");
  }
  if (i.doors)
    i.say(event_kind::node_stopped);
  i.domain = tree{};
  if (i.doors)
    i.doors->stop();
  if (i.layers)
    i.layers->stop();
  if (i.net)
    i.net->stop();
  end_and_wait(*i.system, caf::actor_cast<caf::actor>(i.store), store_end);
  end_and_wait(*i.system, caf::actor_cast<caf::actor>(i.hub), store_end);
  caf::anon_send_exit(i.timer, caf::exit_reason::user_shutdown);
  i.desk.reset();
  i.timer = timer_actor{};
  i.store = record_store_actor{};
  i.hub = watch_hub_actor{};
  i.programs.reset();
  i.doors.reset();
  i.layers.reset();
  i.net.reset();
  i.system.reset();
}

std::map<std::string, std::string> runtime::addresses() const {
  return impl_->addresses();
}

std::string runtime::admin_token_file() const {
  return impl_->admin_token;
}

} // namespace weir
