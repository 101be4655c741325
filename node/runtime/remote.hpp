#pragma once
// The remote API (adapters/rpc) of a running node.
#include "actors/tree.hpp"
#include "adapters/rpc/ffs_services.hpp"
#include "node/api/token_uses.hpp"
#include "node/config/options.hpp"
#include "node/runtime/listeners.hpp"

#include <caf/actor_system.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace weir {

class remote {
public:
  /// Listens and serves. `data` is the node's folder.
  static result<std::unique_ptr<remote>> start(caf::actor_system& system, const node_options& options,
                                               const listener_memory& memory, const std::filesystem::path& data,
                                               std::shared_ptr<records::record_store> records, watch_hub_actor hub,
                                               const tree& domain, std::shared_ptr<rpc::ffs_services> desk,
                                               std::shared_ptr<api::token_uses> uses);
  ~remote(); ///< stops
  void stop();
  /// What the chain said of itself, once that is known. Any thread.
  void know_network(const std::string& name);

  std::uint16_t port() const;
  /// "capnp": HOST:PORT of TCP; "socket": path of the unix socket.
  std::map<std::string, std::string> addresses() const;

private:
  struct impl;
  explicit remote(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

} // namespace weir
