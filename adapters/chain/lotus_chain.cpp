#include "adapters/chain/lotus_chain.hpp"

#include "adapters/chain/head_feed.hpp"
#include "adapters/chain/lotus_calls.hpp"
#include "messages/actors/wallets.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace weir::lotus {

namespace {

std::string websocket_url(const chain_options& o) {
  if (!o.subscribe)
    return {};
  return (o.url.starts_with("https://") ? "wss" : "ws") + o.url.substr(o.url.find(':'));
}

/// What a chain is takes several calls, one after the other.
struct info_step {
  rpc_call (*call)();
  void (*read)(const json&, chain_info&);
};
constexpr info_step info_steps[] = {
    {network_name_call, [](const json& j, chain_info& i) { i.network = read_network_name(j); }},
    {network_version_call, [](const json& j, chain_info& i) { i.network_version = read_network_version(j); }},
    {version_call, [](const json& j, chain_info& i) { i.block_delay = read_block_delay(j); }},
    {[] { return call_of(chain::get_head{}); },
     [](const json& j, chain_info& i) {
       auto head = read_tipset(j);
       i.genesis_time = head.timestamp - head.height.value * i.block_delay;
     }},
};
struct info_walk {
  chain_info made;
  std::size_t next;
  caf::typed_response_promise<chain_info> promise;
};

using lotus_chain_impl = chain_actor::extend_with<datacap_chain_actor>;

struct chain_actor_state {
  static constexpr const char* name = "lotus_chain";
  using pointer = lotus_chain_impl::stateful_pointer<chain_actor_state>;

  explicit chain_actor_state(pointer owner) : self{owner} {}

  void open(loop::uv_loop& loop, http::client& client, const chain_options& o) {
    rpc_options calls{.url = o.url, .token = o.token, .read_timeout = o.call_timeout};
    rpc = std::make_unique<rpc_client>(loop, client, std::move(calls));
    feed_options how{.websocket_url = websocket_url(o),
                     .token = o.token,
                     .first_pause = o.first_pause,
                     .shortest_poll = o.shortest_poll,
                     .wall_clock = o.wall_clock,
                     .longest_lag = o.longest_lag};
    feed_events events{[this](head_changes heads) { tell(heads); },
                       [this](chain_health health) {
                         if (health.problem.code != errc::none)
                           spdlog::warn("chain: {}", to_string(health.problem));
                         tell(health);
                       }};
    feed = std::make_unique<head_feed>(loop, client, *rpc, std::move(how), std::move(events));
  }

  template <class T>
  void tell(const T& what) {
    for (auto& listener : listeners)
      self->send(listener, what);
  }

  void subscribe(const chain_listener& listener) {
    if (std::find(listeners.begin(), listeners.end(), listener) == listeners.end()) {
      self->monitor(listener);
      listeners.push_back(listener);
    }
    if (listeners.size() == 1 && !std::exchange(started, true))
      return feed->start();
    if (feed->problem().code != errc::none)
      self->send(listener, chain_health{feed->problem()});
    else if (feed->newest())
      self->send(listener, *feed->newest());
  }

  void forget(const caf::actor_addr& gone) {
    std::erase_if(listeners, [&](auto& listener) { return listener.address() == gone; });
  }

  /// Calls the node and answers with what `read` makes of the result.
  template <class T, class Read>
  auto ask(rpc_call call, Read read) {
    return ask_or<T>(std::move(call), read, [](const error& e) -> result<T> { return e; });
  }

  /// `rescue` may know better than the error.
  template <class T, class Read, class Rescue>
  caf::typed_response_promise<T> ask_or(rpc_call call, Read read, Rescue rescue) {
    auto promise = self->make_response_promise<T>();
    rpc->call(std::move(call), [promise, read, rescue](result<json_ptr> got) mutable {
      auto answer = got ? decoding([&]() -> T { return read(**got); }) : rescue(got.error());
      if (answer)
        promise.deliver(*std::move(answer));
      else
        promise.deliver(to_caf(answer.error()));
    });
    return promise;
  }

  /// Who is unknown to the chain has nothing.
  template <class T, class Read>
  auto ask_or_nothing(rpc_call call, Read read) {
    return ask_or<T>(std::move(call), read,
                     [](const error& e) { return e.code == errc::not_found ? result<T>{T{}} : result<T>{e}; });
  }

