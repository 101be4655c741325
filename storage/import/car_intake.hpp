#pragma once
// A CAR from anyone becomes a file or a folder of ours: every block is checked
// against its CID as it arrives, and nothing is taken for granted about the
// rest: one root, every block of its DAG in the CAR, a UnixFS tree that can be
// read. Memory: one block, and about 50 bytes for each different block.
#include "storage/car/car_parser.hpp"

#include <unordered_set>

namespace weir {

struct taken_car {
  cid root;
  std::uint64_t size = 0;     ///< bytes of its files
  std::uint64_t dag_size = 0; ///< bytes of the blocks of its DAG, each counted once
  std::uint64_t blocks = 0, files = 0;
};

class car_intake {
public:
  explicit car_intake(block_sink& sink);

  /// Errors: those of `car_parser` and of the sink.
  status feed(bytes_view data);
  /// The end. `blocks` gives back what went into the sink. errc::malformed:
  /// cut short, not one root, a block of the DAG that is missing, no UnixFS.
  result<taken_car> finish(block_source& blocks);

private:
  using key = std::pair<std::uint64_t, std::uint64_t>; ///< of the digest
  struct key_hash {
    std::size_t operator()(const key& k) const { return k.first ^ k.second; }
  };
  static key key_of(const cid& id);
  status measure(block_source& blocks, taken_car& out) const;

  std::unordered_set<key, key_hash> seen_;
  car_parser parser_;
};

} // namespace weir
