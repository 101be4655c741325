#pragma once
// The chain's RPC on HTTP: POST /rpc/v1, and a WebSocket on the same URL.
// With a token every call must carry it (`Authorization: Bearer …` or
// ?token=…), else 401 with an empty body, as Lotus. Loop thread only.
#include "adapters/devnet/rpc/dispatch.hpp"
#include "adapters/http/router.hpp"
#include "adapters/http/websocket.hpp"
#include "adapters/loop/uv_loop.hpp"

namespace weir::devnet::rpc {

class rpc_server {
public:
  rpc_server(loop::uv_loop& loop, context c, std::string token);
  ~rpc_server();
  void add_routes(http::router& routes);

  /// As if the node were down: connections are cut, nothing is answered.
  void set_outage(bool on);
  bool outage() const { return outage_; }

  /// When a client last asked for something (the loop's clock).
  loop::milliseconds last_call() const { return last_call_; }
  std::size_t subscribers() const { return sockets_.size(); }
  /// Everything that was told to subscribers has left.
  bool drained() const;
  /// Cuts the WebSockets.
  void close_sockets();

private:
  struct socket;
  bool admitted(http::exchange& x);
  void on_post(const http::exchange_ptr& x);
  void on_upgrade(const http::exchange_ptr& x);

  loop::uv_loop& loop_;
  dispatcher dispatcher_;
  std::string token_;
  bool outage_ = false;
  loop::milliseconds last_call_{0};
  std::map<std::uint64_t, std::shared_ptr<socket>> sockets_;
  std::uint64_t next_socket_ = 1;
  std::shared_ptr<int> life_ = std::make_shared<int>();
};

} // namespace weir::devnet::rpc
