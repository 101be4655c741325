#include "messages/types/multibase.hpp"

#include <algorithm>
#include <array>

namespace weir {

namespace {

/// How one base writes bytes. `bits` is 0 for the bases that are no power of
/// two: they treat the bytes as one big-endian number.
struct alphabet {
  multibase base;
  unsigned bits;
  std::string_view digits;
};

constexpr alphabet alphabets[] = {
    {multibase::base16, 4, "0123456789abcdef"},
    {multibase::base16_upper, 4, "0123456789ABCDEF"},
    {multibase::base32, 5, "abcdefghijklmnopqrstuvwxyz234567"},
    {multibase::base32_upper, 5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"},
    {multibase::base32hex, 5, "0123456789abcdefghijklmnopqrstuv"},
    {multibase::base32hex_upper, 5, "0123456789ABCDEFGHIJKLMNOPQRSTUV"},
    {multibase::base36, 0, "0123456789abcdefghijklmnopqrstuvwxyz"},
    {multibase::base36_upper, 0, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    {multibase::base58btc, 0, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"},
    {multibase::base64, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"},
    {multibase::base64url, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"},
};

const alphabet* find_alphabet(char prefix) {
  auto it = std::find_if(std::begin(alphabets), std::end(alphabets),
                         [&](const alphabet& a) { return static_cast<char>(a.base) == prefix; });
  return it == std::end(alphabets) ? nullptr : it;
}

constexpr std::uint8_t foreign = 0xff;

std::array<std::uint8_t, 256> values_of(std::string_view digits) {
  std::array<std::uint8_t, 256> values;
  values.fill(foreign);
  for (std::size_t i = 0; i < digits.size(); ++i)
    values[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
  return values;
}

const std::array<std::uint8_t, 256>& values_of(const alphabet& a) {
  static const auto all = [] {
    std::array<std::array<std::uint8_t, 256>, std::size(alphabets)> tables;
    for (std::size_t i = 0; i < std::size(alphabets); ++i)
      tables[i] = values_of(alphabets[i].digits);
    return tables;
  }();
  return all[static_cast<std::size_t>(&a - alphabets)];
}

error bad_character(std::string_view text, std::size_t at) {
  return fail(errc::malformed, "character " + std::to_string(at + 1) + " does not belong to this base",
              std::string{text.substr(0, 128)});
}

std::string encode_bits(const alphabet& a, bytes_view data) {
  std::string out;
  out.reserve((data.size() * 8 + a.bits - 1) / a.bits);
  std::uint32_t buffer = 0;
  unsigned held = 0;
  for (auto byte : data) {
    buffer = buffer << 8 | byte;
    for (held += 8; held >= a.bits;) {
      held -= a.bits;
      out.push_back(a.digits[buffer >> held & (a.digits.size() - 1)]);
    }
  }
  if (held > 0)
    out.push_back(a.digits[buffer << (a.bits - held) & (a.digits.size() - 1)]);
  return out;
}

result<bytes> decode_bits(const alphabet& a, std::string_view text) {
  const auto& values = values_of(a);
  bytes out;
  out.reserve(text.size() * a.bits / 8);
  std::uint32_t buffer = 0;
  unsigned held = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto value = values[static_cast<std::uint8_t>(text[i])];
    if (value == foreign)
      return bad_character(text, i);
    buffer = buffer << a.bits | value;
    held += a.bits;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<std::uint8_t>(buffer >> held));
    }
  }
  // What is left over is padding: less than one character, and all zero.
  if (held >= a.bits)
    return fail(errc::malformed, "text of this length is not possible in this base", std::string{text.substr(0, 128)});
  if ((buffer & ((1u << held) - 1)) != 0)
    return fail(errc::malformed, "the last character has bits that belong to no byte",
                std::string{text.substr(0, 128)});
  return out;
}

std::string encode_number(const alphabet& a, bytes_view data) {
  auto zeros =
      static_cast<std::size_t>(std::find_if(data.begin(), data.end(), [](auto b) { return b != 0; }) - data.begin());
  std::vector<std::uint8_t> digits; // little endian
  for (auto byte : data.subspan(zeros)) {
    std::uint32_t carry = byte;
    for (auto& digit : digits) {
      carry += static_cast<std::uint32_t>(digit) << 8;
      digit = static_cast<std::uint8_t>(carry % a.digits.size());
      carry /= static_cast<std::uint32_t>(a.digits.size());
    }
    for (; carry > 0; carry /= static_cast<std::uint32_t>(a.digits.size()))
      digits.push_back(static_cast<std::uint8_t>(carry % a.digits.size()));
  }
  std::string out(zeros, a.digits[0]);
  for (auto it = digits.rbegin(); it != digits.rend(); ++it)
    out.push_back(a.digits[*it]);
  return out;
}

result<bytes> decode_number(const alphabet& a, std::string_view text) {
  // The work grows with the square of the length.
  if (text.size() > multibase_number_limit)
    return fail(errc::too_large, "text in base 36 or 58 is too long", std::to_string(text.size()),
                std::to_string(multibase_number_limit));
  const auto& values = values_of(a);
  std::size_t zeros = 0;
  while (zeros < text.size() && text[zeros] == a.digits[0])
    ++zeros;
  bytes number; // little endian
  for (std::size_t i = zeros; i < text.size(); ++i) {
    std::uint32_t carry = values[static_cast<std::uint8_t>(text[i])];
    if (carry == foreign)
      return bad_character(text, i);
    for (auto& byte : number) {
      carry += byte * static_cast<std::uint32_t>(a.digits.size());
      byte = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8)
      number.push_back(static_cast<std::uint8_t>(carry));
  }
  bytes out(zeros, 0);
  out.insert(out.end(), number.rbegin(), number.rend());
  return out;
}

} // namespace

std::string base_encode(multibase base, bytes_view data) {
  const auto* a = find_alphabet(static_cast<char>(base));
  if (a == nullptr)
    return {};
  return a->bits == 0 ? encode_number(*a, data) : encode_bits(*a, data);
}

result<bytes> base_decode(multibase base, std::string_view text) {
  const auto* a = find_alphabet(static_cast<char>(base));
  if (a == nullptr)
    return fail(errc::unsupported, "unknown base", std::string(1, static_cast<char>(base)));
  return a->bits == 0 ? decode_number(*a, text) : decode_bits(*a, text);
}

std::string multibase_encode(multibase base, bytes_view data) {
  return static_cast<char>(base) + base_encode(base, data);
}

result<multibase_decoded> multibase_decode(std::string_view text) {
  if (text.empty())
    return fail(errc::malformed, "empty text has no multibase prefix");
  const auto* a = find_alphabet(text[0]);
  if (a == nullptr)
    return fail(errc::malformed, "unknown multibase prefix", std::string{text.substr(0, 1)});
  WEIR_TRY(auto data, base_decode(a->base, text.substr(1)));
  return multibase_decoded{a->base, std::move(data)};
}

} // namespace weir
