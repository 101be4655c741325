#pragma once
// Keys of tables: tuples of parts whose bytes sort as the parts do.
//
//   number  = 8 bytes, big endian
//   string  = its bytes; where another part follows, 00 becomes 00 FF and
//             00 01 ends it
//
// Strings, ids, CIDs and addresses are strings here. A key of one part is
// thus its plain bytes: the id's text, the CID's binary form.
#include "messages/types/address.hpp"
#include "messages/types/bytes.hpp"
#include "messages/types/cid.hpp"
#include "messages/types/strong.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace weir::records {

/// Longest encoded key, bytes.
inline constexpr std::size_t max_key_size = 1024;

namespace detail {

/// Appends `text` so that it sorts right with anything behind it.
inline void put_escaped(std::string& out, std::string_view text) {
  for (char c : text) {
    out.push_back(c);
    if (c == '\0')
      out.push_back('\xff');
  }
  out.append("\0\x01", 2);
}

inline std::optional<std::string> take_escaped(std::string_view& in) {
  std::string text;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (in[i] != '\0') {
      text.push_back(in[i]);
      continue;
    }
    if (++i == in.size() || (in[i] != '\x01' && in[i] != '\xff'))
      return std::nullopt;
    if (in[i] == '\x01') {
      in.remove_prefix(i + 1);
      return text;
    }
    text.push_back('\0');
  }
  return std::nullopt;
}

inline void put_big_endian(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift));
}

inline std::optional<std::uint64_t> take_big_endian(std::string_view& in) {
  if (in.size() < 8)
    return std::nullopt;
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i)
    value = value << 8 | static_cast<std::uint8_t>(in[i]);
  in.remove_prefix(8);
  return value;
}

inline std::string_view key_text(const std::string& s) {
  return s;
}
template <class Tag>
std::string_view key_text(const strong<Tag, std::string>& s) {
  return s.value;
}
inline std::string_view key_text(const cid& c) {
  return as_text(c.data());
}
inline std::string_view key_text(const address& a) {
  return as_text(a.data());
}

inline bool key_from(std::string_view text, std::string& out) {
  out = text;
  return true;
}
template <class Tag>
bool key_from(std::string_view text, strong<Tag, std::string>& out) {
  out.value = text;
  return true;
}
template <class T>
requires std::same_as<T, cid> || std::same_as<T, address>
bool key_from(std::string_view text, T& out) {
  if (text.empty()) { // as in records: none
    out = T{};
    return true;
  }
  auto parsed = T::from_bytes(as_bytes(text));
  if (parsed)
    out = *std::move(parsed);
  return parsed.ok();
}

template <class T>
void put_part(std::string& out, const T& part, bool last) {
  if constexpr (std::unsigned_integral<T>)
    put_big_endian(out, part);
  else if (last)
    out.append(key_text(part));
  else
    put_escaped(out, key_text(part));
}

template <class T>
bool take_part(std::string_view& in, T& part, bool last) {
  if constexpr (std::unsigned_integral<T>) {
    auto value = take_big_endian(in);
    part = static_cast<T>(value.value_or(0));
    return value && part == *value;
  } else if (last) {
    auto text = std::exchange(in, {});
    return key_from(text, part);
  } else {
    auto text = take_escaped(in);
    return text && key_from(*text, part);
  }
}

} // namespace detail

/// The whole key.
template <class... Parts>
std::string encode_key(const std::tuple<Parts...>& key) {
  std::string out;
  std::size_t left = sizeof...(Parts);
  std::apply([&](auto&... part) { (detail::put_part(out, part, --left == 0), ...); }, key);
  return out;
}
template <class Part>
std::string encode_key(const Part& key) {
  std::string out;
  detail::put_part(out, key, true);
  return out;
}

/// What all keys begin with whose first parts are these.
template <class... Parts>
std::string encode_prefix(const Parts&... parts) {
  std::string out;
  (detail::put_part(out, parts, false), ...);
  return out;
}

template <class Key>
struct key_decoder {
  static std::optional<Key> decode(std::string_view in) {
    Key key{};
    return detail::take_part(in, key, true) && in.empty() ? std::optional{std::move(key)} : std::nullopt;
  }
};
template <class... Parts>
struct key_decoder<std::tuple<Parts...>> {
  static std::optional<std::tuple<Parts...>> decode(std::string_view in) {
    std::tuple<Parts...> key;
    std::size_t left = sizeof...(Parts);
    bool good = std::apply([&](auto&... part) { return (detail::take_part(in, part, --left == 0) && ...); }, key);
    return good && in.empty() ? std::optional{std::move(key)} : std::nullopt;
  }
};

/// Nothing when the bytes are not such a key.
template <class Key>
std::optional<Key> decode_key(std::string_view in) {
  return key_decoder<Key>::decode(in);
}

/// For error messages: readable keys as they are, others in hexadecimal.
std::string printable_key(std::string_view key);

} // namespace weir::records
