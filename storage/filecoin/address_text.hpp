#pragma once
// Addresses as text: a letter for the network, the protocol's digit, the
// payload and a BLAKE2b checksum. Source:
// https://spec.filecoin.io/appendix/address/ and FIP-0048 (f4).
#include "messages/types/address.hpp"

namespace weir::filecoin {

/// The letter says nothing about which chain it is; it is a warning to people.
enum class network_letter : char { main = 'f', test = 't' };

/// Strict: lower case, the only base32 form, right checksum, no leading zeros
/// in an id. Both letters are read, as Lotus does. errc::malformed otherwise.
result<address> parse_address(std::string_view text);

/// The empty address gives "<empty>", as Lotus prints it.
std::string to_text(const address& a, network_letter letter = network_letter::main);

} // namespace weir::filecoin
