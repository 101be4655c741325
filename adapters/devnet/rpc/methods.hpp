#pragma once
// The table of RPC methods that answer at once. Each gets its parameters,
// counted already, and gives its result or throws `rpc_failure`.
#include "adapters/devnet/chain/chain_node.hpp"
#include "adapters/devnet/rpc/json_values.hpp"
#include "storage/filecoin/keys.hpp"

#include <functional>
#include <map>

namespace weir::devnet::rpc {

/// What the methods act on.
struct context {
  chain_node& node;
  const filecoin::secret_key& wallet; ///< the node's own: the master's
};

struct rpc_method {
  std::size_t params = 0;
  std::function<json(context&, const json& params)> run;
};
/// By name without "Filecoin.".
using method_table = std::map<std::string, rpc_method, std::less<>>;

void add_chain_methods(method_table& table);
void add_state_methods(method_table& table);
void add_market_methods(method_table& table);
void add_message_methods(method_table& table);
void add_event_methods(method_table& table);

/// The state that a tipset key names; [] and null are the head.
const ledger& state_of(context& c, const json& key);
tipset_ptr tipset_of(context& c, const json& key);
/// The id of a known actor, or error 11 "actor not found".
std::uint64_t need_actor(const ledger& state, const address& a);
/// What StateSearchMsg answers; null when it has not landed.
json message_lookup(context& c, const cid& message);

/// Filter of GetActorEventsRaw and SubscribeActorEventsRaw (FIP-0083).
struct event_filter {
  std::vector<std::uint64_t> emitters; ///< empty: all
  std::map<std::string, std::vector<bytes>> fields;
  epoch from = no_epoch;
  epoch to = no_epoch;
  bool matches(const actor_event& e) const;
};
event_filter read_filter(context& c, const json& j);
/// Events of the tipsets that the filter wants, at most 10,000.
json collect_events(context& c, const event_filter& filter);

} // namespace weir::devnet::rpc
