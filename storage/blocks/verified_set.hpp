#pragma once
// Remembers which blocks this process has checked, in a table of fixed size:
// a newer block takes the place of an older one, which is then checked again.
// Safe to use from several threads.
#include "messages/types/cid.hpp"

#include <atomic>
#include <memory>

namespace weir {

class verified_set {
public:
  /// 8 bytes each, rounded up to a power of two.
  explicit verified_set(std::size_t capacity);

  /// `place` tells copies of one block apart: each is checked. 0 is the loose one.
  bool contains(const cid& id, std::uint64_t place = 0) const;
  void insert(const cid& id, std::uint64_t place = 0);
  void erase(bytes_view multihash, std::uint64_t place = 0);

private:
  struct mark {
    std::size_t slot;
    std::uint64_t print; ///< never 0
  };
  mark mark_of(bytes_view multihash, std::uint64_t place) const;

  std::size_t size_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> prints_;
};

} // namespace weir
