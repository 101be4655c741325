#pragma once
// Amounts of attoFIL as arbitrary signed integers. On chain: a sign byte and
// a big-endian magnitude of at most 127 bytes; in JSON a decimal string.
#include "messages/types/bytes.hpp"
#include "messages/types/result.hpp"

#include <compare>

namespace weir {

class token_amount {
public:
  token_amount() = default;
  explicit token_amount(std::uint64_t atto);

  /// An integer of attoFIL: decimal digits with an optional '-', at most 310 of them.
  static result<token_amount> parse(std::string_view decimal);
  /// "<decimal> FIL" (at most 18 places), "<integer> attoFIL", or a bare integer of attoFIL; the space may be left out.
  static result<token_amount> parse_fil(std::string_view text);
  /// Chain form: empty is zero, else 00/01 and the magnitude without leading zeros.
  static result<token_amount> from_chain(bytes_view data);
  bytes to_chain() const;

  bool zero() const { return magnitude_.empty(); }
  bool negative() const { return negative_; }

  friend token_amount operator+(const token_amount& a, const token_amount& b);
  friend token_amount operator-(const token_amount& a, const token_amount& b);
  friend token_amount operator*(const token_amount& a, const token_amount& b);
  /// Rounds towards zero; `divisor` is not 0.
  token_amount divided_by(std::uint64_t divisor) const;
  token_amount operator-() const;

  friend bool operator==(const token_amount&, const token_amount&) = default;
  friend std::strong_ordering operator<=>(const token_amount& a, const token_amount& b);

  /// Integer of attoFIL.
  std::string decimal() const;
  /// "1.25 FIL" for people: exact, without trailing zeros.
  std::string fil() const;

private:
  void trim();
  bool negative_ = false;
  std::vector<std::uint32_t> magnitude_; // little endian limbs, no leading zero limb
};

std::string to_string(const token_amount& a);

} // namespace weir
