// The two sorted indexes of CAR version 2. Numbers are little-endian.
//
//   sorted:           varint 0x0400 | u32 buckets | bucket…
//   multihash sorted: varint 0x0401 | u32 hash functions | (u64 code | u32 buckets | bucket…)…
//   bucket:           u32 width | u64 bytes | (digest | u64 offset)…, width is that of one entry
#include "storage/car/car_v2.hpp"

#include "messages/types/varint.hpp"

#include <algorithm>
#include <tuple>

namespace weir {

namespace {

constexpr std::size_t offset_size = 8;

void put_number(bytes& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i)
    out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

/// The end of the run of entries that are like the first.
template <class It, class Like>
It run_end(It first, It last, Like like) {
  return std::find_if(first, last, [&](const car_index_entry& e) { return !like(*first, e); });
}

bool same_width(const car_index_entry& a, const car_index_entry& b) {
  return a.digest.size() == b.digest.size();
}
bool same_hash(const car_index_entry& a, const car_index_entry& b) {
  return a.hash == b.hash;
}

using entry_iterator = std::vector<car_index_entry>::const_iterator;

void put_buckets(bytes& out, entry_iterator first, entry_iterator last) {
  std::uint32_t buckets = 0;
  for (auto it = first; it != last; it = run_end(it, last, same_width))
    ++buckets;
  put_number(out, buckets, 4);
  while (first != last) {
    auto end = run_end(first, last, same_width);
    auto width = first->digest.size() + offset_size;
    put_number(out, width, 4);
    put_number(out, width * static_cast<std::uint64_t>(end - first), 8);
    for (; first != end; ++first) {
      out.insert(out.end(), first->digest.begin(), first->digest.end());
      put_number(out, first->offset, 8);
    }
  }
}

error bad_index(std::string why) {
  return fail(errc::malformed, "not an index of a CAR: " + std::move(why));
}

class index_reader {
public:
  explicit index_reader(bytes_view in) : in_{in} {}

  result<decoded_car_index> read() {
    auto format = take_varint(in_, multiformats_varint_max);
    if (!format)
      return bad_index("it does not say of which format it is");
    if (*format == static_cast<std::uint64_t>(car_index_format::sorted)) {
      WEIR_CHECK(buckets(0));
    } else if (*format == static_cast<std::uint64_t>(car_index_format::multihash_sorted)) {
      WEIR_CHECK(hashes());
    } else {
      return fail(errc::unsupported, "this format of index is not read here", std::to_string(*format));
    }
    if (!in_.empty())
      return bad_index("something follows it");
    out_.format = static_cast<car_index_format>(*format);
    return std::move(out_);
  }

private:
  result<std::uint64_t> number(std::size_t size) {
    if (in_.size() < size)
      return bad_index("it is cut short");
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;)
      value = value << 8 | in_[i];
    in_ = in_.subspan(size);
    return value;
  }

  status hashes() {
    WEIR_TRY(auto count, number(4));
    for (std::optional<std::uint64_t> before; count > 0; --count) {
      WEIR_TRY(auto code, number(8));
      if (before && code <= *before)
        return bad_index("its hash functions are not sorted");
      before = code;
      WEIR_CHECK(buckets(code));
    }
    return {};
  }

  status buckets(std::uint64_t hash) {
    WEIR_TRY(auto count, number(4));
    for (std::uint64_t before = 0; count > 0; --count) {
      WEIR_TRY(auto width, number(4));
      WEIR_TRY(auto size, number(8));
      if (width < offset_size || width > offset_size + max_digest_size || width <= before)
        return bad_index("a width is not that of an entry, or not sorted");
      if (size > in_.size() || size % width != 0)
        return bad_index("a bucket is longer than the index");
      before = width;
      WEIR_CHECK(entries(hash, width, in_.first(size)));
      in_ = in_.subspan(size);
    }
    return {};
  }

  status entries(std::uint64_t hash, std::size_t width, bytes_view data) {
    bytes_view before;
    for (; !data.empty(); data = data.subspan(width)) {
      auto digest = data.first(width - offset_size);
      if (std::lexicographical_compare(digest.begin(), digest.end(), before.begin(), before.end()))
        return bad_index("its digests are not sorted");
      before = digest;
      std::uint64_t offset = 0;
      for (std::size_t i = width; i-- > width - offset_size;)
        offset = offset << 8 | data[i];
      out_.entries.push_back({hash, to_bytes(digest), offset});
    }
    return {};
  }

  bytes_view in_;
  decoded_car_index out_;
};

} // namespace

bytes encode_car_index(car_index_format format, std::vector<car_index_entry> entries) {
  const bool by_hash = format == car_index_format::multihash_sorted;
  std::sort(entries.begin(), entries.end(), [&](const car_index_entry& a, const car_index_entry& b) {
    if (by_hash && a.hash != b.hash)
      return a.hash < b.hash;
    if (a.digest.size() != b.digest.size())
      return a.digest.size() < b.digest.size();
    return std::tie(a.digest, a.offset) < std::tie(b.digest, b.offset);
  });
  bytes out;
  put_varint(out, static_cast<std::uint64_t>(format));
  const entry_iterator last = entries.end();
  if (!by_hash) {
    put_buckets(out, entries.begin(), last);
    return out;
  }
  std::uint32_t hashes = 0;
  for (entry_iterator it = entries.begin(); it != last; it = run_end(it, last, same_hash))
    ++hashes;
  put_number(out, hashes, 4);
  for (entry_iterator it = entries.begin(); it != last;) {
    auto end = run_end(it, last, same_hash);
    put_number(out, it->hash, 8);
    put_buckets(out, it, end);
    it = end;
  }
  return out;
}

result<decoded_car_index> decode_car_index(bytes_view data) {
  return index_reader{data}.read();
}

} // namespace weir
