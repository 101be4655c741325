#pragma once
// Writes JSON text piece by piece, without building a tree. Commas and quotes
// are its business; the caller opens and closes. Bytes that are not UTF-8
// become U+FFFD, so that what goes out is always valid JSON (RFC 8259).
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::json {

class writer {
public:
  writer& begin_object() { return open('{'); }
  writer& end_object() { return close('}'); }
  writer& begin_array() { return open('['); }
  writer& end_array() { return close(']'); }
  writer& key(std::string_view name);

  writer& value(std::string_view text);
  writer& value(const char* text) { return value(std::string_view{text}); }
  writer& value(const std::string& text) { return value(std::string_view{text}); }
  writer& value(bool b) { return raw(b ? "true" : "false"); }
  writer& value(double number);
  template <std::integral T>
  writer& value(T number) {
    return raw(std::to_string(number));
  }
  writer& null() { return raw("null"); }
  /// Text that is JSON already.
  writer& raw(std::string_view json);

  template <class T>
  writer& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }

  const std::string& text() const { return out_; }
  std::string take() { return std::move(out_); }

private:
  writer& open(char c);
  writer& close(char c);
  void separate();

  std::string out_;
  bool first_ = true; // nothing was written yet at this level
};

/// A JSON string with its quotes.
std::string quoted(std::string_view text);

} // namespace weir::json
