#include "messages/types/token_amount.hpp"

#include <algorithm>

namespace weir {

namespace {

using limbs = std::vector<std::uint32_t>;

constexpr std::size_t max_digits = 310;
constexpr std::size_t max_magnitude = 127; ///< bytes, on chain
constexpr std::size_t fil_digits = 18;     ///< 1 FIL = 10^18 attoFIL

std::strong_ordering compare(const limbs& a, const limbs& b) {
  if (a.size() != b.size())
    return a.size() <=> b.size();
  for (std::size_t i = a.size(); i-- > 0;)
    if (a[i] != b[i])
      return a[i] <=> b[i];
  return std::strong_ordering::equal;
}

limbs sum(const limbs& a, const limbs& b) {
  limbs out;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry != 0; ++i) {
    carry += (i < a.size() ? a[i] : 0ULL) + (i < b.size() ? b[i] : 0ULL);
    out.push_back(static_cast<std::uint32_t>(carry));
    carry >>= 32;
  }
  return out;
}

/// `a` is not smaller than `b`.
limbs difference(const limbs& a, const limbs& b) {
  limbs out;
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t x = std::uint64_t{a[i]} - (i < b.size() ? b[i] : 0ULL) - borrow;
    out.push_back(static_cast<std::uint32_t>(x));
    borrow = x >> 63;
  }
  return out;
}

