#include "storage/filecoin/cbor.hpp"

#include <limits>

namespace weir::filecoin {

namespace {

constexpr unsigned major_uint = 0, major_negative = 1, major_bytes = 2, major_text = 3, major_array = 4, major_map = 5,
                   major_tag = 6, major_simple = 7;
constexpr std::uint64_t link_tag = 42;
constexpr std::uint64_t simple_false = 20, simple_true = 21, simple_null = 22;
constexpr int max_depth = 32;

/// Unicode as the Go codec demands it: no overlong forms, no surrogates.
bool valid_utf8(bytes_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::uint8_t lead = text[i++];
    int more = lead < 0x80                   ? 0
               : lead >= 0xc2 && lead < 0xe0 ? 1
               : lead >> 4 == 0xe            ? 2
               : lead >= 0xf0 && lead < 0xf5 ? 3
                                             : -1;
    if (more < 0 || text.size() - i < static_cast<std::size_t>(more))
      return false;
    std::uint32_t point = more == 0 ? lead : lead & (0x3f >> more);
    for (int k = 0; k < more; ++k, ++i) {
      if (text[i] >> 6 != 2)
        return false;
      point = point << 6 | (text[i] & 0x3f);
    }
    if ((more == 2 && (point < 0x800 || (point >= 0xd800 && point < 0xe000)))
        || (more == 3 && (point < 0x10000 || point > 0x10ffff)))
      return false;
  }
  return true;
}

} // namespace

void cbor_writer::head(unsigned major, std::uint64_t value) {
  auto top = static_cast<std::uint8_t>(major << 5);
  if (value < 24) {
    out_.push_back(static_cast<std::uint8_t>(top | value));
    return;
  }
  int width = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffff ? 2 : 3;
  out_.push_back(static_cast<std::uint8_t>(top | (24 + width)));
  for (int shift = (8 << width) - 8; shift >= 0; shift -= 8)
    out_.push_back(static_cast<std::uint8_t>(value >> shift));
}

void cbor_writer::integer(std::int64_t value) {
  if (value < 0)
    head(major_negative, static_cast<std::uint64_t>(-(value + 1)));
  else
    head(major_uint, static_cast<std::uint64_t>(value));
}

void cbor_writer::byte_string(bytes_view data) {
  head(major_bytes, data.size());
  raw(data);
}

void cbor_writer::text(std::string_view value) {
  head(major_text, value.size());
  raw(as_bytes(value));
}

void cbor_writer::link(const cid& target) {
  head(major_tag, link_tag);
  head(major_bytes, target.data().size() + 1);
  out_.push_back(0); // multibase "identity"
  raw(target.data());
}

void cbor_writer::link_or_null(const cid& target) {
  if (target.empty())
    null();
  else
    link(target);
}

void cbor_reader::refuse(std::string_view why) {
  refuse(fail(errc::malformed, "not the CBOR that was expected: " + std::string{why}));
}

void cbor_reader::refuse(error why) {
  if (ok())
    error_ = std::move(why);
  rest_ = {};
}

status cbor_reader::finish() {
  if (ok() && !rest_.empty())
    refuse("bytes are left over");
  if (!ok())
    return error_;
  return {};
}

cbor_reader::header cbor_reader::head() {
  if (rest_.empty()) {
    refuse("it ends too early");
    return {major_simple, 0};
  }
  unsigned major = rest_[0] >> 5, low = rest_[0] & 31;
  if (low < 24) {
    rest_ = rest_.subspan(1);
    return {major, low};
  }
  std::size_t width = low < 28 ? std::size_t{1} << (low - 24) : 0;
  if (width == 0 || rest_.size() < 1 + width) {
    refuse(width == 0 ? "indefinite or reserved length" : "it ends too early");
    return {major_simple, 0};
  }
  std::uint64_t value = 0;
  for (std::size_t i = 1; i <= width; ++i)
    value = value << 8 | rest_[i];
  constexpr std::uint64_t least[] = {24, 0x100, 0x10000, 0x100000000};
  if (value < least[low - 24]) {
    refuse("a number is not in its shortest form");
    return {major_simple, 0};
  }
  rest_ = rest_.subspan(1 + width);
  return {major, value};
}

std::uint64_t cbor_reader::expect(unsigned major, const char* what) {
  auto h = head();
  if (ok() && h.major != major)
    refuse(std::string{what} + " was expected");
  return ok() ? h.value : 0;
}

