#include "storage/blocks/verified_set.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace weir {

verified_set::verified_set(std::size_t capacity)
    : size_{std::bit_ceil(std::max<std::size_t>(capacity, 1))}, prints_{new std::atomic<std::uint64_t>[size_]()} {}

verified_set::mark verified_set::mark_of(bytes_view multihash, std::uint64_t place) const {
  // The end of a digest is as random as can be; short multihashes are mixed.
  std::uint64_t words[2];
  if (multihash.size() < 32) {
    words[0] = std::hash<std::string_view>{}(as_text(multihash));
    words[1] = words[0] * 0x9e3779b97f4a7c15;
  } else {
    std::memcpy(words, multihash.data() + multihash.size() - sizeof words, sizeof words);
  }
  return {words[0] & (size_ - 1), (words[1] ^ place * 0x9e3779b97f4a7c15) | 1};
}

bool verified_set::contains(const cid& id, std::uint64_t place) const {
  auto [slot, print] = mark_of(id.multihash(), place);
  return prints_[slot].load(std::memory_order_relaxed) == print;
}

void verified_set::insert(const cid& id, std::uint64_t place) {
  auto [slot, print] = mark_of(id.multihash(), place);
  prints_[slot].store(print, std::memory_order_relaxed);
}

void verified_set::erase(bytes_view multihash, std::uint64_t place) {
  auto [slot, print] = mark_of(multihash, place);
  prints_[slot].compare_exchange_strong(print, 0, std::memory_order_relaxed);
}

} // namespace weir