  caf::result<cid> push(const chain::push_message& request) {
    auto call = call_of(request);
    if (!call)
      return to_caf(call.error());
    return ask<cid>(*std::move(call), read_cid);
  }

  auto info() {
    auto walk = std::make_shared<info_walk>(info_walk{{}, 0, self->make_response_promise<chain_info>()});
    step(walk);
    return walk->promise;
  }

  void step(const std::shared_ptr<info_walk>& walk) {
    if (walk->next == std::size(info_steps)) {
      walk->promise.deliver(walk->made);
      return;
    }
    auto& now = info_steps[walk->next++];
    rpc->call(now.call(), [this, walk, read = now.read](result<json_ptr> got) {
      auto done = got ? decoding([&] { return read(**got, walk->made), true; }) : result<bool>{got.error()};
      if (done)
        step(walk);
      else
        walk->promise.deliver(to_caf(done.error()));
    });
  }

  pointer self;
  std::vector<chain_listener> listeners;
  bool started = false;
  std::unique_ptr<rpc_client> rpc;
  std::unique_ptr<head_feed> feed; // uses rpc, so it goes first
};

lotus_chain_impl::behavior_type lotus_chain(chain_actor_state::pointer self, loop::uv_loop* loop, http::client* client,
                                            chain_options options) {
  auto& s = self->state;
  s.open(*loop, *client, options);
  self->set_down_handler([&s](const caf::down_msg& down) { s.forget(down.source); });
  return {
      [&s](atom::subscribe, const chain_listener& listener) { return s.subscribe(listener), nothing{}; },
      [&s](const chain::get_info&) { return s.info(); },
      [&s](const chain::get_head& r) { return s.ask<tipset>(call_of(r), read_tipset); },
      [&s](const chain::get_finalized& r) { return s.ask<tipset>(call_of(r), read_tipset); },
      [&s](const chain::list_miners& r) { return s.ask<std::vector<address>>(call_of(r), read_addresses); },
      [&s](const chain::get_miner& r) {
        return s.ask<miner_info>(call_of(r), [m = r.miner](const json& j) { return read_miner_info(j, m); });
      },
      [&s](const chain::get_power& r) { return s.ask<miner_power>(call_of(r), read_miner_power); },
      [&s](const chain::get_sectors& r) { return s.ask<sector_counts>(call_of(r), read_sector_counts); },
      [&s](const chain::get_balance& r) { return s.ask_or_nothing<token_amount>(call_of(r), read_amount); },
      [&s](const chain::get_market_balance& r) {
        return s.ask_or_nothing<market_balance>(call_of(r), read_market_balance);
      },
      [&s](const chain::lookup_id& r) { return s.ask<address>(call_of(r), read_address); },
      [&s](const chain::get_deal& r) {
        return s.ask<chain_deal>(call_of(r), [id = r.id](const json& j) { return read_deal(j, id); });
      },
      [&s](const chain::get_collateral& r) { return s.ask<collateral_bounds>(call_of(r), read_collateral); },
      [&s](const chain::get_datacap& r) { return s.ask_or_nothing<token_amount>(call_of(r), read_datacap); },
      [&s](const chain::get_nonce& r) { return s.ask<std::uint64_t>(call_of(r), read_uint); },
      [&s](const chain::estimate_gas& r) {
        return s.ask<chain_call>(call_of(r), [asked = r.call](const json& j) { return read_estimate(j, asked); });
      },
      [&s](const chain::push_message& r) { return s.push(r); },
      [&s](const chain::search_message& r) { return s.ask<std::optional<message_receipt>>(call_of(r), read_receipt); },
      [&s](const chain::get_market_events& r) {
        return s.ask<std::vector<market_event>>(call_of(r), read_market_events);
      },
  };
}

} // namespace

result<chain_actor> spawn_lotus_chain(loop::host& host, loop::uv_loop& loop, http::client& client,
                                      chain_options options) {
  auto url = http::parse_url(options.url);
  if (!url || (url->scheme != "http" && url->scheme != "https"))
    return fail(errc::invalid_argument, "the chain's URL starts with http:// or https://", options.url);
  return chain_actor{host.spawn(lotus_chain, &loop, &client, std::move(options))};
}

} // namespace weir::lotus
