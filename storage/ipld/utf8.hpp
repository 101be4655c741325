#pragma once
// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, at most U+10FFFF.
#include <cstdint>
#include <string_view>

namespace weir::ipld {

inline bool valid_utf8(std::string_view text) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto* end = p + text.size();
  while (p != end) {
    std::uint8_t lead = *p++;
    if (lead < 0x80)
      continue;
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || end - p < more)
      return false;
    std::uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    std::uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (*p < low || *p > high)
      return false;
    for (++p; more > 1; --more, ++p)
      if ((*p & 0xc0) != 0x80)
        return false;
  }
  return true;
}

} // namespace weir::ipld
