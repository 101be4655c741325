#pragma once
// Owned and borrowed byte strings, and their hexadecimal text.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

using bytes = std::vector<std::uint8_t>;
using bytes_view = std::span<const std::uint8_t>;

inline bytes_view as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(bytes_view data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}
inline bytes to_bytes(bytes_view data) {
  return {data.begin(), data.end()};
}

/// Lower-case hexadecimal.
std::string to_hex(bytes_view data);

/// Accepts both cases; nothing on an odd length or a foreign character.
std::optional<bytes> from_hex(std::string_view text);

} // namespace weir
