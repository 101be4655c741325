#pragma once
// The parts of a running devnet, and what can be done to it. All of it lives
// on the devnet's loop thread; providers have their own threads behind it.
#include "adapters/devnet/genesis.hpp"
#include "adapters/devnet/provider/provider.hpp"
#include "adapters/devnet/rpc/rpc_server.hpp"
#include "adapters/http/server.hpp"

#include <future>

namespace weir::devnet {

/// A provider that somebody else runs.
struct foreign_provider {
  address wanted;  ///< f0, or empty
  address worker;  ///< a key address
  bytes multiaddr; ///< binary; empty: the provider will say itself
  bytes peer_id;
};

struct core {
  template <class T>
  using done = std::function<void(result<T>)>;

  explicit core(options o);
  core(const core&) = delete;
  core& operator=(const core&) = delete;

  // any thread
  status start();
  void stop();

  // loop thread
  void add_control(http::router& routes); // control.cpp
  /// Signs a message of the master's, sends it and makes an epoch.
  void send(filecoin::message m, done<receipt> answer);
  void fund(const address& to, const token_amount& amount, done<receipt> answer);
  /// `bytes` more of DataCap.
  void grant_datacap(const address& to, std::uint64_t bytes, done<receipt> answer);
  void slash(std::uint64_t deal, done<receipt> answer);
  void join(foreign_provider who, done<address> answer);
  status reorg(std::size_t depth, reverted_messages what);
  void set_outage(bool on, std::uint64_t seconds = 0);
  void set_in_sync(bool on, std::uint64_t seconds = 0);
  void wake_providers();
  provider* find_provider(const address& id);

  options opts;
  population people;
  loop::uv_loop loop{"devnet"};
  std::unique_ptr<http::client> client;
  job_thread hasher{"devnet-commp"};
  std::unique_ptr<chain_node> node;
  std::unique_ptr<rpc::rpc_server> rpc;
  std::unique_ptr<chain_clock> clock;
  std::unique_ptr<http::server> server;
  std::vector<std::unique_ptr<provider>> providers;
  std::unique_ptr<loop::timer> outage_timer, sync_timer;
  std::string url;
  bool started = false;
  bool announced = false; ///< all providers' addresses are on chain

private:
  status listen();
  status start_providers();
  status announce();
  clock_hooks hooks();
  filecoin::message master_message(const address& to, const token_amount& value);
};

/// Waits, on another thread, for what `f` hands to its argument on the loop.
template <class T, class F>
result<T> wait_on(loop::uv_loop& loop, F f) {
  auto promise = std::make_shared<std::promise<result<T>>>();
  auto future = promise->get_future();
  if (!loop.post([promise, f] { f(core::done<T>{[promise](result<T> r) { promise->set_value(std::move(r)); }}); }))
    return fail(errc::shutting_down, "the devnet has stopped");
  return future.get();
}

} // namespace weir::devnet
