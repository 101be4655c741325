#pragma once
// A secret key as people hand it over: 64 hexadecimal digits, or what
// `lotus wallet export` prints (hexadecimal of a JSON object with Type
// "secp256k1" and the key in base64). The text never appears in an error.
#include "storage/filecoin/keys.hpp"

namespace weir {

result<filecoin::secret_key> parse_secret(std::string_view text);

/// As `lotus wallet export` prints it.
std::string secret_text(const filecoin::secret_key& key);

} // namespace weir
