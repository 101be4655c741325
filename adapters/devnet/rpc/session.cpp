#include "adapters/devnet/rpc/session.hpp"

#include <nlohmann/json.hpp>

namespace weir::devnet::rpc {

namespace {

constexpr std::size_t max_channels = 64;

json notification(const char* method, json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

} // namespace

struct session::subscription {
  chain_node& node;
  std::uint64_t number;
  std::size_t listener = 0; ///< 0 until started
  subscription(chain_node& n, std::uint64_t k) : node{n}, number{k} {}
  subscription(const subscription&) = delete;
  subscription& operator=(const subscription&) = delete;
  ~subscription() {
    if (listener != 0)
      node.forget(listener);
  }
};

session::session(context& c, std::function<void(std::string)> send) : context_{c}, send_{std::move(send)} {}
session::~session() = default;

session::channel session::open(const json& request_id, sender on_change,
                               std::function<void(std::uint64_t number)> first) {
  if (open_.size() >= max_channels)
    throw rpc_failure{1, "too many subscriptions on this connection"};
  auto number = next_channel_++;
  auto key = request_id.dump();
  open_[key] = std::make_unique<subscription>(context_.node, number);
  auto start = [this, key, number, on_change = std::move(on_change), first = std::move(first)] {
    auto found = open_.find(key);
    if (found == open_.end() || found->second->number != number)
      return;
    found->second->listener =
        context_.node.listen([number, on_change](const chain_changes& changes) { on_change(number, changes); });
    first(number);
  };
  return {number, std::move(start)};
}

session::channel session::chain_notify(const json& request_id) {
  auto on_change = [this](std::uint64_t number, const chain_changes& changes) {
    auto list = json::array();
    for (auto& c : changes)
      list.push_back({{"Type", c.apply ? "apply" : "revert"}, {"Val", show(*c.at)}});
    send_value(number, list);
  };
  auto current = [this](std::uint64_t number) {
    send_value(number, json::array({{{"Type", "current"}, {"Val", show(*context_.node.head())}}}));
  };
  return open(request_id, on_change, current);
}

/// Each event is a value of its own.
session::channel session::actor_events(const json& request_id, const json& filter_json) {
  auto filter = read_filter(context_, filter_json);
  auto on_change = [this, filter](std::uint64_t number, const chain_changes& changes) {
    for (auto& c : changes)
      for (auto& e : c.at->events)
        if (filter.matches(e) && c.at->height() >= filter.from && c.at->height() <= filter.to)
          send_value(number, show(e, *c.at, !c.apply));
  };
  auto past = [this, filter](std::uint64_t number) {
    for (auto& e : collect_events(context_, filter))
      send_value(number, e);
  };
  return open(request_id, on_change, past);
}

void session::cancel(const json& request_id) {
  auto found = open_.find(request_id.dump());
  if (found == open_.end())
    return;
  auto number = found->second->number;
  open_.erase(found);
  send_(notification("xrpc.ch.close", json::array({number})).dump());
}

void session::send_value(std::uint64_t number, const json& value) {
  send_(notification("xrpc.ch.val", json::array({number, value})).dump());
}

} // namespace weir::devnet::rpc
