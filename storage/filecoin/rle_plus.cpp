#include "storage/filecoin/rle_plus.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace weir::filecoin {

namespace {

// Bits are numbered from the least significant one of each byte. A header of
// two version bits (00) and the value of the first run, then runs of
// alternating values: 1 is a run of one; 01 and 4 bits one of 2 to 15; 00 and
// a varint any other. Zeros at the end are left out.
constexpr unsigned short_bits = 4;
constexpr std::uint64_t short_limit = 1u << short_bits;

class bit_writer {
public:
  void put(std::uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i, ++used_) {
      if (used_ % 8 == 0)
        out_.push_back(0);
      out_.back() |= static_cast<std::uint8_t>((value >> i & 1) << used_ % 8);
    }
  }
  void run(std::uint64_t length) {
    if (length == 1) {
      put(1, 1);
    } else if (length < short_limit) {
      put(0b10, 2);
      put(length, short_bits);
    } else {
      put(0b00, 2);
      for (; length >= 0x80; length >>= 7)
        put((length & 0x7f) | 0x80, 8);
      put(length, 8);
    }
  }
  bytes take() {
    while (!out_.empty() && out_.back() == 0)
      out_.pop_back();
    return std::move(out_);
  }

private:
  bytes out_;
  std::size_t used_ = 0;
};

class bit_reader {
public:
  explicit bit_reader(bytes_view data) : data_{data}, end_{data.size() * 8 - std::countl_zero(data.back())} {}
  bool at_end() const { return at_ >= end_; }
  std::uint64_t take(unsigned count) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i, ++at_)
      if (at_ < end_)
        value |= std::uint64_t{data_[at_ / 8] >> at_ % 8 & 1u} << i;
    return value;
  }
  /// Nothing when it is not in its only form.
  std::optional<std::uint64_t> run() {
    if (take(1) == 1)
      return 1;
    if (take(1) == 1) {
      auto length = take(short_bits);
      return length > 1 ? std::optional{length} : std::nullopt;
    }
    std::uint64_t length = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      auto byte = take(8);
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80)
        return length >= short_limit && (byte != 0 || shift == 0) ? std::optional{length} : std::nullopt;
    }
    return std::nullopt;
  }

private:
  bytes_view data_;
  std::size_t end_, at_ = 0;
};

error malformed(bytes_view data) {
  return fail(errc::malformed, "not an RLE+ bit field", to_hex(data.first(std::min<std::size_t>(data.size(), 64))));
}

} // namespace

bytes encode_rle_plus(const std::vector<std::uint64_t>& set_bits) {
  if (set_bits.empty())
    return {};
  bit_writer out;
  out.put(0, 2);
  out.put(set_bits[0] == 0 ? 1 : 0, 1);
  if (set_bits[0] != 0)
    out.run(set_bits[0]);
  for (std::size_t i = 0; i < set_bits.size();) {
    std::size_t first = i++;
    while (i < set_bits.size() && set_bits[i] == set_bits[i - 1] + 1)
      ++i;
    out.run(i - first);
    if (i < set_bits.size())
      out.run(set_bits[i] - set_bits[i - 1] - 1);
  }
  return out.take();
}

result<std::vector<std::uint64_t>> decode_rle_plus(bytes_view data, std::size_t max_set) {
  std::vector<std::uint64_t> out;
  if (data.empty())
    return out;
  if (data.back() == 0)
    return malformed(data);
  bit_reader in{data};
  if (in.take(2) != 0)
    return malformed(data);
  bool set = in.take(1) == 1;
  for (std::uint64_t at = 0; !in.at_end(); set = !set) {
    auto length = in.run();
    if (!length || *length > (std::uint64_t{1} << 63) - 1 - at)
      return malformed(data);
    if (set && *length > max_set - out.size())
      return fail(errc::too_large, "a bit field has too many bits set", {}, std::to_string(max_set));
    for (std::uint64_t i = 0; set && i < *length; ++i)
      out.push_back(at + i);
    at += *length;
  }
  return out;
}

} // namespace weir::filecoin
