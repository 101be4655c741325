#include "storage/ipld/dag_cbor.hpp"

#include "storage/ipld/utf8.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace weir::ipld {

namespace {

enum major : std::uint8_t { unsigned_int, negative_int, byte_string, text_string, array, table, tag, simple };
constexpr std::uint64_t link_tag = 42;

bool key_before(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

/// Reads items off the front of the input.
class reader {
public:
  explicit reader(bytes_view data) : begin_{data}, rest_{data} {}

  struct head {
    std::uint8_t kind;
    std::uint8_t info;
    std::uint64_t argument;
  };

  error wrong(std::string what) const {
    return fail(errc::malformed, "not DAG-CBOR: " + std::move(what),
                "offset " + std::to_string(begin_.size() - rest_.size()));
  }

  result<head> take_head() {
    if (rest_.empty())
      return wrong("it is cut short");
    head h{static_cast<std::uint8_t>(rest_[0] >> 5), static_cast<std::uint8_t>(rest_[0] & 31), 0};
    rest_ = rest_.subspan(1);
    if (h.info < 24) {
      h.argument = h.info;
      return h;
    }
    if (h.info > 27)
      return wrong("indefinite or reserved length");
    std::size_t width = std::size_t{1} << (h.info - 24);
    if (rest_.size() < width)
      return wrong("it is cut short");
    for (std::size_t i = 0; i < width; ++i)
      h.argument = h.argument << 8 | rest_[i];
    rest_ = rest_.subspan(width);
    if (h.kind != simple && !shortest(h.argument, width))
      return wrong("a number is not in its shortest form");
    return h;
  }

  result<bytes_view> take_bytes(std::uint64_t size) {
    if (size > rest_.size())
      return wrong("a length reaches beyond the end");
    auto out = rest_.first(size);
    rest_ = rest_.subspan(size);
    return out;
  }

  result<std::string_view> take_text(std::uint64_t size) {
    WEIR_TRY(auto raw, take_bytes(size));
    auto text = as_text(raw);
    if (!valid_utf8(text))
      return wrong("text is not UTF-8");
    return text;
  }

  result<cid> take_link() {
    WEIR_TRY(auto h, take_head());
    if (h.kind != byte_string)
      return wrong("a link is not a byte string");
    WEIR_TRY(auto raw, take_bytes(h.argument));
    if (raw.empty() || raw[0] != 0)
      return wrong("a link lacks its leading zero byte");
    return cid::from_bytes(raw.subspan(1));
  }

  bool done() const { return rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

private:
  static bool shortest(std::uint64_t n, std::size_t width) {
    switch (width) {
    case 1:
      return n >= 24;
    case 2:
      return n > 0xff;
    case 4:
      return n > 0xffff;
    default:
      return n > 0xffffffff;
    }
  }

  bytes_view begin_;
  bytes_view rest_;
};

result<value> read_value(reader& in, std::size_t depth);

result<value> read_list(reader& in, std::uint64_t size, std::size_t depth) {
  if (size > in.left())
    return in.wrong("a list is longer than the input");
  list out;
  for (std::uint64_t i = 0; i < size; ++i) {
    WEIR_TRY(auto v, read_value(in, depth + 1));
    out.push_back(std::move(v));
  }
  return value{std::move(out)};
}

result<std::string> read_key(reader& in) {
  WEIR_TRY(auto h, in.take_head());
  if (h.kind != text_string)
    return in.wrong("a key is not text");
  WEIR_TRY(auto text, in.take_text(h.argument));
  return std::string{text};
}

result<value> read_map(reader& in, std::uint64_t size, std::size_t depth) {
  if (size > in.left() / 2)
    return in.wrong("a map is longer than the input");
  map out;
  for (std::uint64_t i = 0; i < size; ++i) {
    WEIR_TRY(auto key, read_key(in));
    if (!out.empty() && !key_before(out.back().first, key))
      return in.wrong("keys are not sorted, or there is one twice");
    WEIR_TRY(auto v, read_value(in, depth + 1));
    out.emplace_back(std::move(key), std::move(v));
  }
  return value{std::move(out)};
}

result<value> read_simple(reader& in, const reader::head& h) {
  switch (h.info) {
  case 20:
    return value{false};
  case 21:
    return value{true};
  case 22:
    return value{};
  case 27: {
    auto number = std::bit_cast<double>(h.argument);
    if (!std::isfinite(number))
      return in.wrong("NaN and infinities are not allowed");
    return value{number};
  }
  default:
    return in.wrong("a simple value that is not allowed");
  }
}

result<value> read_value(reader& in, std::size_t depth) {
  if (depth > max_depth)
    return fail(errc::too_large, "The value is nested too deeply.", {}, std::to_string(max_depth) + " levels");
  WEIR_TRY(auto h, in.take_head());
  switch (h.kind) {
  case unsigned_int:
    return value{integer{false, h.argument}};
  case negative_int:
    return value{integer{true, h.argument}};
  case byte_string: {
    WEIR_TRY(auto raw, in.take_bytes(h.argument));
    return value{to_bytes(raw)};
  }
  case text_string: {
    WEIR_TRY(auto text, in.take_text(h.argument));
    return value{std::string{text}};
  }
  case array:
    return read_list(in, h.argument, depth);
  case table:
    return read_map(in, h.argument, depth);
  case tag: {
    if (h.argument != link_tag)
      return in.wrong("a tag that is not 42");
    WEIR_TRY(auto link, in.take_link());
    return value{std::move(link)};
  }
  default:
    return read_simple(in, h);
  }
}

// ---------------------------------------------------------------- writing

void put_head(bytes& out, std::uint8_t kind, std::uint64_t n) {
  auto lead = static_cast<std::uint8_t>(kind << 5);
  if (n < 24) {
    out.push_back(static_cast<std::uint8_t>(lead | n));
    return;
  }
  int power = n <= 0xff ? 0 : n <= 0xffff ? 1 : n <= 0xffffffff ? 2 : 3;
  out.push_back(static_cast<std::uint8_t>(lead | (24 + power)));
  for (int shift = (8 << power) - 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(n >> shift));
}

void put_raw(bytes& out, std::uint8_t kind, bytes_view data) {
  put_head(out, kind, data.size());
  out.insert(out.end(), data.begin(), data.end());
}

status write_value(bytes& out, const value& v, std::size_t depth);

struct writer {
  bytes& out;
  std::size_t depth;

  status operator()(std::monostate) const { return constant(0xf6); }
  status operator()(bool b) const { return constant(b ? 0xf5 : 0xf4); }
  status operator()(const integer& n) const {
    put_head(out, n.negative ? negative_int : unsigned_int, n.magnitude);
    return {};
  }
  status operator()(double d) const {
    if (!std::isfinite(d))
      return fail(errc::invalid_argument, "DAG-CBOR has no NaN and no infinities.");
    out.push_back(0xfb);
    auto bits = std::bit_cast<std::uint64_t>(d);
    for (int shift = 56; shift >= 0; shift -= 8)
      out.push_back(static_cast<std::uint8_t>(bits >> shift));
    return {};
  }
  status operator()(const std::string& s) const {
    if (!valid_utf8(s))
      return fail(errc::invalid_argument, "DAG-CBOR text is UTF-8.");
    put_raw(out, text_string, as_bytes(s));
    return {};
  }
  status operator()(const bytes& b) const {
    put_raw(out, byte_string, b);
    return {};
  }
  status operator()(const cid& c) const {
    put_head(out, tag, link_tag);
    put_head(out, byte_string, c.data().size() + 1);
    out.push_back(0);
    out.insert(out.end(), c.data().begin(), c.data().end());
    return {};
  }
  status operator()(const list& l) const {
    put_head(out, array, l.size());
    for (const auto& item : l)
      WEIR_CHECK(write_value(out, item, depth + 1));
    return {};
  }
  status operator()(const map& m) const {
    std::vector<const map::value_type*> sorted;
    for (const auto& entry : m)
      sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return key_before(a->first, b->first); });
    put_head(out, table, sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (i > 0 && sorted[i]->first == sorted[i - 1]->first)
        return fail(errc::invalid_argument, "A map has a key twice.", sorted[i]->first);
      WEIR_CHECK((*this)(sorted[i]->first));
      WEIR_CHECK(write_value(out, sorted[i]->second, depth + 1));
    }
    return {};
  }

private:
  status constant(std::uint8_t byte) const {
    out.push_back(byte);
    return {};
  }
};

status write_value(bytes& out, const value& v, std::size_t depth) {
  if (depth > max_depth)
    return fail(errc::too_large, "The value is nested too deeply.", {}, std::to_string(max_depth) + " levels");
  return std::visit(writer{out, depth}, v.is);
}

void collect_links(const value& v, const std::function<void(const cid&)>& found) {
  if (const auto* link = std::get_if<cid>(&v.is))
    found(*link);
  if (const auto* items = std::get_if<list>(&v.is))
    for (const auto& item : *items)
      collect_links(item, found);
  if (const auto* entries = std::get_if<map>(&v.is))
    for (const auto& entry : *entries)
      collect_links(entry.second, found);
}

} // namespace

result<value> decode_dag_cbor(bytes_view data) {
  reader in{data};
  WEIR_TRY(auto v, read_value(in, 0));
  if (!in.done())
    return in.wrong("there is more after the value");
  return v;
}

result<bytes> encode_dag_cbor(const value& v) {
  bytes out;
  WEIR_CHECK(write_value(out, v, 0));
  return out;
}

status dag_cbor_links(bytes_view data, const std::function<void(const cid&)>& found) {
  WEIR_TRY(auto v, decode_dag_cbor(data));
  collect_links(v, found);
  return {};
}

} // namespace weir::ipld
