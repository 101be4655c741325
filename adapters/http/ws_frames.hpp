#pragma once
// WebSocket framing (RFC 6455, section 5): bytes to messages and back, strict.
// Knows nothing of sockets.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace weir::http {

enum class ws_role : std::uint8_t { server, client };
enum class ws_opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// Close codes that we send (RFC 6455, 7.4.1).
namespace ws_code {
constexpr std::uint16_t normal = 1000;
constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t protocol_error = 1002;
constexpr std::uint16_t none_given = 1005; ///< never on the wire
constexpr std::uint16_t abnormal = 1006;   ///< never on the wire
constexpr std::uint16_t bad_text = 1007;
constexpr std::uint16_t too_big = 1009;
} // namespace ws_code

struct ws_frame_events {
  std::function<void(ws_opcode kind, std::string data)> message; ///< whole: text or binary
  std::function<void(std::string data)> ping;
  std::function<void(std::string data)> pong;
  std::function<void(std::uint16_t code, std::string reason)> close; ///< nothing is parsed after it
};

class ws_parser {
public:
  /// `max_message`: bytes of a message with all its fragments.
  ws_parser(ws_role role, std::size_t max_message, ws_frame_events events);

  /// Zero, or the close code that the peer deserves; nothing more is parsed then.
  std::uint16_t feed(bytes_view data);

private:
  enum class stage { first, second, length, mask, payload, ended };
  std::uint16_t byte(std::uint8_t value);
  std::uint16_t header_done();
  std::uint16_t frame_done();
  std::uint16_t control_done();
  std::uint16_t close_done();
  void begin_payload();
  std::string& sink() { return control() ? control_ : message_; }
  bool control() const { return (opcode_ & 8) != 0; }

  ws_role role_;
  std::size_t max_message_;
  ws_frame_events events_;
  stage stage_ = stage::first;
  std::uint8_t opcode_ = 0;
  bool final_ = false;
  bool masked_ = false;
  unsigned length_bytes_ = 0;
  std::uint64_t left_ = 0; ///< of the payload
  std::uint8_t mask_[4] = {};
  unsigned mask_at_ = 0;
  ws_opcode kind_ = ws_opcode::continuation; ///< of the message under way; continuation: none
  std::string message_;
  std::string control_;
};

/// One frame. A client masks with these four bytes, a server passes nothing.
std::string ws_frame(ws_opcode opcode, std::string_view data, const std::uint8_t* mask, bool final = true);
/// The payload of a close frame.
std::string ws_close_payload(std::uint16_t code, std::string_view reason);

/// Strict UTF-8: no surrogates, no overlong forms, nothing over U+10FFFF.
bool valid_utf8(std::string_view text);

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string ws_accept(std::string_view key);

} // namespace weir::http