std::size_t cbor_reader::count(unsigned major, const char* what) {
  auto n = expect(major, what);
  if (n > cbor_max_elements)
    refuse(fail(errc::too_large, std::string{what} + " has too many elements", std::to_string(n),
                std::to_string(cbor_max_elements)));
  return ok() ? n : 0;
}

bytes_view cbor_reader::string(unsigned major, const char* what, std::size_t max) {
  auto size = expect(major, what);
  if (size > max)
    refuse(fail(errc::too_large, std::string{what} + " is too long", std::to_string(size), std::to_string(max)));
  else if (size > rest_.size())
    refuse("it ends too early");
  if (!ok())
    return {};
  auto out = rest_.first(size);
  rest_ = rest_.subspan(size);
  return out;
}

std::size_t cbor_reader::array() {
  return count(major_array, "an array");
}

void cbor_reader::array(std::size_t elements) {
  if (array() != elements && ok())
    refuse("an array of " + std::to_string(elements) + " elements was expected");
}

std::size_t cbor_reader::map() {
  return count(major_map, "a map");
}

std::uint64_t cbor_reader::uint() {
  return expect(major_uint, "a number that is not negative");
}

std::int64_t cbor_reader::integer() {
  auto h = head();
  if (ok() && (h.major > major_negative || h.value > std::numeric_limits<std::int64_t>::max()))
    refuse("a number of 64 bits was expected");
  if (!ok())
    return 0;
  auto value = static_cast<std::int64_t>(h.value);
  return h.major == major_negative ? -1 - value : value;
}

bool cbor_reader::boolean() {
  auto value = expect(major_simple, "true or false");
  if (ok() && value != simple_false && value != simple_true)
    refuse("true or false was expected");
  return ok() && value == simple_true;
}

bytes_view cbor_reader::byte_string(std::size_t max) {
  return string(major_bytes, "a byte string", max);
}

std::string_view cbor_reader::text(std::size_t max) {
  auto out = string(major_text, "a text", max);
  if (!valid_utf8(out)) {
    refuse("a text is not UTF-8");
    return {};
  }
  return as_text(out);
}

cid cbor_reader::link() {
  if (expect(major_tag, "a link") != link_tag && ok())
    refuse("a link was expected");
  auto data = byte_string(max_digest_size + 64);
  if (ok() && (data.empty() || data[0] != 0))
    refuse("a link does not start with 0");
  if (!ok())
    return {};
  auto parsed = cid::from_bytes(data.subspan(1));
  if (!parsed)
    refuse(parsed.error());
  return parsed ? *parsed : cid{};
}

cid cbor_reader::link_or_null() {
  return take_null() ? cid{} : link();
}

address cbor_reader::addr() {
  auto data = byte_string(64);
  if (!ok())
    return {};
  auto parsed = address::from_bytes(data);
  if (!parsed)
    refuse(parsed.error());
  return parsed ? *parsed : address{};
}

token_amount cbor_reader::amount() {
  auto data = byte_string(128);
  if (!ok())
    return {};
  auto parsed = token_amount::from_chain(data);
  if (!parsed)
    refuse(parsed.error());
  return parsed ? *parsed : token_amount{};
}

bool cbor_reader::take_null() {
  if (rest_.empty() || rest_[0] != (major_simple << 5 | simple_null))
    return false;
  rest_ = rest_.subspan(1);
  return true;
}

bytes_view cbor_reader::item() {
  auto before = rest_;
  skip();
  return ok() ? before.first(before.size() - rest_.size()) : bytes_view{};
}

void cbor_reader::skip() {
  skip(max_depth);
}

void cbor_reader::skip(int depth) {
  if (depth == 0)
    return refuse("it is nested too deeply");
  auto before = rest_;
  auto h = head();
  if (!ok())
    return;
  std::uint64_t inner = 0;
  switch (h.major) {
  case major_bytes:
  case major_text:
    rest_ = before;
    string(h.major, "a string", cbor_max_bytes);
    return;
  case major_array:
    inner = h.value;
    break;
  case major_map:
    inner = h.value > cbor_max_elements ? h.value : h.value * 2;
    break;
  case major_tag:
    inner = 1;
    break;
  case major_simple:
    if (h.value < simple_false || h.value > simple_null)
      refuse("an unknown simple value");
    return;
  default:
    return;
  }
  if (inner > 2 * cbor_max_elements)
    return refuse("too many elements");
  for (std::uint64_t i = 0; i < inner && ok(); ++i)
    skip(depth - 1);
}

} // namespace weir::filecoin
