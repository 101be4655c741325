#pragma once
// Writes a CAR as a stream: header first, then a frame for each block that is
// put, in that order. Holds no block and remembers none.
#include "storage/blocks/block_io.hpp"

#include <functional>

namespace weir {

/// Takes the bytes in order; its error stops the writer.
using byte_sink = std::function<status(bytes_view)>;

/// Where a block lies in a CAR, in bytes from the start of the file.
struct car_position {
  std::uint64_t frame = 0;  ///< of the frame's length
  std::uint64_t offset = 0; ///< of the block itself
  std::uint64_t size = 0;   ///< of the block
};

class car_writer : public block_sink {
public:
  explicit car_writer(byte_sink out) : out_{std::move(out)} {}

  /// First of all, and once.
  status start(const std::vector<cid>& roots);

  /// As `put`, and says where the block went. Unlike `put` it writes identity
  /// blocks too: Kubo's export does when one is a root.
  status append(const cid& id, bytes_view block, car_position* where = nullptr);

  /// Bytes and blocks written so far.
  std::uint64_t size() const { return size_; }
  std::uint64_t blocks() const { return blocks_; }

private:
  status write(const cid& id, bytes_view block) override { return append(id, block); }
  status emit(bytes_view data);

  byte_sink out_;
  bytes prefix_;
  std::uint64_t size_ = 0, blocks_ = 0;
};

/// The whole DAG below `root` as `ipfs dag export` writes it: depth first,
/// each block once.
status write_car(const cid& root, block_source& source, car_writer& out);

/// What `write_car` would write, before it does: only blocks that can have
/// links are read.
struct car_size {
  std::uint64_t bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t block_bytes = 0;
};
result<car_size> measure_car(const cid& root, block_source& source);

} // namespace weir
