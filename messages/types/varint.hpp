#pragma once
// Unsigned LEB128 as multiformats has it: at most 9 bytes (63 bits) there,
// at most 10 (64 bits) elsewhere; the shortest form only.
#include "messages/types/bytes.hpp"

#include <cstddef>
#include <optional>

namespace weir {

/// Appends the shortest encoding of `value`.
template <class Container>
void put_varint(Container& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<typename Container::value_type>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<typename Container::value_type>(value));
}

inline std::size_t varint_size(std::uint64_t value) {
  std::size_t n = 1;
  for (; value >= 0x80; value >>= 7)
    ++n;
  return n;
}

/// Reads one varint from the front of `in` and removes it. Nothing when it is
/// cut short, longer than `max_bytes`, over 64 bits, or not the shortest form.
inline std::optional<std::uint64_t> take_varint(bytes_view& in, std::size_t max_bytes = 10) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < in.size() && i < max_bytes; ++i) {
    std::uint64_t byte = in[i];
    if (i == 9 && byte > 1)
      return std::nullopt;
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      if (byte == 0 && i > 0)
        return std::nullopt;
      in = in.subspan(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

/// The multiformats limit.
inline constexpr std::size_t multiformats_varint_max = 9;

} // namespace weir
