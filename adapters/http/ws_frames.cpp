#include "adapters/http/ws_frames.hpp"

#include "messages/types/base64.hpp"

#include <algorithm>
#include <openssl/evp.h>

namespace weir::http {

namespace {

bool sendable_close_code(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

} // namespace

ws_parser::ws_parser(ws_role role, std::size_t max_message, ws_frame_events events)
    : role_{role}, max_message_{max_message}, events_{std::move(events)} {}

std::uint16_t ws_parser::feed(bytes_view data) {
  while (!data.empty() && stage_ != stage::ended) {
    std::uint16_t code = 0;
    if (stage_ == stage::payload) {
      auto step = std::min<std::uint64_t>(left_, data.size());
      auto& out = sink();
      auto from = out.size();
      out.append(as_text(data.first(step)));
      if (masked_)
        for (auto i = from; i < out.size(); ++i)
          out[i] = static_cast<char>(out[i] ^ mask_[mask_at_++ & 3]);
      left_ -= step;
      data = data.subspan(step);
      if (left_ == 0)
        code = frame_done();
    } else {
      code = byte(data.front());
      data = data.subspan(1);
    }
    if (code != 0) {
      stage_ = stage::ended;
      return code;
    }
  }
  return 0;
}

/// The bytes of a frame's header, one by one: they are few.
std::uint16_t ws_parser::byte(std::uint8_t value) {
  switch (stage_) {
  case stage::first:
    final_ = (value & 0x80) != 0;
    opcode_ = value & 0x0f;
    stage_ = stage::second;
    return (value & 0x70) != 0 ? ws_code::protocol_error : 0; // no extension was agreed on
  case stage::second:
    masked_ = (value & 0x80) != 0;
    left_ = value & 0x7f;
    if (masked_ != (role_ == ws_role::server))
      return ws_code::protocol_error;
    length_bytes_ = left_ == 126 ? 2 : left_ == 127 ? 8 : 0;
    if (length_bytes_ == 0)
      return header_done();
    if (control())
      return ws_code::protocol_error; // at most 125 bytes
    left_ = 0;
    stage_ = stage::length;
    return 0;
  case stage::length:
    if (left_ >> 55 != 0)
      return ws_code::protocol_error; // the highest bit would be set
    left_ = left_ << 8 | value;
    return --length_bytes_ == 0 ? header_done() : 0;
  case stage::mask:
    mask_[mask_at_++] = value;
    if (mask_at_ < 4)
      return 0;
    mask_at_ = 0;
    begin_payload();
    return left_ == 0 ? frame_done() : 0;
  default:
    return ws_code::protocol_error;
  }
}

std::uint16_t ws_parser::header_done() {
  auto opcode = static_cast<ws_opcode>(opcode_);
  bool known = opcode_ <= 2 || (opcode_ >= 8 && opcode_ <= 10);
  bool starts = opcode == ws_opcode::text || opcode == ws_opcode::binary;
  bool between = kind_ != ws_opcode::continuation;
  if (!known || (control() && !final_) || (starts && between) || (opcode == ws_opcode::continuation && !between))
    return ws_code::protocol_error;
  if (!control() && (left_ > max_message_ || message_.size() + left_ > max_message_))
    return ws_code::too_big;
  if (starts)
    kind_ = opcode;
  mask_at_ = 0;
  if (masked_) {
    stage_ = stage::mask;
    return 0;
  }
  begin_payload();
  return left_ == 0 ? frame_done() : 0;
}

void ws_parser::begin_payload() {
  stage_ = stage::payload;
  if (control())
    control_.clear();
}

std::uint16_t ws_parser::frame_done() {
  stage_ = stage::first;
  if (control())
    return control_done();
  if (!final_)
    return 0;
  auto kind = std::exchange(kind_, ws_opcode::continuation);
  auto data = std::exchange(message_, {});
  if (kind == ws_opcode::text && !valid_utf8(data))
    return ws_code::bad_text;
  events_.message(kind, std::move(data));
  return 0;
}

std::uint16_t ws_parser::control_done() {
  switch (static_cast<ws_opcode>(opcode_)) {
  case ws_opcode::ping:
    events_.ping(std::move(control_));
    return 0;
  case ws_opcode::pong:
    events_.pong(std::move(control_));
    return 0;
  default:
    return close_done();
  }
}

std::uint16_t ws_parser::close_done() {
  std::uint16_t code = ws_code::none_given;
  std::string reason;
  if (control_.size() == 1)
    return ws_code::protocol_error;
  if (control_.size() >= 2) {
    code = static_cast<std::uint16_t>(static_cast<std::uint8_t>(control_[0]) << 8
                                      | static_cast<std::uint8_t>(control_[1]));
    reason = control_.substr(2);
    if (!sendable_close_code(code))
      return ws_code::protocol_error;
    if (!valid_utf8(reason))
      return ws_code::bad_text;
  }
  stage_ = stage::ended;
  events_.close(code, std::move(reason));
  return 0;
}

std::string ws_frame(ws_opcode opcode, std::string_view data, const std::uint8_t* mask, bool final) {
  std::string out;
  out.reserve(data.size() + 14);
  out += static_cast<char>((final ? 0x80 : 0) | static_cast<int>(opcode));
  int masked = mask != nullptr ? 0x80 : 0;
  auto append_length = [&](int marker, int count) {
    out += static_cast<char>(masked | marker);
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
      out += static_cast<char>(data.size() >> shift & 0xff);
  };
  if (data.size() < 126)
    out += static_cast<char>(masked | static_cast<int>(data.size()));
  else if (data.size() <= 0xffff)
    append_length(126, 2);
  else
    append_length(127, 8);
  if (mask == nullptr)
    return out.append(data);
  out.append(reinterpret_cast<const char*>(mask), 4);
  for (std::size_t i = 0; i < data.size(); ++i)
    out += static_cast<char>(data[i] ^ mask[i & 3]);
  return out;
}

std::string ws_close_payload(std::uint16_t code, std::string_view reason) {
  if (code == ws_code::none_given)
    return {};
  std::string out{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return out.append(reason.substr(0, 123));
}

bool valid_utf8(std::string_view text) {
  auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    auto lead = at(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    unsigned more = lead >= 0xc2 && lead <= 0xdf   ? 1
                    : lead >= 0xe0 && lead <= 0xef ? 2
                    : lead >= 0xf0 && lead <= 0xf4 ? 3
                                                   : 0;
    if (more == 0 || text.size() - i <= more)
      return false;
    auto second = at(i + 1);
    unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high)
      return false;
    for (unsigned k = 2; k <= more; ++k)
      if ((at(i + k) & 0xc0) != 0x80)
        return false;
    i += more + 1;
  }
  return true;
}

std::string ws_accept(std::string_view key) {
  auto text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::uint8_t digest[20];
  unsigned size = sizeof digest;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  return base64_encode({digest, size});
}

} // namespace weir::http
