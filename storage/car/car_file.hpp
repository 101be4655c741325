#pragma once
// A CAR in a file, of version 1 or 2: read through once, indexed, and its blocks
// read one by one. All offsets are those of the file.
#include "storage/car/car_parser.hpp"
#include "storage/support/file.hpp"

#include <filesystem>

namespace weir {

/// Reads the whole file in pieces of 1 MiB. Besides the parser's errors:
/// errc::not_found, errc::io. `interrupted` is asked between the pieces;
/// errc::cancelled when it says so.
struct car_summary {
  std::vector<cid> roots;
  std::uint64_t blocks = 0;
  std::uint64_t payload_size = 0; ///< without the zeros at the end
};
result<car_summary> read_car(const std::filesystem::path& path, const car_parser::on_block& visit,
                             const car_limits& limits = {}, const std::function<bool()>& interrupted = {});

/// Only the CAR version 1 at `where`; positions are those of the file.
result<car_summary> read_car_at(const std::filesystem::path& path, const car_payload& where,
                                const car_parser::on_block& visit, const car_limits& limits = {},
                                const std::function<bool()>& interrupted = {});

/// One entry for each frame, in the order of the file, identity blocks left
/// out. Memory: about 100 bytes a block.
struct car_entry {
  cid id;
  std::uint64_t offset = 0; ///< of the block, not of its frame
  std::uint64_t size = 0;
};
struct car_index {
  std::vector<cid> roots;
  std::vector<car_entry> entries;
};
/// With `verify` every block is hashed; without, only lengths and CIDs are read.
result<car_index> index_car(const std::filesystem::path& path, bool verify, const car_limits& limits = {});

/// From frame to frame without reading the blocks between, in flat memory:
/// every frame, identity blocks too. The roots.
result<std::vector<cid>> scan_car(const std::filesystem::path& path, const car_payload& where,
                                  const std::function<status(const car_entry&)>& visit, const car_limits& limits = {});

/// The blocks of a CAR by CID, each checked whenever it is read.
class car_file : public block_source {
public:
  /// Indexes the file, without checking its blocks yet.
  static result<std::unique_ptr<car_file>> open(const std::filesystem::path& path, const car_limits& limits = {});
  ~car_file() override;

  const std::vector<cid>& roots() const { return roots_; }
  std::size_t count() const;

private:
  car_file(std::filesystem::path path, file_descriptor fd, car_index index);
  status read(const cid& id, bytes& out) override;
  result<std::uint64_t> measure(const cid& id) override;

  struct position_map;
  std::filesystem::path path_;
  file_descriptor fd_;
  std::vector<cid> roots_;
  std::unique_ptr<position_map> positions_;
};

} // namespace weir
