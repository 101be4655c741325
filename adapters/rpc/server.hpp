#pragma once
// The remote API of the node (messages/rpc/weir.capnp) on a thread with a KJ
// loop of its own: on a unix socket and on TCP, TLS outside of loopback.
//
// Bounded whatever peers do: connections, capabilities and watches of each,
// what is queued for one that does not read (its requests wait then), what a
// watcher has not acknowledged, the size of a message.
#include "adapters/rpc/services.hpp"

#include <caf/actor_system.hpp>

#include <filesystem>

namespace weir::rpc {

struct server_options {
  std::filesystem::path socket; ///< mode 0600; an empty token is the operator's there; empty: none
  std::string host;             ///< of TCP; empty: none
  std::uint16_t port = 0;       ///< 0 takes a free one
  std::string certificate;      ///< PEM file; with it, TCP speaks TLS only
  std::string key;              ///< PEM file
  std::size_t max_connections = 4096;
};

class server {
public:
  /// errc::already_exists: the port is taken; errc::invalid_argument: the
  /// certificate or key is none; errc::io.
  static result<std::unique_ptr<server>> start(caf::actor_system& system, server_options options, services node);
  ~server(); ///< stops

  std::uint16_t port() const; ///< of TCP; 0 without
  std::size_t connections() const;

  /// Tells the watchers, ends all connections, joins the thread.
  void stop();

private:
  struct impl;
  explicit server(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

} // namespace weir::rpc