limbs product(const limbs& a, const limbs& b) {
  limbs out(a.size() + b.size(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      carry += std::uint64_t{a[i]} * b[j] + out[i + j];
      out[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    out[i + b.size()] = static_cast<std::uint32_t>(carry);
  }
  return out;
}

/// Divides in place by a single limb and returns the remainder.
std::uint32_t divide(limbs& a, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    rest = rest << 32 | a[i];
    a[i] = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  while (!a.empty() && a.back() == 0)
    a.pop_back();
  return static_cast<std::uint32_t>(rest);
}

void multiply_add(limbs& a, std::uint32_t factor, std::uint32_t addend) {
  std::uint64_t carry = addend;
  for (auto& limb : a) {
    carry += std::uint64_t{limb} * factor;
    limb = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  if (carry != 0)
    a.push_back(static_cast<std::uint32_t>(carry));
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

error not_an_amount(std::string_view text) {
  return fail(errc::malformed, "not an amount: use \"1.5 FIL\", \"20 attoFIL\" or an integer of attoFIL",
              std::string{text.substr(0, max_digits)});
}

/// "<decimal> FIL" without its unit to the digits of attoFIL; empty when it is not one.
std::string fil_to_atto(std::string_view text) {
  bool negative = text.starts_with('-');
  text.remove_prefix(negative ? 1 : 0);
  auto dot = text.find('.');
  auto whole = text.substr(0, dot);
  auto fraction = dot == std::string_view::npos ? std::string_view{"0"} : text.substr(dot + 1);
  if (!all_digits(whole) || !all_digits(fraction) || fraction.size() > fil_digits)
    return {};
  auto out = std::string{negative ? "-" : ""}.append(whole).append(fraction);
  return out.append(fil_digits - fraction.size(), '0');
}

} // namespace

token_amount::token_amount(std::uint64_t atto)
    : magnitude_{static_cast<std::uint32_t>(atto), static_cast<std::uint32_t>(atto >> 32)} {
  trim();
}

void token_amount::trim() {
  while (!magnitude_.empty() && magnitude_.back() == 0)
    magnitude_.pop_back();
  if (magnitude_.empty())
    negative_ = false;
}

result<token_amount> token_amount::parse(std::string_view decimal) {
  auto digits = decimal.starts_with('-') ? decimal.substr(1) : decimal;
  if (!all_digits(digits))
    return not_an_amount(decimal);
  if (digits.size() > max_digits)
    return fail(errc::too_large, "an amount has too many digits", std::to_string(digits.size()),
                std::to_string(max_digits));
  token_amount out;
  for (char c : digits)
    multiply_add(out.magnitude_, 10, static_cast<std::uint32_t>(c - '0'));
  out.negative_ = decimal.starts_with('-');
  out.trim();
  return out;
}

result<token_amount> token_amount::parse_fil(std::string_view text) {
  auto without = [](std::string_view t, std::string_view unit) {
    t.remove_suffix(unit.size());
    return t.ends_with(' ') ? t.substr(0, t.size() - 1) : t;
  };
  if (text.ends_with("attoFIL"))
    return parse(without(text, "attoFIL"));
  if (!text.ends_with("FIL"))
    return parse(text);
  auto digits = fil_to_atto(without(text, "FIL"));
  if (digits.empty())
    return not_an_amount(text);
  return parse(digits);
}

result<token_amount> token_amount::from_chain(bytes_view data) {
  token_amount out;
  if (data.empty())
    return out;
  if (data[0] > 1 || data.size() < 2 || data[1] == 0)
    return fail(errc::malformed, "not a chain integer: wrong sign byte or leading zeros",
                to_hex(data.first(std::min(data.size(), max_magnitude))));
  auto magnitude = data.subspan(1);
  if (magnitude.size() > max_magnitude)
    return fail(errc::too_large, "a chain integer has too many bytes", std::to_string(magnitude.size()),
                std::to_string(max_magnitude));
  out.magnitude_.resize((magnitude.size() + 3) / 4);
  for (std::size_t i = 0; i < magnitude.size(); ++i)
    out.magnitude_[i / 4] |= std::uint32_t{magnitude[magnitude.size() - 1 - i]} << (i % 4 * 8);
  out.negative_ = data[0] == 1;
  return out;
}

bytes token_amount::to_chain() const {
  if (zero())
    return {};
  bytes out{static_cast<std::uint8_t>(negative_)};
  for (std::size_t i = magnitude_.size() * 4; i-- > 0;) {
    auto byte = static_cast<std::uint8_t>(magnitude_[i / 4] >> (i % 4 * 8));
    if (byte != 0 || out.size() > 1)
      out.push_back(byte);
  }
  return out;
}

token_amount operator+(const token_amount& a, const token_amount& b) {
  token_amount out;
  if (a.negative_ == b.negative_) {
    out.magnitude_ = sum(a.magnitude_, b.magnitude_);
    out.negative_ = a.negative_;
  } else {
    bool a_larger = compare(a.magnitude_, b.magnitude_) >= 0;
    const auto& large = a_larger ? a : b;
    out.magnitude_ = difference(large.magnitude_, (a_larger ? b : a).magnitude_);
    out.negative_ = large.negative_;
  }
  out.trim();
  return out;
}

token_amount operator-(const token_amount& a, const token_amount& b) {
  return a + -b;
}

token_amount operator*(const token_amount& a, const token_amount& b) {
  token_amount out;
  out.magnitude_ = product(a.magnitude_, b.magnitude_);
  out.negative_ = a.negative_ != b.negative_;
  out.trim();
  return out;
}

token_amount token_amount::divided_by(std::uint64_t divisor) const {
  token_amount out;
  out.magnitude_.resize(magnitude_.size());
  unsigned __int128 rest = 0;
  for (std::size_t i = magnitude_.size(); i-- > 0;) {
    rest = rest << 32 | magnitude_[i];
    out.magnitude_[i] = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  out.negative_ = negative_;
  out.trim();
  return out;
}

token_amount token_amount::operator-() const {
  auto out = *this;
  out.negative_ = !negative_ && !zero();
  return out;
}

std::strong_ordering operator<=>(const token_amount& a, const token_amount& b) {
  if (a.negative_ != b.negative_)
    return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.negative_ ? compare(b.magnitude_, a.magnitude_) : compare(a.magnitude_, b.magnitude_);
}

std::string token_amount::decimal() const {
  if (zero())
    return "0";
  std::string out;
  for (auto rest = magnitude_; !rest.empty();) {
    auto nine_digits = std::to_string(divide(rest, 1'000'000'000));
    if (!rest.empty())
      nine_digits.insert(0, 9 - nine_digits.size(), '0');
    out.insert(0, nine_digits);
  }
  return negative_ ? "-" + out : out;
}

std::string token_amount::fil() const {
  auto digits = (negative_ ? -*this : *this).decimal();
  if (digits.size() <= fil_digits)
    digits.insert(0, fil_digits + 1 - digits.size(), '0');
  digits.insert(digits.size() - fil_digits, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.'))
    digits.pop_back();
  return (negative_ ? "-" : "") + digits + " FIL";
}

std::string to_string(const token_amount& a) {
  return a.decimal();
}

} // namespace weir
