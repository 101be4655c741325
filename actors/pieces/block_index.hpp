#pragma once
// Where each block of our pieces lies: (multihash, piece) → offset and length
// in the unpadded piece. A local table: lets one block be read from a piece
// file, or from a provider by range. Thread-safe. Survives a restart, and the
// piece file's removal.
#include "storage/records/store.hpp"

#include <memory>
#include <vector>

namespace weir {

struct block_place {
  cid piece;
  std::uint64_t offset = 0; ///< of the block's own bytes
  std::uint64_t length = 0;
};

class block_index {
public:
  explicit block_index(std::shared_ptr<records::record_store> records) : records_{std::move(records)} {}

  struct entry {
    cid block;
    std::uint64_t offset = 0, length = 0;
  };
  /// Durable when it returns.
  status add(const cid& piece, const std::vector<entry>& entries);
  /// The rows of a piece that nobody needs go; looks through the whole table,
  /// but only when the piece has rows. Again after a crash.
  status remove(const cid& piece);
  /// Every piece that has the block.
  result<std::vector<block_place>> find(const cid& block) const;

private:
  std::shared_ptr<records::record_store> records_;
};

} // namespace weir
