#pragma once
// Where one open read takes its blocks from: a small cache of fetched blocks,
// the loose store, piece files. What is in none of them is remembered as
// missing, so that the retriever can fetch it and try again.
#include "actors/pieces/piece_source.hpp"
#include "messages/actors/content.hpp"
#include "storage/blocks/block_store.hpp"

#include <list>
#include <unordered_map>

namespace weir {

/// Blocks by their multihash, the longest unused forgotten first.
class block_cache {
public:
  explicit block_cache(std::size_t limit) : limit_{limit} {}
  void put(const cid& id, bytes block);
  bool get(const cid& id, bytes& out);

private:
  struct entry {
    std::string key;
    bytes block;
  };
  std::size_t limit_, size_ = 0;
  std::list<entry> order_; ///< the newest first
  std::unordered_map<std::string, std::list<entry>::iterator> index_;
};

class read_source : public block_source {
public:
  read_source(block_cache& cache, block_store& loose, piece_source& pieces, read_from from)
      : cache_{cache}, loose_{loose}, pieces_{pieces}, from_{from} {}

  /// The block that the last read lacked; empty when it lacked none.
  const cid& missing() const { return missing_; }
  /// It was here, but damaged.
  bool damaged() const { return damaged_; }
  void reset() {
    missing_ = {};
    damaged_ = false;
  }

private:
  status read(const cid& id, bytes& out) override;

  block_cache& cache_;
  block_store& loose_;
  piece_source& pieces_;
  read_from from_;
  cid missing_;
  bool damaged_ = false;
};

} // namespace weir
