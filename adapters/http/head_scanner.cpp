#include "adapters/http/head_scanner.hpp"

#include <array>
#include <cstdint>

namespace weir::http {

namespace {

enum char_class : std::uint8_t { token = 1, value_char = 2, target_char = 4 };

constexpr std::array<std::uint8_t, 256> classes = [] {
  std::array<std::uint8_t, 256> out{};
  for (int c = 0; c < 256; ++c) {
    bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool mark = std::string_view{"!#$%&'*+-.^_`|~"}.find(static_cast<char>(c)) != std::string_view::npos;
    std::uint8_t what = 0;
    if (alphanumeric || (c != 0 && mark))
      what |= token;
    if (c == '\t' || (c >= 0x20 && c != 0x7f))
      what |= value_char;
    if (c > 0x20 && c < 0x7f)
      what |= target_char;
    out[static_cast<std::size_t>(c)] = what;
  }
  return out;
}();

bool is(unsigned char c, char_class what) {
  return (classes[c] & what) != 0;
}

} // namespace

void head_scanner::reset() {
  state_ = state::before;
  total_ = 0;
  target_ = 0;
}

/// Takes one byte that changes or ends a run; false on a forbidden one.
bool head_scanner::step(unsigned char c) {
  switch (state_) {
  case state::before:
    state_ = c == '\r' ? state::before_lf : state::method;
    return c == '\r' || is(c, token);
  case state::before_lf:
    state_ = state::before;
    return c == '\n';
  case state::method:
    if (c == ' ')
      state_ = state::target;
    return c == ' ' || is(c, token);
  case state::target:
    if (c == ' ')
      state_ = state::version;
    return target_ > 0 && c == ' ';
  case state::version:
    if (c == '\r')
      state_ = state::line_lf;
    return c == '\r' || is(c, target_char);
  case state::line_lf:
    state_ = state::field_start;
    return c == '\n';
  case state::field_start:
    state_ = c == '\r' ? state::last_lf : state::name;
    return c == '\r' || is(c, token);
  case state::name:
    state_ = state::value;
    return c == ':';
  case state::value:
    state_ = state::line_lf;
    return c == '\r';
  case state::last_lf:
    return c == '\n';
  }
  return false;
}

head_scanner::outcome head_scanner::scan(std::string_view data) {
  std::size_t i = 0;
  auto run = [&](char_class what) {
    auto from = i;
    while (i < data.size() && is(static_cast<unsigned char>(data[i]), what))
      ++i;
    return i - from;
  };
  while (i < data.size()) {
    if (state_ == state::value)
      run(value_char);
    else if (state_ == state::name)
      run(token);
    else if (state_ == state::target)
      target_ += run(target_char);
    if (target_ > max_target_)
      return {verdict::target_too_long, i};
    if (total_ + i > max_head_)
      return {verdict::head_too_large, i};
    if (i == data.size())
      break;
    bool last = state_ == state::last_lf;
    if (!step(static_cast<unsigned char>(data[i++])))
      return {verdict::bad, i};
    if (last)
      return {verdict::done, i};
  }
  total_ += i;
  return {verdict::more, i};
}

} // namespace weir::http
