#include "messages/types/ids.hpp"

#include "messages/types/bytes.hpp"

#include <array>
#include <cstdlib>
#include <sys/random.h>

namespace weir {

std::string make_uuid() {
  std::array<std::uint8_t, 16> raw{};
  if (getentropy(raw.data(), raw.size()) != 0)
    std::abort(); // no entropy: nothing that follows would be safe
  raw[6] = static_cast<std::uint8_t>((raw[6] & 0x0f) | 0x40);
  raw[8] = static_cast<std::uint8_t>((raw[8] & 0x3f) | 0x80);
  auto hex = to_hex(raw);
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-'
         + hex.substr(20);
}

} // namespace weir
