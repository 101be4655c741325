#pragma once
// The way to the outside: one loop for all outgoing HTTP, on it the chain, the
// deal carrier, the fetcher and the poster of webhooks; and the devnet, when the node runs one (which
// is reached over the wire all the same).
#include "messages/actors/chain.hpp"
#include "messages/actors/deals.hpp"
#include "messages/actors/fetch.hpp"
#include "messages/actors/webhooks.hpp"
#include "node/config/options.hpp"

#include <caf/actor_system.hpp>

#include <filesystem>
#include <memory>

namespace weir {

class network {
public:
  /// `data` is the node's folder. With neither devnet nor chain it has no chain: it does not `exist`.
  static result<std::unique_ptr<network>> open(caf::actor_system& system, const node_options& options,
                                               const std::filesystem::path& data);
  ~network(); ///< stops
  void stop();

  /// What the chain says of itself; waits so long at most.
  result<chain_info> info(std::chrono::milliseconds time) const;
  /// Whether the chain goes by the wall's clock, and so can lag behind it.
  /// A devnet, also somebody else's, has a clock of its own.
  void follows_wall_clock(bool does);
  /// Devnet only: coins for an address that has few.
  status fund(const address& who) const;

  bool exists() const { return static_cast<bool>(chain); }
  std::string rpc_url() const;
  std::string control_url() const; ///< of the devnet; empty without one

  chain_actor chain;
  deal_carrier_actor carrier;
  fetcher_actor fetcher;
  ffs::webhook_poster_actor poster; ///< also without a chain

private:
  struct parts;
  explicit network(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace weir
