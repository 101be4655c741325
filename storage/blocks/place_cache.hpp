#pragma once
// The places of blocks that were asked for lately, by multihash, in a table of
// fixed size: a newer one takes the place of an older one. Only SHA-256 and
// other hashes of 32 bytes in one place are kept. Safe to use from several threads.
#include "storage/blocks/pack_index.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>

namespace weir {

class place_cache {
public:
  /// Entries of 72 bytes, a power of two.
  static constexpr std::size_t entries = 1 << 17;

  std::optional<pack_place> find(bytes_view multihash) const;
  /// Take it before the index is read, give it to `insert`: what the index
  /// said before a change is then not kept.
  std::uint64_t generation() const { return generation_.load(); }
  void insert(bytes_view multihash, const pack_place& place, std::uint64_t generation);
  /// The index has changed.
  void clear();

private:
  static constexpr std::size_t key_size = 34, stripes = 64; ///< code, length and digest
  struct entry {
    std::array<std::uint8_t, key_size> key{};
    pack_place place;
    std::uint64_t generation = 0; ///< older than the cache's: not there
  };
  static std::size_t slot_of(bytes_view multihash);

  std::atomic<std::uint64_t> generation_{1};
  mutable std::array<std::mutex, stripes> mutexes_;
  /// Zeros, which the system hands out page by page when they are first used.
  std::unique_ptr<entry[], void (*)(void*)> table_{static_cast<entry*>(std::calloc(entries, sizeof(entry))), std::free};
};

} // namespace weir
