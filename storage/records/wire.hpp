#pragma once
// The primitives of Weir's own binary encoding: varints in the shortest form,
// zigzag for signed numbers, strings with their length before them. A reader
// never throws and never reads past its end; after the first fault it stays
// failed and hands out nothing.
#include "messages/types/bytes.hpp"
#include "messages/types/varint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::records {

class wire_writer {
public:
  void number(std::uint64_t value) { put_varint(out_, value); }
  void signed_number(std::int64_t value) {
    auto bits = static_cast<std::uint64_t>(value);
    number((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void string(std::string_view text) {
    number(text.size());
    out_.append(text);
  }
  void string(bytes_view data) { string(as_text(data)); }

  std::string take() { return std::move(out_); }
  std::size_t size() const { return out_.size(); }

private:
  std::string out_;
};

class wire_reader {
public:
  explicit wire_reader(bytes_view in) : in_{in} {}
  explicit wire_reader(std::string_view in) : in_{as_bytes(in)} {}

  std::uint64_t number() {
    auto value = failed_ ? std::nullopt : take_varint(in_);
    if (!value)
      failed_ = true;
    return value.value_or(0);
  }
  std::int64_t signed_number() {
    auto bits = number();
    return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
  }
  std::string_view string() {
    auto size = number();
    if (size > in_.size())
      failed_ = true;
    if (failed_)
      return {};
    auto text = as_text(in_.first(size));
    in_ = in_.subspan(size);
    return text;
  }

  void fail() { failed_ = true; }
  bool failed() const { return failed_; }
  bool at_end() const { return in_.empty(); }
  /// Everything was read and nothing was wrong.
  bool complete() const { return !failed_ && in_.empty(); }
  std::size_t left() const { return in_.size(); }

private:
  bytes_view in_;
  bool failed_ = false;
};

} // namespace weir::records
