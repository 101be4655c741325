#pragma once
// WebSocket connections (RFC 6455), as a server on an upgraded exchange and as
// a client over ws:// and wss://. Loop thread only.
//
//   routes.add("GET", "/rpc/v1", [&](http::exchange_ptr x) {
//     auto socket = http::websocket::accept(x, loop, {}, {.message = …, .closed = …});
//     // null: not a WebSocket request, which has been answered
//   });
//   http::websocket::connect(client, {.url = "ws://127.0.0.1:1234/rpc/v1"}, {},
//                            {.message = …, .closed = …},
//                            [](result<http::websocket_ptr> opened) { … });
#include "adapters/http/client.hpp"
#include "adapters/http/exchange.hpp"
#include "adapters/http/ws_frames.hpp"

#include <memory>

namespace weir::http {

struct websocket_options {
  std::size_t max_message = 16 << 20;       ///< bytes; the peer gets 1009
  std::uint64_t watermark = 1 << 20;        ///< `send` answers false above it
  std::uint64_t max_queue = 64 << 20;       ///< above it the connection is cut
  loop::milliseconds ping_interval{30'000}; ///< a peer silent for two of them is gone
  loop::milliseconds close_timeout{5'000};  ///< for the peer's answer to our close
  /// Fills with random bytes: a client's keys and masks. OpenSSL's by default.
  std::function<void(std::span<std::uint8_t>)> random;
};

class websocket;
using websocket_ptr = std::shared_ptr<websocket>;

struct websocket_events {
  std::function<void(bool text, std::string data)> message;
  /// Exactly once, the last: with the peer's code, 1006 for a broken
  /// connection, or the code that we refused the peer with.
  std::function<void(std::uint16_t code, const std::string& reason)> closed;
  std::function<void()> drained; ///< the queue is empty again
};

class websocket final : public upgraded, public std::enable_shared_from_this<websocket> {
public:
  /// Answers 101 and returns the connection; answers 400 or 426 and returns
  /// null if the request is not a proper upgrade.
  static websocket_ptr accept(const exchange_ptr& x, loop::uv_loop& owner, websocket_options options,
                              websocket_events events);
  /// `done` is called once. The request's fields go with the upgrade (tokens).
  /// Errors: those of the client, `protocol` for a refused upgrade (its status
  /// is the value).
  static void connect(client& by, client_request what, websocket_options options, websocket_events events,
                      std::function<void(result<websocket_ptr>)> done);

  websocket(ws_role role, loop::uv_loop& owner, websocket_options options, websocket_events events);
  ~websocket() override;

  /// False: over the watermark (wait for `drained`), or closed.
  bool send_text(std::string_view data) { return send(ws_opcode::text, data); }
  bool send_binary(std::string_view data) { return send(ws_opcode::binary, data); }
  void pause(bool on); ///< reads nothing from the peer meanwhile
  /// The closing handshake; `closed` follows. Later sends are dropped.
  void close(std::uint16_t code = ws_code::normal, std::string_view reason = {});
  bool is_open() const { return pipe_ != nullptr && !closing_; }
  std::uint64_t queued() const { return pipe_ ? pipe_->queued() : 0; }

  void on_open(std::shared_ptr<byte_pipe> pipe) override;
  void on_data(bytes_view data) override;
  void on_drained() override;
  void on_closed() override;
  void on_stopping() override { close(ws_code::going_away); }

private:
  bool send(ws_opcode opcode, std::string_view data);
  void write_frame(ws_opcode opcode, std::string_view data);
  void peer_closed(std::uint16_t code, std::string reason);
  void beat();
  void ended(std::uint16_t code, const std::string& reason);

  ws_role role_;
  websocket_options options_;
  websocket_events events_;
  ws_parser parser_;
  std::shared_ptr<byte_pipe> pipe_;
  loop::timer timer_;
  bool closing_ = false; ///< we sent our close frame
  bool heard_ = false;   ///< since the last beat
  bool pinged_ = false;
  bool paused_ = false;
  std::uint16_t close_code_ = ws_code::abnormal;
  std::string close_reason_;
};

} // namespace weir::http
