#pragma once
// Multibase text (https://github.com/multiformats/multibase): a prefix
// character and the bytes in that base. Strict: non-zero trailing bits,
// foreign characters and wrong lengths are refused.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

namespace weir {

/// The value is the prefix character.
enum class multibase : char {
  base16 = 'f',
  base16_upper = 'F',
  base32 = 'b',
  base32_upper = 'B',
  base32hex = 'v',
  base32hex_upper = 'V',
  base36 = 'k',
  base36_upper = 'K',
  base58btc = 'z',
  base64 = 'm',
  base64url = 'u',
};

/// Longest text in base 36 or 58 (their work is quadratic); the others have no limit.
inline constexpr std::size_t multibase_number_limit = 1024;

/// With the prefix.
std::string multibase_encode(multibase base, bytes_view data);

struct multibase_decoded {
  multibase base;
  bytes data;
};
result<multibase_decoded> multibase_decode(std::string_view text);

/// Without a prefix.
std::string base_encode(multibase base, bytes_view data);
result<bytes> base_decode(multibase base, std::string_view text);

} // namespace weir
