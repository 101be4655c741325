#pragma once
// Blocks go straight into a CAR on disk, in the order in which they are made,
// and its commP is known when the last one is: each byte is touched once. The
// header comes first in the file and its root last in time: its place is left
// free, and filled in file and commitment at the end.
//
// A block that was put before is not written again. Memory: 4 MiB of
// buffers, 8 more for each worker, and about 60 bytes for each different block.
#include "storage/blocks/block_io.hpp"
#include "storage/import/leaf_places.hpp"
#include "storage/pieces/commp.hpp"

#include <filesystem>
#include <memory>

namespace weir {

struct built_car {
  cid root;
  std::uint64_t size = 0;   ///< bytes of the file
  std::uint64_t blocks = 0; ///< different ones
  commitment commp;
};

class car_builder : public block_sink, public leaf_places {
public:
  /// Makes `path` anew; `root_like` has the form (version and hash) that the
  /// root will have. errc::disk_full, errc::io.
  /// The commitment is computed by `workers` threads, the caller's included; 0: one for each processor.
  static result<std::unique_ptr<car_builder>> create(const std::filesystem::path& path, const cid& root_like,
                                                     unsigned workers = 0);
  /// Without `finish` the file is removed.
  ~car_builder() override;

  /// The file is durable, its name is not (`name_piece_file`). A root that is
  /// inlined in its CID gets a frame too, as in Kubo's exports. A root of
  /// another length than was said costs one more pass over the file.
  result<built_car> finish(const cid& root);

  std::size_t places(std::size_t size, std::span<std::uint8_t*> out) override;

  /// Bytes so far.
  std::uint64_t size() const;

private:
  struct state;
  explicit car_builder(std::unique_ptr<state> s);
  status write(const cid& id, bytes_view block) override;
  status write_again(bytes_view header);

  std::unique_ptr<state> state_;
};

} // namespace weir
