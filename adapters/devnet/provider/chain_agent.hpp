#pragma once
// The chain as a provider uses it: JSON-RPC over HTTP like anybody's, waiting
// for each answer. Not for loop threads.
#include "adapters/devnet/chain/ledger.hpp"
#include "adapters/http/client.hpp"
#include "storage/filecoin/keys.hpp"

#include <atomic>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace weir::devnet {

struct landed_message {
  std::int64_t exit_code = 0;
  bytes returned;
  epoch height = no_epoch;
};

class chain_agent {
public:
  chain_agent(loop::uv_loop& loop, http::client& client, std::string url, std::string token);

  /// Errors: errc::chain_error with the node's words, errc::unreachable.
  result<epoch> head();
  result<address> account_key(const address& of);
  result<escrow_entry> market_balance(const address& of);
  /// Bytes; nothing for who is no verified client.
  result<token_amount> datacap(const address& of);
  result<token_amount> least_collateral(std::uint64_t padded_size, bool verified);
  result<std::vector<bytes>> multiaddrs(const address& miner);
  /// Nothing when the chain has not executed it.
  result<std::optional<landed_message>> search(const cid& message);
  /// Whether the deal is in the market, and active.
  struct deal_view {
    bool present = false;
    bool active = false;
  };
  result<deal_view> deal(std::uint64_t id);

  /// Nonce and gas filled in, signed; not sent.
  result<filecoin::signed_message> prepare(const filecoin::secret_key& from, filecoin::message m);
  /// A message that is in the pool already is fine.
  status push(const filecoin::signed_message& m);

private:
  result<nlohmann::json> call(const std::string& method, nlohmann::json params);

  loop::uv_loop& loop_;
  http::client& client_;
  std::string url_;
  std::string token_;
};

} // namespace weir::devnet
