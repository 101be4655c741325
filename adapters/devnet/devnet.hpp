#pragma once
// The embedded development network: a chain and eight storage providers on
// loopback that speak the real wire protocols, for `weir node --devnet`,
// `weir devnet` and tests. Its clients know it through the wire only.
//
//   WEIR_TRY(auto net, devnet::devnet::start({.folder = data / "devnet"}));
//   … net->rpc_url() …  net->control_url() …
//   net->stop();
//
// Control, beside the RPC on the same listener (JSON in and out; errors as
// application/problem+json; foreign Host and Origin refused):
//   GET  /devnet/status
//   POST /devnet/advance       {"epochs": N}         answers when it is done
//   POST /devnet/clock         {"mode": "automatic"|"still"|"fast"}
//   GET  /devnet/providers     [{"id", "name", "country", "url", "behaviour": {…}, "deals": {…}}]
//   POST /devnet/providers/ID  {"key": "value", …}   see provider/faults.hpp
//   POST /devnet/providers     {"address": worker or f0…, "worker"?, "multiaddr": "/ip4/…", "peer"?}  a foreign one
//   joins POST /devnet/fund          {"address", "amount": "10 FIL"} POST /devnet/slash         {"deal": N} POST
//   /devnet/reorg         {"depth": N, "drop"?: true} POST /devnet/rpc-outage    {"on": bool} or {"seconds": N} POST
//   /devnet/out-of-sync   {"on": bool} or {"seconds": N} POST /devnet/datacap {"address", "bytes": N}
//
// State lives in `folder`: the chain's log and what each provider remembers.
#include "adapters/devnet/clock.hpp"

#include <filesystem>
#include <map>
#include <memory>

namespace weir::devnet {

/// Limits: what small data can meet, or what Curio's providers really want.
enum class profile : std::uint8_t { small, real };

struct options {
  std::filesystem::path folder;
  std::uint64_t seed = 1;
  std::uint16_t port = 0; ///< of RPC and control; 0: the one of the last run if free, else any
  std::string token;      ///< of the RPC; empty: none is asked for
  profile limits = profile::small;
  std::size_t providers = 8; ///< at most 64
  clock_options clock;
  epoch_delta finality = 5;
  epoch_delta min_duration = 518400;      ///< of a deal
  epoch_delta seal_epochs = 10;           ///< from publishing to activation
  std::int64_t genesis_time = 1598306400; ///< seconds since 1970, of a new chain
};

class devnet {
public:
  /// Errors: io, disk_full, corrupt, wrong_network (folder of another seed or
  /// profile), data_too_new, already_exists (port in use).
  static result<std::unique_ptr<devnet>> start(options o);
  ~devnet(); ///< stops
  /// Within 2 s; what runs is taken up at the next start.
  void stop();

  std::string rpc_url() const;     ///< "http://127.0.0.1:PORT/rpc/v1"; ws:// on the same
  std::string control_url() const; ///< "http://127.0.0.1:PORT"

  // What the control endpoints do, for the process itself; they wait.
  /// Sends from the master's wallet and makes an epoch.
  status faucet(const address& to, const token_amount& amount);
  result<epoch> advance(epoch_delta epochs);
  status set_clock(clock_mode m);
  status set_provider(const address& id, const std::map<std::string, std::string>& changes);
  status slash(std::uint64_t deal);
  status reorg(std::size_t depth, reverted_messages what);
  address master() const;

private:
  struct impl;
  explicit devnet(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

} // namespace weir::devnet
