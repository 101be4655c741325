#include "storage/filecoin/address_text.hpp"

#include "messages/types/multibase.hpp"
#include "storage/filecoin/chain_hash.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace weir::filecoin {

namespace {

constexpr std::size_t checksum_size = 4;
using checksum = std::array<std::uint8_t, checksum_size>;
constexpr std::size_t max_text = 160; ///< an f4 with a namespace of 19 digits and 54 bytes is shorter

checksum checksum_of(bytes_view binary) {
  checksum out;
  blake2b(out, binary);
  return out;
}

error refused(std::string_view text, const char* why) {
  return fail(errc::malformed, std::string{"not a Filecoin address: "} + why, std::string{text.substr(0, max_text)});
}

/// A decimal without sign or leading zeros, at most the largest int64.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || text[0] == '-' || (text[0] == '0' && text.size() > 1))
    return std::nullopt;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

/// Binary form from what stands before the base32 part and that part.
result<address> with_checksum(std::string_view whole, bytes head, std::string_view base32) {
  auto tail = base_decode(multibase::base32, base32);
  if (!tail)
    return refused(whole, "its base32 part is not canonical lower case");
  if (tail->size() < checksum_size)
    return refused(whole, "it is too short");
  head.insert(head.end(), tail->begin(), tail->end() - checksum_size);
  if (!std::equal(tail->end() - checksum_size, tail->end(), checksum_of(head).begin()))
    return refused(whole, "its checksum does not match, so it has a typing error");
  return address::from_bytes(head);
}

result<address> parse_delegated(std::string_view whole, std::string_view rest) {
  auto letter = rest.find('f');
  if (letter == std::string_view::npos)
    return refused(whole, "a delegated one needs a namespace and an 'f'");
  auto space = parse_number(rest.substr(0, letter));
  if (!space)
    return refused(whole, "its namespace is not a number");
  bytes head{static_cast<std::uint8_t>(address::protocol::delegated)};
  put_varint(head, *space);
  return with_checksum(whole, std::move(head), rest.substr(letter + 1));
}

} // namespace

result<address> parse_address(std::string_view text) {
  if (text.size() < 3 || text.size() > max_text)
    return refused(text, "it is too short or too long");
  if (text[0] != static_cast<char>(network_letter::main) && text[0] != static_cast<char>(network_letter::test))
    return refused(text, "it starts with neither f nor t");
  auto rest = text.substr(2);
  switch (text[1]) {
  case '0':
    if (auto id = parse_number(rest))
      return address::from_id(*id);
    return refused(text, "its id is not a number");
  case '1':
  case '2':
  case '3':
    return with_checksum(text, {static_cast<std::uint8_t>(text[1] - '0')}, rest);
  case '4':
    return parse_delegated(text, rest);
  default:
    return refused(text, "its protocol is unknown");
  }
}

std::string to_text(const address& a, network_letter letter) {
  if (a.empty())
    return "<empty>";
  std::string out{static_cast<char>(letter), static_cast<char>('0' + static_cast<int>(a.kind()))};
  if (a.kind() == address::protocol::id)
    return out + std::to_string(a.id());
  auto payload = a.payload();
  if (a.kind() == address::protocol::delegated)
    out += std::to_string(take_varint(payload).value_or(0)) + 'f';
  auto tail = to_bytes(payload);
  auto check = checksum_of(a.data());
  tail.insert(tail.end(), check.begin(), check.end());
  return out + base_encode(multibase::base32, tail);
}

} // namespace weir::filecoin
