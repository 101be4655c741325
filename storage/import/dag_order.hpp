#pragma once
// A CAR whose bytes are those of `ipfs dag export`: depth first, each block
// once, the root first. The root is known last, so the blocks wait in a file
// without a name beside the output: twice the space of the data for a while,
// each source byte read once. Memory: 12 MiB, and about 100 bytes for each
// different block.
#include "storage/car/car_writer.hpp"
#include "storage/import/tree_import.hpp"

namespace weir {

/// Blocks of an import until they are read back, each checked. For one thread.
class spilled_blocks : public block_sink, public block_source {
public:
  /// In `folder`; nothing is left of it whatever happens. errc::disk_full, errc::io.
  static result<std::unique_ptr<spilled_blocks>> create(const std::filesystem::path& folder);
  ~spilled_blocks() override;
  /// After the last `put`, before the first `get`.
  status finish();
  std::uint64_t count() const;
  std::uint64_t bytes_held() const;

private:
  struct state;
  explicit spilled_blocks(std::unique_ptr<state> s);
  status write(const cid& id, bytes_view block) override;
  status read(const cid& id, bytes& out) override;
  result<std::uint64_t> measure(const cid& id) override;

  std::unique_ptr<state> state_;
};

/// The DAG below `root` into a new file, and its commP on the way. The file is
/// durable, its name is not; on an error it is removed. `go_on` is asked after
/// every block, with the bytes so far.
result<built_car> export_car(const cid& root, block_source& source, const std::filesystem::path& car,
                             const std::function<status(std::uint64_t)>& go_on = {});

} // namespace weir
