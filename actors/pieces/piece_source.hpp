#pragma once
// Blocks out of the piece files that are here, through the local index; every
// block is checked against its CID. For one thread at a time.
#include "actors/pieces/block_index.hpp"
#include "storage/blocks/block_io.hpp"

#include <filesystem>

namespace weir {

class piece_source : public block_source {
public:
  piece_source(std::shared_ptr<records::record_store> records, std::filesystem::path folder)
      : index_{std::move(records)}, folder_{std::move(folder)} {}

private:
  status read(const cid& id, bytes& out) override;

  block_index index_;
  std::filesystem::path folder_;
};

} // namespace weir
