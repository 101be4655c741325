#pragma once
// Padded base64 (RFC 4648 section 4): what JSON-RPC, HTTP fields and webhooks carry bytes in.
// Without padding and for base64url: multibase.hpp.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

namespace weir {

std::string base64_encode(bytes_view data);
/// Strict: padding, no foreign characters, no non-zero trailing bits; else errc::malformed.
result<bytes> base64_decode(std::string_view text);

} // namespace weir
