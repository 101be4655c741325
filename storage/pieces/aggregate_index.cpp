#include "storage/hash/digest.hpp"
#include "storage/pieces/aggregate.hpp"

#include <algorithm>
#include <numeric>

namespace weir {

namespace {

constexpr std::uint64_t least_entries = 4;
constexpr std::uint64_t bytes_per_entry = 2048 * 64; ///< one entry for so much of the aggregate
constexpr std::size_t checksum_at = 48;

void put_u64(std::uint8_t* to, std::uint64_t value) {
  for (int i = 0; i < 8; ++i)
    to[i] = static_cast<std::uint8_t>(value >> 8 * i);
}

std::uint64_t get_u64(const std::uint8_t* from) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i)
    value |= std::uint64_t{from[i]} << 8 * i;
  return value;
}

} // namespace

std::uint64_t index_capacity(std::uint64_t padded_size) {
  return std::max(least_entries, padded_size / bytes_per_entry);
}

std::uint64_t index_offset(std::uint64_t padded_size) {
  auto index = index_capacity(padded_size) * index_entry_size;
  return padded_size > index ? padded_size - index : 0;
}

std::array<std::uint8_t, index_entry_size> index_entry(const data_segment& s) {
  std::array<std::uint8_t, index_entry_size> out{};
  std::copy(s.root.begin(), s.root.end(), out.begin());
  put_u64(out.data() + 32, s.offset);
  put_u64(out.data() + 40, s.size);
  auto checksum = sha2_256(out);
  checksum[15] &= 0x3f;
  std::copy_n(checksum.begin(), 16, out.begin() + checksum_at);
  return out;
}

std::optional<data_segment> parse_index_entry(std::span<const std::uint8_t, index_entry_size> entry) {
  data_segment s;
  std::copy_n(entry.begin(), 32, s.root.begin());
  s.offset = get_u64(entry.data() + 32);
  s.size = get_u64(entry.data() + 40);
  if (!valid_piece_size(s.size) || s.offset % s.size != 0 || (s.root[31] & 0xc0) != 0)
    return std::nullopt;
  auto right = index_entry(s);
  if (!std::equal(right.begin(), right.end(), entry.begin()))
    return std::nullopt;
  return s;
}

std::vector<data_segment> parse_index(bytes_view unpadded_index, std::uint64_t padded_size) {
  std::vector<data_segment> out;
  auto end = index_offset(padded_size);
  std::array<std::uint8_t, quad_padded> quad;
  for (; unpadded_index.size() >= quad_payload; unpadded_index = unpadded_index.subspan(quad_payload)) {
    commp::fr32_pad(unpadded_index.data(), quad.data());
    auto both = std::span<const std::uint8_t, quad_padded>{quad};
    for (auto entry : {both.first<index_entry_size>(), both.last<index_entry_size>()})
      if (auto s = parse_index_entry(entry); s && s->offset < end && s->size <= end - s->offset)
        out.push_back(*s);
  }
  return out;
}

result<aggregate_layout> lay_out_aggregate(std::span<const std::uint64_t> sizes, std::uint64_t least,
                                           std::uint64_t most) {
  if (!valid_piece_size(least) || !valid_piece_size(most))
    return fail(errc::invalid_argument, "the bounds of an aggregate are powers of two of at least 128 bytes");
  aggregate_layout out{least, std::vector<std::uint64_t>(sizes.size())};
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return sizes[a] > sizes[b]; });
  // Powers of two, largest first: each offset is a multiple of the size.
  std::uint64_t end = 0;
  for (auto i : order) {
    if (!valid_piece_size(sizes[i]))
      return fail(errc::invalid_argument, "no piece has this size", std::to_string(sizes[i]));
    out.offsets[i] = end;
    end += sizes[i];
    if (end > most)
      break;
  }
  auto fits = [&](std::uint64_t padded) {
    return end <= index_offset(padded) && sizes.size() <= index_capacity(padded);
  };
  while (out.padded_size <= most && !fits(out.padded_size))
    out.padded_size *= 2;
  if (out.padded_size > most)
    return fail(errc::too_large, "the segments and their index do not fit into one piece", std::to_string(end),
                std::to_string(most));
  return out;
}

} // namespace weir
