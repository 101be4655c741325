#include "storage/blocks/memory_blocks.hpp"

#include "storage/hash/block_cid.hpp"

namespace weir {

bytes* memory_blocks::find(const cid& id) {
  auto it = blocks_.find(key(id));
  return it == blocks_.end() ? nullptr : &it->second;
}

status memory_blocks::read(const cid& id, bytes& out) {
  const auto* block = find(id);
  if (block == nullptr)
    return block_not_found(id);
  WEIR_CHECK(verify_block(id, *block));
  out.assign(block->begin(), block->end());
  return {};
}

status memory_blocks::write(const cid& id, bytes_view block) {
  blocks_.try_emplace(key(id), block.begin(), block.end());
  return {};
}

} // namespace weir
