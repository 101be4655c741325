#include "adapters/http/websocket.hpp"

#include <openssl/rand.h>

namespace weir::http {

websocket::websocket(ws_role role, loop::uv_loop& owner, websocket_options options, websocket_events events)
    : role_{role}, options_{std::move(options)}, events_{std::move(events)},
      parser_{role,
              options_.max_message,
              {.message =
                   [this](ws_opcode kind, std::string data) {
                     if (!closing_ && events_.message)
                       events_.message(kind == ws_opcode::text, std::move(data));
                   },
               .ping = [this](const std::string& data) { send(ws_opcode::pong, data); },
               .pong = [](const std::string&) {},
               .close = [this](std::uint16_t code, std::string reason) { peer_closed(code, std::move(reason)); }}},
      timer_{owner} {
  if (!options_.random)
    options_.random = [](std::span<std::uint8_t> out) { RAND_bytes(out.data(), static_cast<int>(out.size())); };
}

websocket::~websocket() = default;

websocket_ptr websocket::accept(const exchange_ptr& x, loop::uv_loop& owner, websocket_options options,
                                websocket_events events) {
  const auto& asked = x->request();
  auto key = asked.header("Sec-WebSocket-Key").value_or("");
  bool upgrade = asked.verb == method::get && !asked.http_1_0 && !asked.has_body
                 && has_token(asked.fields.joined("Connection"), "upgrade")
                 && has_token(asked.fields.joined("Upgrade"), "websocket") && key.size() == 24;
  if (!upgrade || asked.header("Sec-WebSocket-Version") != "13") {
    auto answer = response::problem(fail(errc::malformed, "This address speaks WebSocket, version 13, by GET."),
                                    upgrade ? 426 : 400);
    answer.fields.add("Sec-WebSocket-Version", "13");
    x->respond(std::move(answer));
    return nullptr;
  }
  auto out = std::make_shared<websocket>(ws_role::server, owner, std::move(options), std::move(events));
  headers fields{{"Upgrade", "websocket"}, {"Sec-WebSocket-Accept", ws_accept(key)}};
  return x->upgrade(std::move(fields), out) ? out : nullptr;
}

void websocket::on_open(std::shared_ptr<byte_pipe> pipe) {
  pipe_ = std::move(pipe);
  timer_.start(
      options_.ping_interval, [this] { beat(); }, options_.ping_interval);
}

/// A peer that said nothing between two pings is gone; one that we do not read
/// cannot be judged.
void websocket::beat() {
  if (pinged_ && !heard_ && !paused_)
    return ended(ws_code::abnormal, "The peer fell silent.");
  heard_ = false;
  pinged_ = true;
  send(ws_opcode::ping, {});
}

void websocket::on_data(bytes_view data) {
  auto self = shared_from_this();
  heard_ = true;
  auto refusal = parser_.feed(data);
  if (refusal == 0 || pipe_ == nullptr)
    return;
  // Say why, then leave: what else the peer sends is not looked at.
  if (!closing_)
    write_frame(ws_opcode::close, ws_close_payload(refusal, {}));
  closing_ = true;
  close_code_ = refusal;
  close_reason_ = "The peer broke the protocol.";
  pipe_->shutdown_write();
  timer_.start(options_.close_timeout, [this] { ended(close_code_, close_reason_); });
}

bool websocket::send(ws_opcode opcode, std::string_view data) {
  if (!is_open())
    return false;
  write_frame(opcode, data);
  if (pipe_->queued() > options_.max_queue) {
    auto self = shared_from_this();
    ended(ws_code::abnormal, "The peer takes no data.");
    return false;
  }
  return pipe_->queued() <= options_.watermark;
}

void websocket::write_frame(ws_opcode opcode, std::string_view data) {
  std::uint8_t mask[4];
  if (role_ == ws_role::client)
    options_.random(mask);
  pipe_->write(ws_frame(opcode, data, role_ == ws_role::client ? mask : nullptr));
}

void websocket::pause(bool on) {
  paused_ = on;
  if (pipe_)
    pipe_->pause_reading(on);
}

void websocket::close(std::uint16_t code, std::string_view reason) {
  if (!is_open())
    return;
  write_frame(ws_opcode::close, ws_close_payload(code, reason));
  closing_ = true;
  close_code_ = ws_code::abnormal; // until the peer has answered
  pipe_->pause_reading(false);
  timer_.start(options_.close_timeout, [this] { ended(close_code_, "The peer did not answer the close."); });
}

void websocket::peer_closed(std::uint16_t code, std::string reason) {
  if (pipe_ == nullptr)
    return;
  close_code_ = code;
  close_reason_ = std::move(reason);
  if (!closing_)
    write_frame(ws_opcode::close, ws_close_payload(code, {}));
  closing_ = true;
  // The server ends the TCP connection first (RFC 6455, 7.1.1), in order:
  // closing with unread input would reset it and the peer would see 1006.
  pipe_->shutdown_write();
  if (role_ == ws_role::server && pipe_->queued() == 0)
    timer_.start(loop::milliseconds{200}, [this] { ended(close_code_, close_reason_); });
  else
    timer_.start(options_.close_timeout, [this] { ended(close_code_, close_reason_); });
}

void websocket::on_drained() {
  if (!closing_ && events_.drained)
    events_.drained();
}

void websocket::on_closed() {
  auto self = shared_from_this();
  pipe_.reset();
  ended(close_code_, close_reason_);
}

void websocket::ended(std::uint16_t code, const std::string& reason) {
  auto self = shared_from_this();
  timer_.stop();
  closing_ = true;
  auto events = std::exchange(events_, {});
  auto why = reason;
  if (auto pipe = std::exchange(pipe_, nullptr))
    pipe->close();
  if (events.closed)
    events.closed(code, why);
}

} // namespace weir::http
