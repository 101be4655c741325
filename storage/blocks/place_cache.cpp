#include "storage/blocks/place_cache.hpp"

#include <algorithm>
#include <cstring>

namespace weir {

/// The end of a digest is as random as can be.
std::size_t place_cache::slot_of(bytes_view multihash) {
  std::uint64_t word;
  std::memcpy(&word, multihash.data() + multihash.size() - sizeof word, sizeof word);
  return word & (entries - 1);
}

std::optional<pack_place> place_cache::find(bytes_view multihash) const {
  if (multihash.size() != key_size)
    return std::nullopt;
  const auto slot = slot_of(multihash);
  std::lock_guard lock{mutexes_[slot % stripes]};
  const auto& e = table_[slot];
  if (e.generation != generation_.load() || !std::equal(e.key.begin(), e.key.end(), multihash.begin()))
    return std::nullopt;
  return e.place;
}

void place_cache::insert(bytes_view multihash, const pack_place& place, std::uint64_t generation) {
  if (multihash.size() != key_size)
    return;
  const auto slot = slot_of(multihash);
  std::lock_guard lock{mutexes_[slot % stripes]};
  auto& e = table_[slot];
  std::copy(multihash.begin(), multihash.end(), e.key.begin());
  e.place = place;
  e.generation = generation;
}

void place_cache::clear() {
  ++generation_;
}

} // namespace weir
