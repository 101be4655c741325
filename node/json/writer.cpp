#include "node/json/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace weir::json {

namespace {

/// Length of the well-formed UTF-8 sequence at the front, 0 if there is none.
std::size_t sequence_length(std::string_view s) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  auto tail = [&](std::size_t i) { return i < s.size() && (byte(i) & 0xC0) == 0x80; };
  unsigned char c = byte(0);
  if (c < 0x80)
    return 1;
  if (c >= 0xC2 && c <= 0xDF)
    return tail(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    if (!tail(1) || !tail(2))
      return 0;
    bool overlong = c == 0xE0 && byte(1) < 0xA0;
    bool surrogate = c == 0xED && byte(1) > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3))
      return 0;
    bool outside = (c == 0xF0 && byte(1) < 0x90) || (c == 0xF4 && byte(1) > 0x8F);
    return outside ? 0 : 4;
  }
  return 0;
}

void append_escaped(std::string& out, unsigned char c) {
  static constexpr char digits[] = "0123456789abcdef";
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    break;
  }
  if (c < 0x20 || c == 0x7F) {
    out += "\\u00";
    out += digits[c >> 4];
    out += digits[c & 15];
  } else {
    out += static_cast<char>(c);
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    auto n = sequence_length(text);
    if (n == 0)
      out += "\xEF\xBF\xBD";
    else if (n == 1)
      append_escaped(out, static_cast<unsigned char>(text[0]));
    else
      out += text.substr(0, n);
    text.remove_prefix(n == 0 ? 1 : n);
  }
  out += '"';
}

} // namespace

void writer::separate() {
  if (!first_)
    out_ += ',';
  first_ = false;
}

writer& writer::open(char c) {
  separate();
  out_ += c;
  first_ = true;
  return *this;
}

writer& writer::close(char c) {
  out_ += c;
  first_ = false;
  return *this;
}

writer& writer::key(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_ += ':';
  first_ = true; // no comma before the value
  return *this;
}

writer& writer::value(std::string_view text) {
  separate();
  append_quoted(out_, text);
  return *this;
}

writer& writer::value(double number) {
  if (!std::isfinite(number))
    return null();
  std::array<char, 32> text{};
  auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return raw({text.data(), static_cast<std::size_t>(end - text.data())});
}

writer& writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

} // namespace weir::json
