#pragma once
// Packs that belong to the store itself: CARs in its folder `.packs`, named
// own-N.car. Large imports are written into them, and what is left of mostly
// dead ones (internal to storage/blocks).
#include "storage/blocks/block_store_state.hpp"
#include "storage/blocks/own_pack_file.hpp"

#include <unordered_set>

namespace weir {

/// Where a pack ends and the next one begins: bounds the memory of a writer
/// and the work of a compaction.
inline constexpr std::uint64_t most_of_own_pack = 1ull << 30; ///< bytes
inline constexpr std::size_t most_blocks_of_own_pack = 1 << 18;

/// Collects blocks in packs of the store's own. They can be read once their
/// pack is full, or they are committed.
class block_store::pack_writer_impl : public block_writer {
public:
  explicit pack_writer_impl(state& s) : state_{s} {}

  status commit() override;
  std::uint64_t new_blocks() const override { return new_blocks_; }
  std::uint64_t new_bytes() const override { return new_bytes_; }

private:
  status write(const cid& id, bytes_view block) override;
  status append(const cid& id, bytes_view block);

  state& state_;
  std::unique_ptr<own_pack_file> out_;
  std::unordered_set<std::string> taken_; ///< by the open pack
  status failed_;
  std::uint64_t new_blocks_ = 0, new_bytes_ = 0;
};

} // namespace weir
