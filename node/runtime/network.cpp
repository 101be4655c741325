#include "node/runtime/network.hpp"

#include "adapters/chain/lotus_chain.hpp"
#include "adapters/chain/rpc_client.hpp"
#include "adapters/deals/mk12_http.hpp"
#include "adapters/devnet/devnet.hpp"
#include "adapters/retrieval/fetcher.hpp"
#include "adapters/webhooks/poster.hpp"
#include "node/runtime/ask.hpp"
#include "node/runtime/wall_clock.hpp"

#include <atomic>

namespace weir {

namespace {

constexpr std::uint64_t least_balance = 10; // FIL
constexpr std::uint64_t devnet_gift = 1000; // FIL
constexpr std::chrono::seconds balance_time{20};
constexpr std::chrono::seconds devnet_answer{5}, devnet_propose{10};

token_amount whole_fil(std::uint64_t n) {
  return token_amount{n} * token_amount{1'000'000'000'000'000'000ull};
}

} // namespace

struct network::parts {
  explicit parts(caf::actor_system& s) : system{s} {}
  caf::actor_system& system;
  std::unique_ptr<devnet::devnet> net;
  std::string rpc;
  std::shared_ptr<std::atomic<bool>> follows_wall = std::make_shared<std::atomic<bool>>(false);
  loop::uv_loop loop{"net"};
  std::unique_ptr<loop::host> host;
  std::unique_ptr<http::client> client;
  std::unique_ptr<http::client> strangers; ///< for URLs that tenants gave

  void open(bool private_webhooks) {
    loop.start();
    host = std::make_unique<loop::host>(system, loop);
    client = std::make_unique<http::client>(loop);
    strangers = std::make_unique<http::client>(loop, http::client_options{.public_only = !private_webhooks});
  }
};

network::network(std::unique_ptr<parts> p) : parts_{std::move(p)} {}

result<std::unique_ptr<network>> network::open(caf::actor_system& system, const node_options& options,
                                               const std::filesystem::path& data) {
  std::unique_ptr<network> out{new network{std::make_unique<parts>(system)}};
  auto& p = *out->parts_;
  p.open(options.private_webhooks);
  out->poster = webhooks::spawn_poster(*p.host, *p.strangers, {.wall = wall_clock});
  if (!options.devnet && options.chain.empty())
    return out;
  lotus::chain_options chain;
  if (options.devnet) {
    devnet::options wish;
    wish.folder = data / "devnet";
    wish.seed = options.devnet_seed;
    wish.limits = options.devnet_profile == "real" ? devnet::profile::real : devnet::profile::small;
    WEIR_TRY(p.net, devnet::devnet::start(std::move(wish)));
    chain.url = p.net->rpc_url();
  } else {
    chain.url = options.chain;
    if (!options.chain_token_file.empty()) {
      WEIR_TRY(chain.token, lotus::read_token_file(options.chain_token_file));
    }
    // Until it is known whose clock it goes by, no chain lags.
    chain.wall_clock = [follows = p.follows_wall] { return *follows ? wall_clock().value / 1000 : std::int64_t{0}; };
  }
  p.rpc = chain.url;
  WEIR_TRY(out->chain, lotus::spawn_lotus_chain(*p.host, p.loop, *p.client, std::move(chain)));
  deals::mk12_options carrying;
  if (options.devnet) { // its providers answer at once, or not at all
    carrying.ask_timeout = carrying.status_timeout = devnet_answer;
    carrying.propose_timeout = devnet_propose;
  }
  out->carrier = deals::spawn_mk12_http(*p.host, *p.client, carrying);
  out->fetcher = retrieval::spawn_fetcher(*p.host, p.loop, *p.client);
  return out;
}

network::~network() {
  stop();
}

void network::stop() {
  chain = chain_actor{};
  carrier = deal_carrier_actor{};
  fetcher = fetcher_actor{};
  poster = ffs::webhook_poster_actor{};
  if (parts_->client)
    parts_->client->stop();
  if (parts_->strangers)
    parts_->strangers->stop();
  if (parts_->host)
    parts_->host->shutdown();
  if (parts_->net)
    parts_->net->stop();
  parts_->loop.stop();
}

result<chain_info> network::info(std::chrono::milliseconds time) const {
  return ask_and_wait<chain_info>(parts_->system, time, chain, chain::get_info{});
}

void network::follows_wall_clock(bool does) {
  *parts_->follows_wall = does;
}

status network::fund(const address& who) const {
  if (!parts_->net)
    return {};
  auto balance = ask_and_wait<token_amount>(parts_->system, balance_time, chain, chain::get_balance{who});
  if (balance && *balance >= whole_fil(least_balance))
    return {};
  return parts_->net->faucet(who, whole_fil(devnet_gift));
}

std::string network::rpc_url() const {
  return parts_->rpc;
}

std::string network::control_url() const {
  return parts_->net ? parts_->net->control_url() : std::string{};
}

} // namespace weir
